import { namespace, networkPolicy, node, pod } from './estate.ts'
import { check } from './table.ts'

// The five levels, and what network plugins make of one and the same policy. Facts: the profiles' own sources.

const WEB =
  node('n1', '10.0.0.1') + node('n2', '10.0.0.2') + namespace('default') + pod('web', { ip: '10.244.0.5', node: 'n1' })
const closed = WEB + networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
const INTERNET = '203.0.114.9:443'
const PING = '203.0.114.9:8/icmp'

check('enforced', closed, 'web', INTERNET, 'denied enforced')
check('enforced, too: nothing stops it', WEB, 'web', INTERNET, 'allowed enforced')
check('undefined', closed, 'web', PING, 'unknown undefined')
for (const cni of ['flannel', 'azure-cni', 'gke-netd', 'kubenet']) {
  check('no plugin, no policy', closed, 'web', INTERNET, 'allowed not-enforced', cni)
  check('in any protocol', closed, 'web', PING, 'allowed', cni)
  check('without a policy nothing is missing', WEB, 'web', INTERNET, 'allowed enforced', cni)
}
check('a plugin that nobody knows', closed, 'web', INTERNET, 'unknown unknown', 'unknown')
check('a plugin that nobody knows, and no policy', WEB, 'web', INTERNET, 'allowed enforced', 'unknown')

// A plugin shows itself in the estate.
const daemon = (name: string, container: string, image: string): string => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}, namespace: kube-system}
spec:
  selector: {matchLabels: {d: ${name}}}
  template: {metadata: {labels: {d: ${name}}}, spec: {hostNetwork: true, containers: [{name: ${container}, image: "${image}"}]}}
`
check(
  'flannel’s own DaemonSet',
  closed + daemon('kube-flannel-ds', 'kube-flannel', 'docker.io/flannel/flannel:v0.26.1'),
  'web',
  INTERNET,
  'allowed not-enforced',
)
check(
  'Calico’s own DaemonSet',
  closed + daemon('calico-node', 'calico-node', 'docker.io/calico/node:v3.30.0'),
  'web',
  PING,
  'denied enforced',
)
check(
  '--cni goes before it',
  closed + daemon('calico-node', 'calico-node', 'docker.io/calico/node:v3.30.0'),
  'web',
  INTERNET,
  'allowed not-enforced',
  'flannel',
)

// Same YAML, another plugin.
for (const cni of ['calico-iptables', 'cilium', 'aws-vpc-cni'])
  check('ICMP of an isolated pod', closed, 'web', PING, 'denied', cni)
const toNode = 'c/-/Node/n1:10250'
check('to the own node', closed, 'web', toNode, 'allowed')
check('to the own node', closed, 'web', toNode, 'allowed', 'aws-vpc-cni')
check('to the own node', closed, 'web', toNode, 'denied', 'calico-iptables')
check('to the own node', closed, 'web', toNode, 'denied', 'cilium')
check('to another node', closed, 'web', 'c/-/Node/n2:10250', 'denied')

// Nodes on which nothing is enforced.
const placed = (kind: string, labels: string): string =>
  `
---
apiVersion: v1
kind: Node
metadata: {name: ${kind}, labels: {${labels}}}
status: {addresses: [{type: InternalIP, address: 10.0.0.9}]}
` +
  namespace('default') +
  pod('web', { ip: '10.244.0.5', node: kind }) +
  networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
const windows = placed('win', 'kubernetes.io/os: windows')
check('Windows, where the plugin is for Linux only', windows, 'web', INTERNET, 'allowed not-enforced', 'aws-vpc-cni')
check('Windows, where the plugin covers it', windows, 'web', INTERNET, 'denied enforced', 'calico-iptables')
const fargate = placed('fargate-ip-10-0-0-9', 'eks.amazonaws.com/compute-type: fargate')
check('Fargate', fargate, 'web', INTERNET, 'allowed not-enforced', 'aws-vpc-cni')

// Other dialects.
const foreign = (apiVersion: string, kind: string, spec: string): string => `
---
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: p, namespace: default}
spec: ${spec}
`
const cilium = foreign('cilium.io/v2', 'CiliumNetworkPolicy', '{endpointSelector: {}, egress: [{}]}')
check(
  'a policy of another plugin is a piece of paper',
  WEB + cilium,
  'web',
  INTERNET,
  'allowed not-enforced',
  'calico-iptables',
)
check('on its own plugin it holds', WEB + cilium, 'web', INTERNET, 'denied', 'cilium')

// Service translation.
const SERVICE = `
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: default}
spec: {clusterIP: 10.96.0.20, clusterIPs: [10.96.0.20], selector: {app: api}, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}
`
const api = WEB + SERVICE + pod('api', { ip: '10.244.0.8', node: 'n2' })
const toPods =
  api +
  networkPolicy(
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: api}}}], ports: [{port: 8080}]}]}',
  )
const toClusterIp =
  api +
  networkPolicy(
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.20/32}}]}]}',
  )
check('policy sees the endpoint', toPods, 'web', 'svc:api:80', 'allowed', 'calico-iptables')
check('and not the address of the Service', toClusterIp, 'web', 'svc:api:80', 'denied', 'calico-iptables')
check('which of the two the specification leaves open', toClusterIp, 'web', 'svc:api:80', 'unknown')
check(
  'a question about the address is one about the Service',
  toPods,
  'web',
  '10.96.0.20:80',
  'allowed',
  'calico-iptables',
)
check('a port that the Service has not is no way anywhere', toPods, 'web', '10.96.0.20:81', 'unknown')
