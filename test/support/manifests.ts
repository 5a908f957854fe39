/** Small manifests for tests that run whole command lines; each says what it is for. */

const metadata = (name: string, namespace: string, more = ''): string =>
  `metadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels: {app: ${name}, owner: team-a}\n${more}`

/** One high finding: a user's workload on the host network. */
export const hostNetworkPod = (name = 'agent', namespace = 'shop'): string => `apiVersion: v1
kind: Pod
${metadata(name, namespace)}spec:
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  serviceAccountName: ${name}
  containers:
  - name: main
    image: registry.example/agent:1
`

export const deployment = (name = 'web', namespace = 'shop', spec = ''): string => `apiVersion: apps/v1
kind: Deployment
${metadata(name, namespace)}spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}, owner: team-a}
    spec:
      serviceAccountName: ${name}
${spec}      containers:
      - name: main
        image: registry.example/${name}:1
`

export const namespace = (name: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels: {owner: team-a, kubernetes.io/metadata.name: ${name}}\n`

export const nodePort = (name = 'edge', inNamespace = 'shop'): string => `apiVersion: v1
kind: Service
${metadata(name, inNamespace)}spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, nodePort: 30080}]
`

export const documents = (...texts: readonly string[]): string => texts.join('---\n')
