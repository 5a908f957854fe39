import {
  clusterwidePolicy as clusterwide,
  namespace,
  networkPolicy,
  node,
  pod,
  ciliumPolicy as policy,
} from './estate.ts'
import { check } from './table.ts'

// cilium.io/v2, as docs.cilium.io, "Network Policy", and pkg/policy/api say it.

/** The agent's image and settings, by which policies are read. */
const agent = (version: string, settings = ''): string => `
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cilium, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: cilium}}
  template:
    metadata: {labels: {k8s-app: cilium}}
    spec: {hostNetwork: true, containers: [{name: agent, image: "quay.io/cilium/cilium:v${version}"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cilium-config, namespace: kube-system}
data: {cluster-name: default, cluster-id: "0"${settings}}
`
const NODES = node('n1', '10.0.0.1', 'zone: a') + node('n2', '10.0.0.2', 'zone: b')
const PODS =
  namespace('default', 'team: web') +
  namespace('shop', 'team: shop') +
  pod('web', { ip: '10.244.0.5', node: 'n1' }) +
  pod('db', { ip: '10.244.0.6', node: 'n2', ports: [{ name: 'sql', port: 5432 }] }) +
  pod('cart', { namespace: 'shop', ip: '10.244.0.7', node: 'n2' })
const ESTATE = NODES + PODS + agent('1.18.2')
const INTERNET = '203.0.114.9:443'

const WEB = 'endpointSelector: {matchLabels: {app: web}}'
const web = (rest: string): string => ESTATE + policy(`{${WEB}, ${rest}}`)
const closed = networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
const open = networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{}]}')

// Isolation.
check('`egress: - {}` denies all', web('egress: [{}]'), 'web', INTERNET, 'denied')
check('in NetworkPolicy the same text allows all', ESTATE + open, 'web', INTERNET, 'allowed')
check('`egress: []` leaves the direction alone', web('egress: [], ingress: [{}]'), 'web', INTERNET, 'allowed')
check('all sections empty: rejected', web('egress: []'), 'web', INTERNET, 'allowed')
check('rules of one direction leave the other alone', web('egress: [{}]'), 'db', 'web:80', 'allowed')
check('deny rules alone close the direction, too', web('egressDeny: [{toEntities: [host]}]'), 'web', INTERNET, 'denied')
const noDefault = (more: string): string => web(`enableDefaultDeny: {egress: false}, ${more}`)
check(
  'unless enableDefaultDeny is off',
  noDefault('egressDeny: [{toCIDR: [198.18.0.0/15]}]'),
  'web',
  INTERNET,
  'allowed',
)
check(
  'what it denies stays denied',
  noDefault('egressDeny: [{toCIDR: [198.18.0.0/15]}]'),
  'web',
  '198.18.0.1:80',
  'denied',
)
check('ICMP is closed, too', web('egress: [{}]'), 'web', '203.0.114.9:8/icmp', 'denied')

// Deny before allow, across kinds.
const DENY = 'egressDeny: [{toCIDR: [203.0.112.0/22]}]'
check('deny beats allow in one policy', web(`egress: [{toEntities: [world]}], ${DENY}`), 'web', INTERNET, 'denied')
check(
  'of a clusterwide policy',
  web('egress: [{toEntities: [world]}]') + clusterwide(`{endpointSelector: {}, ${DENY}}`),
  'web',
  INTERNET,
  'denied',
)
check('over NetworkPolicy', web(DENY) + open, 'web', INTERNET, 'denied')
check(
  'an allow of NetworkPolicy opens what Cilium’s rules close',
  web('egress: [{}]') + open,
  'web',
  INTERNET,
  'allowed',
)
check(
  'an allow of Cilium opens what NetworkPolicy closes',
  web('egress: [{toEntities: [world]}]') + closed,
  'web',
  INTERNET,
  'allowed',
)
check(
  'allows add up over policies',
  web('egress: [{}]') + policy(`{${WEB}, egress: [{toEntities: [world]}]}`, 'q'),
  'web',
  INTERNET,
  'allowed',
)

// Blocks.
const hole = web('egress: [{toCIDRSet: [{cidr: 203.0.112.0/22, except: [203.0.114.0/24]}]}]')
check('an exception is a hole', hole, 'web', INTERNET, 'denied')
check('around it', hole, 'web', '203.0.115.1:443', 'allowed')
check(
  'that another rule may fill',
  hole + policy(`{${WEB}, egress: [{toCIDR: [203.0.114.0/28]}]}`, 'q'),
  'web',
  INTERNET,
  'allowed',
)
check(
  'another item of the list, too',
  web('egress: [{toCIDRSet: [{cidr: 203.0.112.0/22, except: [203.0.114.0/24]}, {cidr: 203.0.114.9/32}]}]'),
  'web',
  INTERNET,
  'allowed',
)
const block = 'egress: [{toCIDR: [10.0.0.0/8]}]'
check('a block selects no pods', web(block), 'web', 'db:5432', 'denied')
check('and no nodes', web(block), 'web', 'c/-/Node/n2:10250', 'denied')
const matching = (mode: string): string =>
  NODES + PODS + agent('1.18.2', `, policy-cidr-match-mode: "${mode}"`) + policy(`{${WEB}, ${block}}`)
check('policy-cidr-match-mode: nodes', matching('nodes'), 'web', 'c/-/Node/n2:10250', 'allowed')
check('and pods are not meant', matching('nodes'), 'web', 'db:5432', 'denied')
check('policy-cidr-match-mode: pods', matching('pods'), 'web', 'db:5432', 'allowed')
check('0.0.0.0/0 is IPv4', web('egress: [{toCIDR: [0.0.0.0/0]}]'), 'web', '[2606:4700::1]:443', 'denied')

// Entities.
const entity = (name: string): string => web(`egress: [{toEntities: [${name}]}]`)
check('world is outside', entity('world'), 'web', INTERNET, 'allowed')
check('of both families', entity('world'), 'web', '[2606:4700::1]:443', 'allowed')
check('and no pod', entity('world'), 'web', 'db:5432', 'denied')
check('nor a node', entity('world'), 'web', 'c/-/Node/n2:22', 'denied')
check('world-ipv4', entity('world-ipv4'), 'web', INTERNET, 'allowed')
check('is not IPv6', entity('world-ipv4'), 'web', '[2606:4700::1]:443', 'denied')
check('world-ipv6', entity('world-ipv6'), 'web', '[2606:4700::1]:443', 'allowed')
check('is not IPv4', entity('world-ipv6'), 'web', INTERNET, 'denied')
check('cluster: pods', entity('cluster'), 'web', 'cart:80', 'allowed')
check('cluster: the host', entity('cluster'), 'web', 'c/-/Node/n1:22', 'allowed')
check('cluster: other nodes', entity('cluster'), 'web', 'c/-/Node/n2:22', 'allowed')
check('cluster: not outside', entity('cluster'), 'web', INTERNET, 'denied')
check('host is the own node', entity('host'), 'web', 'c/-/Node/n1:22', 'allowed')
check('and no other', entity('host'), 'web', 'c/-/Node/n2:22', 'denied')
check('remote-node is another node', entity('remote-node'), 'web', 'c/-/Node/n2:22', 'allowed')
check('and not the own', entity('remote-node'), 'web', 'c/-/Node/n1:22', 'denied')
check('all is all', entity('all'), 'web', INTERNET, 'allowed')
const hostPods =
  ESTATE +
  pod('near', { ip: '10.0.0.1', node: 'n1', host: true }) +
  pod('far', { ip: '10.0.0.2', node: 'n2', host: true })
const toHost = policy(`{${WEB}, egress: [{toEntities: [host]}]}`)
check('a pod on the host network is `host` on its node', hostPods + toHost, 'web', 'near:9100', 'allowed')
check('and `remote-node` from others', hostPods + toHost, 'web', 'far:9100', 'denied')
check(
  'no selector of pods means it',
  hostPods + policy(`{${WEB}, egress: [{toEndpoints: [{}]}]}`),
  'web',
  'far:9100',
  'denied',
)
const API = `
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes, namespace: default}
spec: {clusterIP: 10.96.0.1, clusterIPs: [10.96.0.1], ports: [{name: https, port: 443, targetPort: 6443, protocol: TCP}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}}
addressType: IPv4
endpoints: [{addresses: [192.0.2.10]}]
ports: [{name: https, port: 6443, protocol: TCP}]
`
check('kube-apiserver', ESTATE + API + toKind('kube-apiserver'), 'web', '192.0.2.10:6443', 'allowed')
check('is part of cluster', ESTATE + API + toKind('cluster'), 'web', '192.0.2.10:6443', 'allowed')
check('and nothing else', ESTATE + API + toKind('kube-apiserver'), 'web', '192.0.2.11:6443', 'denied')
function toKind(name: string): string {
  return policy(`{${WEB}, egress: [{toEntities: [${name}]}]}`)
}

// Ports.
const l4 = (ports: string): string => web(`egress: [{toPorts: [{ports: [${ports}]}]}]`)
check(
  'ports without any other end are every destination',
  l4('{port: "443", protocol: TCP}'),
  'web',
  INTERNET,
  'allowed',
)
check('pods included', l4('{port: "5432", protocol: TCP}'), 'web', 'db:5432', 'allowed')
check('nodes included', l4('{port: "22", protocol: TCP}'), 'web', 'c/-/Node/n2:22', 'allowed')
check('such a rule blocks ICMP', l4('{port: "443", protocol: TCP}'), 'web', '203.0.114.9:8/icmp', 'denied')
check('no protocol is any: UDP', l4('{port: "53"}'), 'web', '203.0.114.9:53/udp', 'allowed')
check('no protocol is any: TCP', l4('{port: "53"}'), 'web', '203.0.114.9:53', 'allowed')
check('ANY does not mean ICMP', l4('{port: "53", protocol: ANY}'), 'web', '203.0.114.9:8/icmp', 'denied')
check('port 0 is every port', l4('{port: "0", protocol: TCP}'), 'web', '203.0.114.9:8443', 'allowed')
check('endPort is inclusive', l4('{port: "80", endPort: 90, protocol: TCP}'), 'web', '203.0.114.9:90', 'allowed')
check('and ends there', l4('{port: "80", endPort: 90, protocol: TCP}'), 'web', '203.0.114.9:91', 'denied')
check('a port’s name is the destination’s', l4('{port: sql, protocol: TCP}'), 'web', 'db:5432', 'allowed')
check(
  'ICMP by type',
  web('egress: [{icmps: [{fields: [{type: 8, family: IPv4}]}]}]'),
  'web',
  '203.0.114.9:8/icmp',
  'allowed',
)
check(
  'and no other type',
  web('egress: [{icmps: [{fields: [{type: 8, family: IPv4}]}]}]'),
  'web',
  '203.0.114.9:13/icmp',
  'denied',
)
check(
  'by name',
  web('egress: [{icmps: [{fields: [{type: EchoRequest, family: IPv6}]}]}]'),
  'web',
  '[2606:4700::1]:128/icmpv6',
  'allowed',
)
const SERVICE = `
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: default}
spec: {clusterIP: 10.96.0.20, clusterIPs: [10.96.0.20], selector: {app: db}, ports: [{port: 80, targetPort: 5432, protocol: TCP}]}
`
const toDb = (port: number): string =>
  `{${WEB}, egress: [{toEndpoints: [{matchLabels: {app: db}}], toPorts: [{ports: [{port: "${port}", protocol: TCP}]}]}]}`
check('ports are those after Service translation', ESTATE + SERVICE + policy(toDb(5432)), 'web', 'svc:db:80', 'allowed')
check('and not those of the Service', ESTATE + SERVICE + policy(toDb(80)), 'web', 'svc:db:80', 'denied')

// Faults that reject the whole policy: it is not enforced.
for (const [what, rule] of [
  ['toCIDR with toEndpoints', 'toCIDR: [198.18.0.0/15], toEndpoints: [{}]'],
  ['toFQDNs with toCIDR', 'toFQDNs: [{matchName: example.com}], toCIDR: [198.18.0.0/15]'],
  ['toEntities with toEndpoints', 'toEntities: [host], toEndpoints: [{}]'],
  ['toFQDNs with toEntities', 'toFQDNs: [{matchName: example.com}], toEntities: [host]'],
] as const)
  check(`${what} rejects the policy`, web(`egress: [{${rule}}]`), 'web', INTERNET, 'allowed')
check(
  'with all its other rules',
  web('egress: [{toCIDR: [198.18.0.0/15], toEndpoints: [{}]}], ingress: [{}]'),
  'db',
  'web:80',
  'allowed',
)
check(
  'rules of layer 7 do not stand in deny rules',
  web('egressDeny: [{toFQDNs: [{matchName: example.com}]}]'),
  'web',
  '203.0.114.9:80',
  'denied',
)

// Selectors.
const toAny = 'egress: [{toEndpoints: [{}]}]'
check('an empty selector is the own namespace', web(toAny), 'web', 'db:5432', 'allowed')
check('and no other', web(toAny), 'web', 'cart:80', 'denied')
check(
  'in a clusterwide policy it is every pod',
  ESTATE + clusterwide(`{${WEB}, ${toAny}}`),
  'web',
  'cart:80',
  'allowed',
)
check('and not the world', ESTATE + clusterwide(`{${WEB}, ${toAny}}`), 'web', INTERNET, 'denied')
check('nor a node', ESTATE + clusterwide(`{${WEB}, ${toAny}}`), 'web', 'c/-/Node/n2:22', 'denied')
const inShop = (key: string, value: string): string =>
  web(`egress: [{toEndpoints: [{matchLabels: {"${key}": ${value}}}]}]`)
check('a namespace by name', inShop('k8s:io.kubernetes.pod.namespace', 'shop'), 'web', 'cart:80', 'allowed')
check('a namespace by label', inShop('k8s:io.cilium.k8s.namespace.labels.team', 'shop'), 'web', 'cart:80', 'allowed')
check('and then not the own', inShop('k8s:io.cilium.k8s.namespace.labels.team', 'shop'), 'web', 'db:5432', 'denied')
check(
  'a policy selects pods of its own namespace only',
  ESTATE + policy('{endpointSelector: {}, egress: [{}]}'),
  'cart',
  INTERNET,
  'allowed',
)
check(
  'even where it names another',
  ESTATE + policy('{endpointSelector: {matchLabels: {"k8s:io.kubernetes.pod.namespace": shop}}, egress: [{}]}'),
  'cart',
  INTERNET,
  'allowed',
)

// Names.
const DNS =
  namespace('kube-system') + pod('coredns', { namespace: 'kube-system', ip: '10.244.1.2', labels: 'k8s-app: kube-dns' })
const ask = (pattern: string): string =>
  `{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "${pattern}"}]}}]}`
const names = (version: string, selector: string, more: string): string =>
  NODES + PODS + DNS + agent(version) + policy(`{${WEB}, egress: [{toFQDNs: [{${selector}}]}${more}]}`)
const withDns = `, ${ask('*')}`
check(
  'a name that was asked for',
  names('1.18.2', 'matchName: example.com', withDns),
  'web',
  'example.com:443',
  'allowed',
)
check(
  'without a DNS rule it matches nothing',
  names('1.18.2', 'matchName: example.com', ''),
  'web',
  'example.com:443',
  'denied',
)
// Labels of a container runtime stand in no document.
const perhaps = (rest: string): string => `{endpointSelector: {matchLabels: {"container:app": web}}, ${rest}}`
const opened = `egress: [{toFQDNs: [{matchName: example.com}]}${withDns}]`
check(
  'a name of a policy that may not select, where another closes all',
  NODES + PODS + DNS + agent('1.18.2') + policy(`{${WEB}, egress: [{}]}`) + policy(perhaps(opened), 'q'),
  'web',
  'example.com:443',
  'unknown',
)
check(
  'where no other closes anything, it passes either way',
  NODES + PODS + DNS + agent('1.18.2') + policy(perhaps(opened)),
  'web',
  'example.com:443',
  'allowed',
)
check('nor an address', names('1.18.2', 'matchName: example.com', ''), 'web', INTERNET, 'denied')
check(
  'a DNS rule for other names does not help',
  names('1.18.2', 'matchName: example.com', `, ${ask('*.example.org')}`),
  'web',
  'example.com:443',
  'denied',
)
check(
  'an address may be one that the name has',
  names('1.18.2', 'matchName: example.com', withDns),
  'web',
  INTERNET,
  'unknown unknown',
)
check(
  '`*` is inside one label',
  names('1.18.2', 'matchPattern: "*.example.com"', withDns),
  'web',
  'a.example.com:443',
  'allowed',
)
check(
  'and no more',
  names('1.18.2', 'matchPattern: "*.example.com"', withDns),
  'web',
  'a.b.example.com:443',
  'unknown unknown',
)
check(
  '`**.` is one or more from 1.19',
  names('1.19.0', 'matchPattern: "**.example.com"', withDns),
  'web',
  'a.b.example.com:443',
  'allowed',
)
check(
  'and one label before',
  names('1.18.2', 'matchPattern: "**.example.com"', withDns),
  'web',
  'a.b.example.com:443',
  'unknown unknown',
)
check(
  'a DNS rule allows asking',
  names('1.18.2', 'matchName: example.com', withDns),
  'web',
  'kube-system/coredns:53/udp',
  'allowed',
)
check(
  'and nothing else there',
  names('1.18.2', 'matchName: example.com', withDns),
  'web',
  'kube-system/coredns:443',
  'denied',
)

// Services.
const HEADLESS = `
---
apiVersion: v1
kind: Service
metadata: {name: partner, namespace: default}
spec: {clusterIP: None, ports: [{port: 443, protocol: TCP}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: partner, namespace: default}
subsets: [{addresses: [{ip: 203.0.114.9}], ports: [{port: 443}]}]
`
check(
  'toServices without a selector is the addresses of its endpoints',
  ESTATE +
    HEADLESS +
    policy(`{${WEB}, egress: [{toServices: [{k8sService: {serviceName: partner, namespace: default}}]}]}`),
  'web',
  INTERNET,
  'allowed',
)
check(
  'toGroups is not read by open source: nobody can tell',
  web('egress: [{toGroups: [{aws: {securityGroupsIds: [sg-1]}}]}]'),
  'web',
  INTERNET,
  'unknown',
)

// Nodes.
const nodePolicy = clusterwide('{nodeSelector: {}, egress: [{}]}')
check('a policy for nodes does not mean pods', ESTATE + nodePolicy, 'web', INTERNET, 'allowed')
check('and none without the host firewall', hostPods + nodePolicy, 'near', INTERNET, 'allowed')

const firewalled = (settings = '', version = '1.18.2'): string =>
  node('n1', '10.0.0.1', 'zone: a, kubernetes.io/os: linux, topology.kubernetes.io/zone: eu-1') +
  PODS +
  pod('near', { node: 'n1', host: true }) +
  agent(version, `, enable-host-firewall: "true"${settings}`)
const forNodes = (key: string, value: string): string =>
  clusterwide(`{nodeSelector: {matchLabels: {${key}: ${value}}}, egress: [{}]}`)
check('the host firewall closes nodes', firewalled() + forNodes('zone', 'a'), 'near', INTERNET, 'denied')
check('of other nodes nothing', firewalled() + forNodes('zone', 'b'), 'near', INTERNET, 'allowed')
// Source: pkg/labelsfilter, defaultLabelPrefixCfg; pkg/endpoint, InitWithNodeLabels.
check(
  'a host has no label that identities have not',
  firewalled() + forNodes('kubernetes.io/os', 'linux'),
  'near',
  INTERNET,
  'allowed',
)
check('nor its name', firewalled() + forNodes('kubernetes.io/hostname', 'n1'), 'near', INTERNET, 'allowed')
check(
  'a label that is not asked to be there, is not',
  firewalled() +
    clusterwide('{nodeSelector: {matchExpressions: [{key: kubernetes.io/os, operator: DoesNotExist}]}, egress: [{}]}'),
  'near',
  INTERNET,
  'denied',
)
check(
  'unless the agent is told to keep it',
  firewalled(', labels: "kubernetes.io/os"') + forNodes('kubernetes.io/os', 'linux'),
  'near',
  INTERNET,
  'denied',
)
check(
  'and then no other one is kept',
  firewalled(', labels: "kubernetes.io/os"') + forNodes('zone', 'a'),
  'near',
  INTERNET,
  'allowed',
)
check(
  'a list that is more than plain leaves it open',
  firewalled(', labels: "(kubernetes|zone)"') + forNodes('zone', 'a'),
  'near',
  INTERNET,
  'unknown',
)
check(
  'zones count no more since 1.19',
  firewalled('', '1.19.0') + forNodes('topology.kubernetes.io/zone', 'eu-1'),
  'near',
  INTERNET,
  'allowed',
)
check(
  'in 1.18 the last number decides',
  firewalled() + forNodes('topology.kubernetes.io/zone', 'eu-1'),
  'near',
  INTERNET,
  'unknown',
)
check(
  'the list for toNodes is another one',
  firewalled(', node-labels: "other"') + forNodes('zone', 'a'),
  'near',
  INTERNET,
  'denied',
)

// Labels of pods that are no part of their identity.
const LABELLED = (settings: string): string =>
  NODES +
  namespace('default', '') +
  pod('web', { ip: '10.244.0.5', labels: 'app: web, app.kubernetes.io/name: web, kubernetes.io/role: web' }) +
  pod('db', { ip: '10.244.0.6', labels: 'app: db, kubernetes.io/role: db' }) +
  agent('1.18.2', settings)
const closing = (key: string, settings = ''): string =>
  LABELLED(settings) + policy(`{endpointSelector: {matchLabels: {"${key}": web}}, egress: [{}]}`)
check('the recommended labels count', closing('app.kubernetes.io/name'), 'web', INTERNET, 'denied')
check('what the platform sets does not', closing('kubernetes.io/role'), 'web', INTERNET, 'allowed')
check('with its source neither', closing('k8s:kubernetes.io/role'), 'web', INTERNET, 'allowed')
check(
  'nor at the other end',
  LABELLED('') + policy(`{${WEB}, egress: [{toEndpoints: [{matchLabels: {kubernetes.io/role: db}}]}]}`),
  'web',
  'db:5432',
  'denied',
)
check('a list that leaves one out', closing('app', ', labels: "k8s:!app"'), 'web', INTERNET, 'allowed')
check('a list that names another', closing('app', ', labels: "k8s:team"'), 'web', INTERNET, 'allowed')
check('a list that names it', closing('app', ', labels: "k8s:team k8s:app"'), 'web', INTERNET, 'denied')
check('a list that is not read', closing('app', ', labels: "k8s:(app|team)"'), 'web', INTERNET, 'unknown')

// A gateway routes, it does not filter.
const GATEWAY = `
---
apiVersion: cilium.io/v2
kind: CiliumEgressGatewayPolicy
metadata: {name: out}
spec:
  selectors: [{podSelector: {matchLabels: {app: web}}}]
  destinationCIDRs: [203.0.112.0/22]
  egressGateway: {nodeSelector: {matchLabels: {zone: b}}, egressIP: 192.0.2.7}
`
check('an egress gateway opens nothing', ESTATE + GATEWAY + closed, 'web', INTERNET, 'denied')
check('and closes nothing', ESTATE + GATEWAY, 'web', '198.18.0.1:443', 'allowed')

// Settings that go before every policy.
const mode = (word: string): string => NODES + PODS + agent('1.18.2', `, enable-policy: ${word}`)
check('enable-policy: never', mode('never') + policy(`{${WEB}, egress: [{}]}`), 'web', INTERNET, 'allowed not-enforced')
check('enable-policy: always', mode('always'), 'web', INTERNET, 'denied')
check(
  'policy audit mode',
  NODES + PODS + agent('1.18.2', ', policy-audit-mode: "true"') + policy(`{${WEB}, egress: [{}]}`),
  'web',
  INTERNET,
  'allowed not-enforced',
)
check(
  'its own policies switched off',
  NODES + PODS + agent('1.18.2', ', enable-k8s-networkpolicy: "false"') + closed,
  'web',
  INTERNET,
  'allowed not-enforced',
)

// A mesh of clusters, which Secrets know of: the own cluster's pods are meant in any case.
const without = NODES + PODS
check(
  'no settings were read: the own pods are meant',
  without + policy(`{${WEB}, ${toAny}}`),
  'web',
  'db:5432',
  'allowed',
  'cilium',
)
check('and no others', without + policy(`{${WEB}, ${toAny}}`), 'web', 'cart:80', 'denied', 'cilium')
const member =
  NODES +
  PODS +
  agent('1.19.0').replace('cluster-name: default, cluster-id: "0"', 'cluster-name: east, cluster-id: "7"')
const ofCluster = (name: string): string =>
  policy(
    `{${WEB}, egress: [{toEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.policy.cluster": ${name}, "k8s:io.kubernetes.pod.namespace": default}}]}]}`,
  )
check('a cluster by its name', member + ofCluster('east'), 'web', 'db:5432', 'allowed')
check('another cluster’s pods are not here', member + ofCluster('west'), 'web', 'db:5432', 'denied')

// ClusterNetworkPolicy: off unless a recent version switches it on, which no profile can know.
check(
  'a ClusterNetworkPolicy may count',
  ESTATE +
    `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: a}
spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Deny, to: [{networks: [203.0.112.0/22]}]}]}
`,
  'web',
  INTERNET,
  'unknown unknown',
)

// What a proxy decides inside a connection does not stop the connection.
const l7 = (rules: string): string =>
  web(`egress: [{toEntities: [world], toPorts: [{ports: [{port: "443", protocol: TCP}], ${rules}}]}]`)
check('server names: the connection may be made', l7('serverNames: [example.com]'), 'web', INTERNET, 'allowed')
check('HTTP rules: the connection may be made', l7('rules: {http: [{method: GET}]}'), 'web', INTERNET, 'allowed')
check('and no other port', l7('rules: {http: [{method: GET}]}'), 'web', '203.0.114.9:80', 'denied')

// Services with a selector, by version.
const bySelector = (version: string): string =>
  NODES +
  PODS +
  agent(version) +
  SERVICE +
  policy(`{${WEB}, egress: [{toServices: [{k8sService: {serviceName: db, namespace: default}}]}]}`)
check('toServices with a selector: pods, since 1.17', bySelector('1.17.0'), 'web', 'db:5432', 'allowed')
check('toServices with a selector: nothing, before', bySelector('1.16.0'), 'web', 'db:5432', 'denied')
