import { namespace, networkPolicy, node, pod } from './estate.ts'
import { check } from './table.ts'

// policy.networking.k8s.io, as the types of sigs.k8s.io/network-policy-api v0.1.7 (v1alpha1) and v0.3.0 (v1alpha2, v1beta1)
// say it.

const ESTATE =
  node('n1', '10.0.0.1', 'role: worker') +
  node('n2', '10.0.0.2', 'role: gateway') +
  namespace('default', 'team: web') +
  namespace('shop', 'team: shop') +
  pod('web', { ip: '10.244.0.5', node: 'n1' }) +
  pod('db', { ip: '10.244.0.6', node: 'n2', ports: [{ name: 'sql', port: 5432 }] }) +
  pod('cart', { namespace: 'shop', ip: '10.244.0.7', node: 'n2' })
const INTERNET = '203.0.114.9:443'

const admin = (priority: number, rules: string, name = `a${priority}`, subject = 'namespaces: {}'): string => `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: ${name}}
spec: {priority: ${priority}, subject: {${subject}}, ${rules}}
`
const baseline = (rules: string, name = 'default'): string => `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: BaselineAdminNetworkPolicy
metadata: {name: ${name}}
spec: {subject: {namespaces: {}}, ${rules}}
`
const cluster = (
  tier: string,
  priority: number,
  rules: string,
  version = 'v1alpha2',
  subject = 'namespaces: {}',
): string => `
---
apiVersion: policy.networking.k8s.io/${version}
kind: ClusterNetworkPolicy
metadata: {name: c-${tier.toLowerCase()}-${priority}}
spec: {tier: ${tier}, priority: ${priority}, subject: {${subject}}, ${rules}}
`
const all = (action: string): string => `egress: [{action: ${action}, to: [{networks: [0.0.0.0/0, "::/0"]}]}]`
const toShop = (action: string, more = ''): string =>
  `egress: [{action: ${action}, to: [{namespaces: {matchLabels: {team: shop}}}]${more}}]`
const closed = networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
const open = networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{}]}')

// No implicit isolation.
check('selecting isolates nothing', ESTATE + admin(1, toShop('Deny')), 'web', INTERNET, 'allowed')
check('no rules say nothing', ESTATE + admin(1, 'egress: []'), 'web', 'cart:80', 'allowed')
check('an Allow rule closes nothing else', ESTATE + admin(1, toShop('Allow')), 'web', 'db:5432', 'allowed')
check('a Deny rule denies what it names', ESTATE + admin(1, toShop('Deny')), 'web', 'cart:80', 'denied')
check('in every protocol', ESTATE + admin(1, toShop('Deny')), 'web', 'cart:8/icmp', 'denied')

// Priority and order.
check(
  'the lower number comes first',
  ESTATE + admin(9, toShop('Deny')) + admin(3, toShop('Allow')),
  'web',
  'cart:80',
  'allowed',
)
check('numbers, not texts', ESTATE + admin(10, toShop('Allow')) + admin(9, toShop('Deny')), 'web', 'cart:80', 'denied')
check(
  'equal numbers leave the order open',
  ESTATE + admin(5, toShop('Allow'), 'one') + admin(5, toShop('Deny'), 'two'),
  'web',
  'cart:80',
  'unknown',
)
check(
  'but not where they agree',
  ESTATE + admin(5, toShop('Deny'), 'one') + admin(5, toShop('Deny'), 'two'),
  'web',
  'cart:80',
  'denied',
)
check(
  'nor where only one speaks',
  ESTATE +
    admin(5, toShop('Deny'), 'one') +
    admin(5, 'egress: [{action: Allow, to: [{networks: [203.0.112.0/22]}]}]', 'two'),
  'web',
  'cart:80',
  'denied',
)
const ordered = (first: string, second: string): string =>
  `egress: [{action: ${first}, to: [{namespaces: {matchLabels: {team: shop}}}]}, {action: ${second}, to: [{namespaces: {}}]}]`
check('the first rule that matches decides', ESTATE + admin(1, ordered('Allow', 'Deny')), 'web', 'cart:80', 'allowed')
check('the second decides the rest', ESTATE + admin(1, ordered('Allow', 'Deny')), 'web', 'db:80', 'denied')
check('turned round', ESTATE + admin(1, ordered('Deny', 'Allow')), 'web', 'cart:80', 'denied')

// Tiers.
check('Allow goes before NetworkPolicy', ESTATE + admin(1, toShop('Allow')) + closed, 'web', 'cart:80', 'allowed')
check('Deny goes before NetworkPolicy', ESTATE + admin(1, toShop('Deny')) + open, 'web', 'cart:80', 'denied')
check(
  'Pass leaves it to NetworkPolicy: closed',
  ESTATE + admin(1, toShop('Pass')) + admin(2, toShop('Allow')) + closed,
  'web',
  'cart:80',
  'denied',
)
check(
  'Pass leaves it to NetworkPolicy: open',
  ESTATE + admin(1, toShop('Pass')) + admin(2, toShop('Deny')) + open,
  'web',
  'cart:80',
  'allowed',
)
check('Pass leaves the tier', ESTATE + admin(1, toShop('Pass')) + admin(2, toShop('Deny')), 'web', 'cart:80', 'allowed')
check(
  'then comes the baseline',
  ESTATE + admin(1, toShop('Pass')) + baseline(toShop('Deny')),
  'web',
  'cart:80',
  'denied',
)
check('the baseline without any other policy', ESTATE + baseline(toShop('Deny')), 'web', 'cart:80', 'denied')
check(
  'is never reached by who has a NetworkPolicy',
  ESTATE + open + baseline(toShop('Deny')),
  'web',
  'cart:80',
  'allowed',
)
check('not even to allow', ESTATE + closed + baseline(toShop('Allow')), 'web', 'cart:80', 'denied')
check(
  'a NetworkPolicy of the other direction does not count',
  ESTATE + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}') + baseline(toShop('Deny')),
  'web',
  'cart:80',
  'denied',
)
check('a baseline under another name is none', ESTATE + baseline(toShop('Deny'), 'other'), 'web', 'cart:80', 'allowed')
check(
  'ICMP that isolation leaves out does not reach the baseline',
  ESTATE + closed + baseline(all('Deny')),
  'web',
  '203.0.114.9:8/icmp',
  'unknown undefined',
)

// Both ends.
const fromWeb = (action: string): string =>
  `ingress: [{action: ${action}, from: [{namespaces: {matchLabels: {team: web}}}]}]`
check('the other end has its own tiers', ESTATE + admin(1, fromWeb('Deny')), 'web', 'cart:80', 'denied')
check(
  'an Allow here says nothing there',
  ESTATE + admin(1, toShop('Allow')) + admin(2, fromWeb('Deny')),
  'web',
  'cart:80',
  'denied',
)
check(
  'an Allow there goes before its NetworkPolicy',
  ESTATE + admin(2, fromWeb('Allow')) + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}', 'p', 'shop'),
  'web',
  'cart:80',
  'allowed',
)

// Peers.
check(
  'networks match pods, too',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]'),
  'web',
  'db:5432',
  'denied',
)
check(
  'and nodes',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]'),
  'web',
  'c/-/Node/n2:10250',
  'denied',
)
check(
  'and not the other family',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]'),
  'web',
  '[2606:4700::1]:443',
  'allowed',
)
check(
  'in every protocol',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{networks: [0.0.0.0/0]}]}]'),
  'web',
  '203.0.114.9:8/icmp',
  'denied',
)
check(
  'several peers are joined by or',
  ESTATE +
    admin(1, 'egress: [{action: Deny, to: [{networks: [203.0.112.0/22]}, {namespaces: {matchLabels: {team: shop}}}]}]'),
  'web',
  'cart:80',
  'denied',
)
check(
  'nodes match the addresses of nodes',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{nodes: {}}]}]'),
  'web',
  'c/-/Node/n2:10250',
  'denied',
)
check(
  'a rule about some nodes holds for a question about one of them',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{nodes: {matchLabels: {role: gateway}}}]}]'),
  'web',
  'c/-/Node/n2:10250',
  'denied',
)
check(
  'nodes match no pod',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{nodes: {}}]}]'),
  'web',
  'db:5432',
  'allowed',
)
const onHost = ESTATE + pod('agent', { ip: '10.0.0.2', node: 'n2', host: true })
check(
  'pod peers leave out the host network',
  onHost + admin(1, 'egress: [{action: Deny, to: [{namespaces: {}}]}]'),
  'web',
  'agent:9100',
  'allowed',
)
check(
  'nodes mean pods on the host network',
  onHost + admin(1, 'egress: [{action: Deny, to: [{nodes: {}}]}]'),
  'web',
  'agent:9100',
  'denied',
)
check('a pod on the host network is no subject', onHost + admin(1, all('Deny')), 'agent', INTERNET, 'allowed')
check(
  'a peer of an unknown kind: Allow matches nothing',
  ESTATE + admin(1, 'egress: [{action: Allow, to: [{services: {}}, {networks: [203.0.112.0/22]}]}]') + closed,
  'web',
  INTERNET,
  'denied',
)
check(
  'Deny denies all',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{services: {}}]}]'),
  'web',
  'db:5432',
  'denied',
)
check(
  'Pass denies all',
  ESTATE + admin(1, 'egress: [{action: Pass, to: [{services: {}}]}]'),
  'web',
  'db:5432',
  'denied',
)
check(
  'it may have ports: it denies all the same',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{services: {}}], ports: [{portNumber: {port: 80}}]}]'),
  'web',
  'db:5432',
  'denied',
)

// Subjects.
check(
  'a subject of pods',
  ESTATE + admin(1, all('Deny'), 'a', 'pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}'),
  'web',
  INTERNET,
  'denied',
)
check(
  'means no others',
  ESTATE + admin(1, all('Deny'), 'a', 'pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}'),
  'db',
  INTERNET,
  'allowed',
)
check(
  'in its namespaces',
  ESTATE +
    admin(
      1,
      all('Deny'),
      'a',
      'pods: {namespaceSelector: {matchLabels: {team: shop}}, podSelector: {matchLabels: {app: web}}}',
    ),
  'web',
  INTERNET,
  'allowed',
)
check(
  'no namespaceSelector in v1alpha2 is every namespace',
  ESTATE + cluster('Admin', 1, all('Deny'), 'v1alpha2', 'pods: {podSelector: {matchLabels: {app: cart}}}'),
  'cart',
  INTERNET,
  'denied',
)
check(
  'a subject of no known kind may be anybody',
  ESTATE + admin(1, all('Deny'), 'a', 'accounts: {}'),
  'web',
  INTERNET,
  'unknown',
)

// Ports.
const withPorts = (ports: string): string => ESTATE + admin(1, toShop('Deny', `, ports: [${ports}]`))
check('portNumber defaults to TCP', withPorts('{portNumber: {port: 80}}'), 'web', 'cart:80', 'denied')
check('and is no UDP', withPorts('{portNumber: {port: 80}}'), 'web', 'cart:80/udp', 'allowed')
check(
  'portRange is inclusive',
  withPorts('{portRange: {protocol: UDP, start: 10, end: 20}}'),
  'web',
  'cart:10-20/udp',
  'denied',
)
check('and ends there', withPorts('{portRange: {protocol: UDP, start: 10, end: 20}}'), 'web', 'cart:21/udp', 'allowed')
check('rules with ports leave ICMP alone', withPorts('{portNumber: {port: 80}}'), 'web', 'cart:8/icmp', 'allowed')
const toDb = (ports: string): string =>
  ESTATE + admin(1, `egress: [{action: Deny, to: [{namespaces: {matchLabels: {team: web}}}], ports: [${ports}]}]`)
check('a port’s name is the destination’s', toDb('{namedPort: sql}'), 'web', 'db:5432', 'denied')
check('and no other port', toDb('{namedPort: sql}'), 'web', 'db:5433', 'allowed')

// ClusterNetworkPolicy.
for (const version of ['v1alpha2', 'v1beta1']) {
  check(
    `${version} says Accept`,
    ESTATE + cluster('Admin', 1, toShop('Accept'), version) + closed,
    'web',
    'cart:80',
    'allowed',
  )
  check(
    `${version}, tier Baseline`,
    ESTATE + cluster('Baseline', 1, toShop('Deny'), version),
    'web',
    'cart:80',
    'denied',
  )
}
check(
  'the baseline has priorities',
  ESTATE + cluster('Baseline', 2, toShop('Deny')) + cluster('Baseline', 1, toShop('Accept')),
  'web',
  'cart:80',
  'allowed',
)
check(
  'Pass in the baseline is the default',
  ESTATE + cluster('Baseline', 1, toShop('Pass')) + cluster('Baseline', 2, toShop('Deny')),
  'web',
  'cart:80',
  'allowed',
)
check(
  'Admin goes before Baseline whatever the numbers',
  ESTATE + cluster('Admin', 900, toShop('Accept')) + cluster('Baseline', 1, toShop('Deny')),
  'web',
  'cart:80',
  'allowed',
)
const protocols = (list: string): string => ESTATE + cluster('Admin', 1, toShop('Deny', `, protocols: [${list}]`))
check('protocols: tcp', protocols('{tcp: {destinationPort: {number: 80}}}'), 'web', 'cart:80', 'denied')
check('protocols: not udp', protocols('{tcp: {destinationPort: {number: 80}}}'), 'web', 'cart:80/udp', 'allowed')
check(
  'protocols: a range',
  protocols('{sctp: {destinationPort: {range: {start: 5, end: 9}}}}'),
  'web',
  'cart:9/sctp',
  'denied',
)
check('`tcp: {}` is refused by the API: open', protocols('{tcp: {}}'), 'web', 'cart:80', 'unknown')

// domainNames.
const names = (action: string, list: string): string =>
  ESTATE + cluster('Admin', 1, `egress: [{action: ${action}, to: [{domainNames: [${list}]}]}]`) + closed
check('an accepted name', names('Accept', 'api.example.com'), 'web', 'api.example.com:443', 'allowed')
check('no other name for certain', names('Accept', 'api.example.com'), 'web', 'www.example.com:443', 'unknown')
check('`*.` is one label', names('Accept', '"*.example.com"'), 'web', 'a.example.com:443', 'allowed')
check('or more', names('Accept', '"*.example.com"'), 'web', 'a.b.example.com:443', 'allowed')
check('and not none', names('Accept', '"*.example.com"'), 'web', 'example.com:443', 'unknown')
check('an address may be a name’s', names('Accept', 'api.example.com'), 'web', INTERNET, 'unknown unknown')
check(
  'names do not allow asking for them',
  names('Accept', 'api.example.com'),
  'web',
  '169.254.20.10:53/udp',
  'unknown',
)

// What the schema does not take.
check('v1alpha1 knows no Accept', ESTATE + admin(1, toShop('Accept')) + closed, 'web', 'cart:80', 'unknown unknown')
check(
  'v1alpha2 knows no Allow',
  ESTATE + cluster('Admin', 1, toShop('Allow')) + closed,
  'web',
  'cart:80',
  'unknown unknown',
)
check(
  'the old baseline knows no Pass, which would change nothing',
  ESTATE + baseline(toShop('Pass')),
  'web',
  'cart:80',
  'allowed',
)
check('a priority above 1000', ESTATE + admin(1001, toShop('Deny')), 'web', 'cart:80', 'unknown unknown')
check('a tier of another name', ESTATE + cluster('admin', 1, toShop('Deny')), 'web', 'cart:80', 'unknown unknown')
check('and the rest stays as it is', ESTATE + admin(1001, toShop('Deny')), 'web', INTERNET, 'allowed')
check(
  'a peer of two kinds',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{namespaces: {}, networks: [203.0.112.0/22]}]}]'),
  'web',
  INTERNET,
  'unknown unknown',
)
check(
  'sources are pods: a range there is of an unknown kind, and denies all',
  ESTATE + admin(1, 'ingress: [{action: Deny, from: [{networks: [198.18.0.0/15]}]}]'),
  'web',
  'cart:80',
  'denied',
)
check(
  'and allows nothing',
  ESTATE +
    admin(1, 'ingress: [{action: Allow, from: [{networks: [0.0.0.0/0]}]}]') +
    networkPolicy('{podSelector: {}, policyTypes: [Ingress]}', 'p', 'shop'),
  'web',
  'cart:80',
  'denied',
)
check(
  'a port’s name means nothing toward a range',
  ESTATE + admin(1, 'egress: [{action: Deny, to: [{networks: [203.0.112.0/22]}], ports: [{namedPort: sql}]}]'),
  'web',
  '203.0.114.9:5432',
  'allowed',
)

// A Service whose only backend is the sender: whether these policies are asked there is a feature of its own.
const HAIRPIN = `
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {clusterIP: 10.96.0.40, clusterIPs: [10.96.0.40], selector: {app: cart}, ports: [{port: 80, targetPort: 80, protocol: TCP}]}
`
check(
  'a pod behind its own Service',
  ESTATE + HAIRPIN + admin(1, 'ingress: [{action: Deny, from: [{namespaces: {}}]}]'),
  'cart',
  'svc:shop/cart:80',
  'unknown undefined',
  'specification',
)
