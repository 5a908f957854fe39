import { namespace, networkPolicy, node, pod } from './estate.ts'
import { check } from './table.ts'

// Ways around a policy, as far as policy itself decides them.

const BASE = node('n1', '10.0.0.1') + node('n2', '10.0.0.2') + namespace('default')
const INTERNET = '203.0.114.9:443'
const closed = networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
const WEB = pod('web', { ip: '10.244.0.5', node: 'n1' })

// The host network.
const agent = pod('agent', { ip: '10.0.0.2', node: 'n2', host: true })
for (const cni of ['calico-iptables', 'cilium', 'aws-vpc-cni', 'specification'])
  check('a pod on the host network leaves as its node', BASE + agent + closed, 'agent', INTERNET, 'allowed', cni)
check('metadata, too', BASE + agent + closed, 'agent', '169.254.169.254:80', 'allowed')
const mixed = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: both, namespace: default}
spec:
  selector: {matchLabels: {app: both}}
  template: {metadata: {labels: {app: both}}, spec: {containers: [{name: c, image: x}]}}
`
check('a template without pods counts as if it had one', BASE + mixed + closed, 'both', INTERNET, 'denied')

// Services.
const service = (spec: string, name = 'out'): string => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: ${spec}
`
const endpoints = (ip: string): string => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: out-1, namespace: default, labels: {kubernetes.io/service-name: out}}
addressType: IPv4
endpoints: [{addresses: [${ip}]}]
ports: [{port: 443, protocol: TCP}]
`
const outside =
  service('{clusterIP: 10.96.0.30, clusterIPs: [10.96.0.30], ports: [{port: 443, protocol: TCP}]}') +
  endpoints('203.0.114.9')
check('a Service without selector leads outside', BASE + WEB + outside, 'web', 'svc:out:443', 'allowed')
check(
  'where policy sees the endpoint it holds',
  BASE + WEB + outside + closed,
  'web',
  'svc:out:443',
  'denied',
  'calico-iptables',
)
const onlyCluster = networkPolicy(
  '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}]}',
)
check(
  'a block of Services opens nothing there',
  BASE + WEB + outside + onlyCluster,
  'web',
  'svc:out:443',
  'denied',
  'calico-iptables',
)
check(
  'a Service without anything behind it takes nothing',
  BASE +
    WEB +
    service(
      '{clusterIP: 10.96.0.31, clusterIPs: [10.96.0.31], selector: {app: nobody}, ports: [{port: 80, protocol: TCP}]}',
    ),
  'web',
  'svc:out:80',
  'denied',
)
const behindHost = service(
  '{clusterIP: 10.96.0.32, clusterIPs: [10.96.0.32], selector: {app: agent}, ports: [{port: 80, targetPort: 9100, protocol: TCP}]}',
)
check(
  'behind a Service may stand a node',
  BASE + WEB + agent + behindHost + closed,
  'web',
  'svc:out:80',
  'denied',
  'calico-iptables',
)
const external = service(
  '{clusterIP: 10.96.0.33, clusterIPs: [10.96.0.33], externalIPs: [203.0.114.77], selector: {app: web}, ports: [{port: 80, protocol: TCP}]}',
)
check(
  'an external IP is the Service’s own address',
  BASE + WEB + pod('db', { ip: '10.244.0.6' }) + external,
  'db',
  '203.0.114.77:80',
  'allowed',
)

// A headless Service is a name and nothing else: no port is translated.
const headless = service('{clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: 8080, protocol: TCP}]}')
const to8080 = networkPolicy(
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 8080}]}]}',
)
const behindName = BASE + WEB + pod('db', { ip: '10.244.0.6' }) + headless + to8080
check('headless: the port that was asked arrives', behindName, 'web', 'svc:out:80', 'denied', 'calico-iptables')
check('headless: any port may be asked', behindName, 'web', 'svc:out:8080', 'allowed', 'calico-iptables')

// An ExternalName is another name for a name.
const alias = service('{type: ExternalName, externalName: api.example.com}')
check('ExternalName: the question about its name', BASE + WEB + alias, 'web', 'svc:out:443', 'allowed')
check('ExternalName: closed as its name is', BASE + WEB + alias + closed, 'web', 'svc:out:443', 'denied')

// Where policy is asked before translation, rules about pods open the Services in front of them, under conditions.
const front = service(
  '{clusterIP: 10.96.0.34, clusterIPs: [10.96.0.34], selector: {app: db}, ports: [{port: 8080, targetPort: 8080, protocol: TCP}]}',
)
check(
  'a rule about pods and their Service',
  BASE + WEB + pod('db', { ip: '10.244.0.6' }) + front + to8080,
  'web',
  'svc:out:8080',
  'allowed',
  'calico-iptables',
)
check(
  'a rule about pods and their Service',
  BASE + WEB + pod('db', { ip: '10.244.0.6' }) + front + to8080,
  'web',
  'svc:out:8080',
  'unknown',
  'aws-vpc-cni',
)

// Names.
const pinned = `
---
apiVersion: v1
kind: Pod
metadata: {name: pinned, namespace: default, labels: {app: pinned}}
spec:
  hostAliases: [{ip: 203.0.114.7, hostnames: [api.example.com]}]
  containers: [{name: c, image: x}]
status: {podIP: 10.244.0.9, podIPs: [{ip: 10.244.0.9}], phase: Running}
`
const toPinned = networkPolicy(
  '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.112.0/22}}]}]}',
)
check('a pinned name is its address', BASE + pinned + toPinned, 'pinned', 'api.example.com:443', 'allowed')
check('another name may be any address', BASE + pinned + toPinned, 'pinned', 'www.example.com:443', 'unknown unknown')
check('where the internet is closed no name helps', BASE + WEB + closed, 'web', 'www.example.com:443', 'denied')
check('where it is open every name is', BASE + WEB, 'web', 'www.example.com:443', 'allowed')
check(
  'the cluster’s names are its Services',
  BASE + WEB + outside + closed,
  'web',
  'out.default.svc.cluster.local:443',
  'denied',
  'calico-iptables',
)
check(
  'a name outside that looks like one is none',
  BASE + WEB + outside + closed,
  'web',
  'out.default.svc.example.com:443',
  'denied',
)

// Resolvers that speak in other words.
const dns = networkPolicy(
  '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53}]}]}',
)
check('a rule for port 53 to anywhere is a way out', BASE + WEB + dns, 'web', '203.0.114.9:53/udp', 'allowed')
check('DNS over TLS is not in it', BASE + WEB + dns, 'web', '203.0.114.9:853', 'denied')
check('nor DNS over HTTPS', BASE + WEB + dns, 'web', INTERNET, 'denied')
