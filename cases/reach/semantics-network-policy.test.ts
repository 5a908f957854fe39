import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, namespace, networkPolicy, node, pod } from './estate.ts'
import { check } from './table.ts'

// networking.k8s.io/v1, as kubernetes.io "Network Policies" and k8s.io/api/networking/v1 say it.

const NODES = node('n1', '10.0.0.1') + node('n2', '10.0.0.2')
const APPS = NODES + namespace('default', 'team: web') + namespace('shop', 'team: shop')
const WEB = pod('web', { ip: '10.244.0.5', node: 'n1' })
const DB = pod('db', { ip: '10.244.0.6', node: 'n2', ports: [{ name: 'sql', port: 5432 }] })
const CART = pod('cart', { namespace: 'shop', ip: '10.244.0.7', node: 'n2', ports: [{ name: 'sql', port: 3306 }] })
const ALL = APPS + WEB + DB + CART
const INTERNET = '203.0.114.9:443'

const web = (rest: string): string => ALL + networkPolicy(`{podSelector: {matchLabels: {app: web}}, ${rest}}`)
const closed = web('policyTypes: [Egress]')

// Host network.
const onHost = APPS + DB + pod('web', { ip: '10.0.0.1', node: 'n1', host: true })
const hostPolicy = networkPolicy('{podSelector: {}, policyTypes: [Egress, Ingress]}')
check('a pod on the host network is no subject', onHost + hostPolicy, 'web', INTERNET, 'allowed')
check('a pod on the host network is the node at the other end', onHost + hostPolicy, 'web', 'db:5432', 'unknown')
check(
  'a pod on the host network is no peer',
  APPS +
    DB +
    pod('agent', { ip: '10.0.0.1', node: 'n1', host: true }) +
    networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}'),
  'db',
  'agent:9100',
  'denied',
)

// policyTypes.
check('no policyTypes and no egress leaves egress open', web('ingress: []'), 'web', INTERNET, 'allowed')
check('no policyTypes isolates ingress', web('ingress: []'), 'db', 'web:80', 'denied')
check('egress: [] without policyTypes leaves egress open', web('egress: []'), 'web', INTERNET, 'allowed')
check('egress: [] without policyTypes isolates ingress', web('egress: []'), 'db', 'web:80', 'denied')
check(
  'egress rules without policyTypes isolate egress',
  web('egress: [{ports: [{port: 53}]}]'),
  'web',
  INTERNET,
  'denied',
)
check('and ingress, too', web('egress: [{ports: [{port: 53}]}]'), 'db', 'web:80', 'denied')
check('policyTypes: [] is like none', web('policyTypes: [], egress: [{ports: [{port: 53}]}]'), 'db', 'web:80', 'denied')
check('policyTypes: [Egress] alone closes egress', closed, 'web', INTERNET, 'denied')
check('and leaves ingress open', closed, 'db', 'web:80', 'allowed')
const unclaimed = web('policyTypes: [Ingress], egress: [{ports: [{port: 53}]}]')
check('rules of a direction that policyTypes leaves out do not count', unclaimed, 'web', INTERNET, 'allowed')
check('Cilium applies them all the same', unclaimed, 'web', INTERNET, 'denied', 'cilium')
check('Cilium allows by them, too', unclaimed, 'web', '203.0.114.9:53', 'allowed', 'cilium')
check('a type that the API does not know may be anything', web('policyTypes: [egress]'), 'web', INTERNET, 'unknown')

// to and ports.
check(
  'to absent is every destination',
  web('policyTypes: [Egress], egress: [{ports: [{port: 443}]}]'),
  'web',
  INTERNET,
  'allowed',
)
check(
  'of both families',
  web('policyTypes: [Egress], egress: [{ports: [{port: 443}]}]'),
  'web',
  '[2606:4700::1]:443',
  'allowed',
)
check('to: [] is every destination', web('policyTypes: [Egress], egress: [{to: []}]'), 'web', INTERNET, 'allowed')
check('nodes included', web('policyTypes: [Egress], egress: [{to: []}]'), 'web', 'c/-/Node/n2:22', 'allowed')
check('pods included', web('policyTypes: [Egress], egress: [{to: []}]'), 'web', 'cart:3306', 'allowed')
check(
  'ports absent is every port',
  web('policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]'),
  'web',
  'db:1-65535/udp',
  'allowed',
)
check(
  'ports: [] is every port',
  web('policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: []}]'),
  'web',
  'db:1-65535/sctp',
  'allowed',
)
check('`- {}` allows all', web('policyTypes: [Egress], egress: [{}]'), 'web', INTERNET, 'allowed')
check('`- {}` allows all protocols', web('policyTypes: [Egress], egress: [{}]'), 'web', '203.0.114.9:*/gre', 'allowed')

// Selectors.
const toPods = web('policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]')
check('podSelector: {} is the own namespace', toPods, 'web', 'db:5432', 'allowed')
check('and no other', toPods, 'web', 'cart:3306', 'denied')
check('and nothing outside', toPods, 'web', INTERNET, 'denied')
const toNamespaces = web('policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}]}]')
check('namespaceSelector: {} is every pod', toNamespaces, 'web', 'cart:3306', 'allowed')
check('its own namespace, too', toNamespaces, 'web', 'db:5432', 'allowed')
check('never outside', toNamespaces, 'web', INTERNET, 'denied')
check('never a node', toNamespaces, 'web', 'c/-/Node/n2:10250', 'denied')
const twoItems = web(
  'policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: shop}}}, {podSelector: {matchLabels: {app: nobody}}}]}]',
)
const oneItem = web(
  'policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: nobody}}}]}]',
)
check('two items are joined by or', twoItems, 'web', 'cart:3306', 'allowed')
check('two selectors of one item by and', oneItem, 'web', 'cart:3306', 'denied')
const notIn = (key: string) =>
  web(
    `policyTypes: [Egress], egress: [{to: [{podSelector: {matchExpressions: [{key: ${key}, operator: NotIn, values: [db]}]}}]}]`,
  )
check('NotIn holds where the key is absent', notIn('tier'), 'web', 'db:5432', 'allowed')
check('and not where it has the value', notIn('app'), 'web', 'db:5432', 'denied')
check(
  'a namespace that was not read may have any label',
  WEB +
    NODES +
    pod('cart', { namespace: 'shop', ip: '10.244.0.7' }) +
    networkPolicy(
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {team: shop}}}]}]}',
    ),
  'web',
  'cart:80',
  'unknown unknown',
)
check(
  'but its name the server puts on it',
  WEB +
    NODES +
    pod('cart', { namespace: 'shop', ip: '10.244.0.7' }) +
    networkPolicy(
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}]}',
    ),
  'web',
  'cart:80',
  'allowed',
)
const unlabelled = (labels: string): string => `${NODES}${WEB}${CART}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop${labels}}
${networkPolicy(
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]}]}',
)}`
check('whether or not somebody wrote it down', unlabelled(''), 'web', 'cart:80', 'allowed')
check(
  'and whatever somebody wrote',
  unlabelled(', labels: {kubernetes.io/metadata.name: other}'),
  'web',
  'cart:80',
  'allowed',
  null,
)
check(
  'an unreadable selector may mean anybody',
  web(
    'policyTypes: [Egress], egress: [{to: [{podSelector: {matchExpressions: [{key: app, operator: Within, values: [db]}]}}]}]',
  ),
  'web',
  'db:5432',
  'unknown',
)

// Ports.
const ports = (list: string) => web(`policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [${list}]}]`)
check('the protocol defaults to TCP', ports('{port: 80}'), 'web', 'db:80/tcp', 'allowed')
check('and is TCP only', ports('{port: 80}'), 'web', 'db:80/udp', 'denied')
check('a protocol alone is all its ports', ports('{protocol: UDP}'), 'web', 'db:1-65535/udp', 'allowed')
check('and no other protocol', ports('{protocol: UDP}'), 'web', 'db:53/tcp', 'denied')
check('endPort is inclusive', ports('{port: 8000, endPort: 8010}'), 'web', 'db:8000-8010', 'allowed')
check('and ends there', ports('{port: 8000, endPort: 8010}'), 'web', 'db:8011', 'denied')
check('a question over the edge has two answers', ports('{port: 8000, endPort: 8010}'), 'web', 'db:8010-8011', 'mixed')
check(
  'endPort with a named port is refused, so it stays open',
  ports('{port: sql, endPort: 9000}'),
  'web',
  'db:7000',
  'unknown',
)
check('endPort without a port, too', ports('{endPort: 9000}'), 'web', 'db:7000', 'unknown')
check('endPort below port, too', ports('{port: 90, endPort: 80}'), 'web', 'db:85', 'unknown')
check('a number as text is no port', ports('{port: "80"}'), 'web', 'db:80', 'unknown')
check('ICMP is no protocol of ports', ports('{protocol: ICMP}'), 'web', 'db:80', 'unknown')

// Named ports.
const named = web('policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: sql}]}]')
check('a port name is resolved by the destination', named, 'web', 'db:5432', 'allowed')
check('each for itself', named, 'web', 'cart:3306', 'allowed')
check('not by others', named, 'web', 'cart:5432', 'denied')
check('in its protocol', named, 'web', 'db:5432/udp', 'denied')
const namedAnywhere = web('policyTypes: [Egress], egress: [{ports: [{port: sql}]}]')
check('toward an address it matches nothing', namedAnywhere, 'web', '203.0.114.9:5432', 'denied')
check('nor toward a node', namedAnywhere, 'web', 'c/-/Node/n2:5432', 'denied')
check(
  'in ingress the subject resolves it',
  ALL +
    networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{ports: [{port: sql}]}]}'),
  'web',
  'db:5432',
  'allowed',
)
check(
  'and nothing else',
  ALL +
    networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress], ingress: [{ports: [{port: sql}]}]}'),
  'web',
  'db:5433',
  'denied',
)

// Protocols.
check('ICMP of an isolated pod is undefined', closed, 'web', '203.0.114.9:8/icmp', 'unknown undefined')
check('ICMPv6, too', closed, 'web', '[2606:4700::1]:128/icmpv6', 'unknown undefined')
check('GRE, too', closed, 'web', '203.0.114.9:*/gre', 'unknown undefined')
check('SCTP is denied', closed, 'web', '203.0.114.9:80/sctp', 'denied')
check('Calico denies ICMP', closed, 'web', '203.0.114.9:8/icmp', 'denied', 'calico-iptables')
check('Cilium denies ICMP', closed, 'web', '203.0.114.9:8/icmp', 'denied', 'cilium')
check('a pod that nothing isolates sends ICMP', ALL, 'web', '203.0.114.9:8/icmp', 'allowed')

// Additive, both ends.
check(
  'policies add up',
  closed +
    networkPolicy(
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{ports: [{port: 443}]}]}',
      'q',
    ),
  'web',
  INTERNET,
  'allowed',
)
const bothEnds = (egress: string, ingress: string) =>
  ALL +
  networkPolicy(`{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]${egress}}`) +
  networkPolicy(`{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]${ingress}}`, 'q')
const TO_DB = ', egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]'
const FROM_WEB = ', ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]'
check('both ends allow', bothEnds(TO_DB, FROM_WEB), 'web', 'db:5432', 'allowed')
check('only the sender allows', bothEnds(TO_DB, ''), 'web', 'db:5432', 'denied')
check('only the receiver allows', bothEnds('', FROM_WEB), 'web', 'db:5432', 'denied')

// What policy never stops.
const shut = ALL + networkPolicy('{podSelector: {}, policyTypes: [Egress, Ingress]}')
check('loopback cannot be blocked', shut, 'web', '127.0.0.1:8080', 'allowed')
check('of IPv6 neither', shut, 'web', '[::1]:8080', 'allowed')
check('a pod reaches itself', shut, 'web', '10.244.0.5:8080', 'allowed')
check(
  'whether a pod on the host network is a neighbour stays open',
  NODES +
    namespace('default') +
    DB +
    pod('agent', { ip: '10.0.0.2', node: 'n2', host: true }) +
    networkPolicy('{podSelector: {}, policyTypes: [Ingress]}'),
  'agent',
  'db:5432',
  'unknown unknown',
  'calico-iptables',
)

// Finished pods and pods without an address.
const finished = APPS + WEB + pod('db', { ip: '10.244.0.6', phase: 'Succeeded' })
check(
  'an address of a finished pod is an address like any other',
  finished +
    networkPolicy(
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}',
    ),
  'web',
  '10.244.0.6:80',
  'denied',
)
check(
  'a pod without an address yet is a pod',
  APPS +
    WEB +
    pod('late') +
    networkPolicy(
      '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}',
    ),
  'web',
  'late:80',
  'allowed',
)

// Blocks.
const block = (cidr: string, except = '') =>
  web(`policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "${cidr}"${except}}}]}]`)
check('a block holds what is in it', block('203.0.112.0/22'), 'web', '203.0.115.255:443', 'allowed')
check('and no more', block('203.0.112.0/22'), 'web', '203.0.116.0:443', 'denied')
check('but for its exceptions', block('203.0.112.0/22', ', except: [203.0.114.0/24]'), 'web', INTERNET, 'denied')
check(
  'next to an exception',
  block('203.0.112.0/22', ', except: [203.0.114.0/24]'),
  'web',
  '203.0.115.0:443',
  'allowed',
)
check(
  'a block against pods is left open by the specification',
  block('10.244.0.0/16'),
  'web',
  'db:5432',
  'unknown undefined',
)
check('Calico compares the address', block('10.244.0.0/16'), 'web', 'db:5432', 'allowed', 'calico-iptables')
check('Amazon VPC CNI, too', block('10.244.0.0/16'), 'web', 'db:5432', 'allowed', 'aws-vpc-cni')
check('Cilium does not', block('10.244.0.0/16'), 'web', 'db:5432', 'denied', 'cilium')
check(
  'Calico compares a node’s address',
  block('10.0.0.0/24'),
  'web',
  'c/-/Node/n2:10250',
  'allowed',
  'calico-iptables',
)
check('Cilium does not, of nodes', block('10.0.0.0/24'), 'web', 'c/-/Node/n2:10250', 'denied', 'cilium')
check('0.0.0.0/0 is IPv4', block('0.0.0.0/0'), 'web', INTERNET, 'allowed')
check('and not IPv6', block('0.0.0.0/0'), 'web', '[2606:4700::1]:443', 'denied')
check('::/0 is not IPv4', block('::/0'), 'web', INTERNET, 'denied')
check('::/0 is IPv6', block('::/0'), 'web', '[2606:4700::1]:443', 'allowed')

// Metadata.
const butMetadata = web(
  'policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}, {ipBlock: {cidr: "::/0"}}]}]',
)
check('an exception for metadata closes it', butMetadata, 'web', '169.254.169.254:80', 'denied')
for (const left of [
  '169.254.170.2:80',
  '169.254.170.23:80',
  '[fd00:ec2::254]:80',
  '[fd00:ec2::23]:80',
  '[fd20:ce::254]:80',
])
  check('and leaves the others', butMetadata, 'web', left, 'allowed')

test('addresses that hand out credentials stand in a zone of their own', () => {
  for (const address of [
    '169.254.169.254',
    '169.254.169.252',
    '169.254.170.2',
    '169.254.170.23',
    '168.63.129.16',
    '100.100.100.200',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ]) {
    const [part] = ask(ALL, 'web', address).parts
    assert.deepEqual(part?.to, { kind: 'addresses', zone: 'metadata', ranges: [address] })
  }
})

// A block of one family says nothing of the other, though it holds all addresses of its own that pods have.
const sixes = web('policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: "fd00:a::/64"}}]}]').concat(
  pod('six', { ip: 'fd00:a::9', node: 'n2', labels: 'app: db' }),
)
check('a block of IPv6 and a pod of IPv4', sixes, 'web', '10.244.0.6:80', 'denied', 'calico-iptables')
check('a block of IPv6 and a pod in it', sixes, 'web', '[fd00:a::9]:80', 'allowed', 'calico-iptables')

// DNS.
const dnsPods =
  ALL +
  namespace('kube-system') +
  pod('coredns', { namespace: 'kube-system', ip: '10.244.1.2', labels: 'k8s-app: kube-dns' }) +
  networkPolicy(
    '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}]}]}',
  )
check('a rule to the DNS pods', dnsPods, 'web', 'kube-system/coredns:53/udp', 'allowed')
check('misses NodeLocal DNSCache', dnsPods, 'web', '169.254.20.10:53/udp', 'denied')
check('and Cloud DNS of GKE', dnsPods, 'web', '169.254.169.254:53/udp', 'denied')
