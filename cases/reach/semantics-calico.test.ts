import { calicoAgent, checkCalico as check } from './calico-table.ts'
import { namespace, networkPolicy, node, pod } from './estate.ts'
import { check as checkOn } from './table.ts'

// projectcalico.org/v3 and crd.projectcalico.org/v1, as docs.tigera.io, "Tier", "NetworkPolicy", "GlobalNetworkPolicy",
// "Network set" and "Host endpoints", and felix and libcalico-go of projectcalico/calico say it.

const NODES = node('n1', '10.0.0.1', 'zone: a') + node('n2', '10.0.0.2', 'zone: b')
const PODS =
  namespace('default', 'team: web') +
  namespace('shop', 'team: shop') +
  pod('web', { ip: '10.244.0.5', node: 'n1' }) +
  pod('db', { ip: '10.244.0.6', node: 'n2', ports: [{ name: 'sql', port: 5432 }] }) +
  pod('cart', { namespace: 'shop', ip: '10.244.0.7', node: 'n2', ports: [{ name: 'sql', port: 6432 }] })
const ESTATE = NODES + PODS
const INTERNET = '203.0.114.9:443'

const object = (kind: string, metadata: string, spec: string, version = 'projectcalico.org/v3'): string => `
---
apiVersion: ${version}
kind: ${kind}
metadata: {${metadata}}
spec: ${spec}
`
const global = (spec: string, name = 'p'): string => object('GlobalNetworkPolicy', `name: ${name}`, spec)
const own = (spec: string, name = 'p', inNamespace = 'default'): string =>
  object('NetworkPolicy', `name: ${name}, namespace: ${inNamespace}`, spec)
const tier = (name: string, spec: string): string => object('Tier', `name: ${name}`, spec)
const WEB = `selector: "app == 'web'"`
const web = (rest: string, name = 'p'): string => global(`{${WEB}, ${rest}}`, name)
const egress = (...rules: readonly string[]): string => `types: [Egress], egress: [${rules.join(', ')}]`
const rule = (action: string, destination = '', more = ''): string =>
  `{action: ${action}${destination === '' ? '' : `, destination: {${destination}}`}${more === '' ? '' : `, ${more}`}}`
const ALLOW = egress(rule('Allow'))
const DENY = egress(rule('Deny'))
const PASS = egress(rule('Pass'))
const CLOSED = 'types: [Egress]'
const closedByKubernetes = networkPolicy('{podSelector: {}, policyTypes: [Egress]}')
const openByKubernetes = networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{}]}')

// Whom a policy selects, and in which directions.
check('no policy: the profile of the namespace allows', ESTATE, 'web', INTERNET, 'allowed')
check('selecting closes', ESTATE + web(CLOSED), 'web', INTERNET, 'denied')
check('only whom it selects', ESTATE + web(CLOSED), 'db', INTERNET, 'allowed')
check('only the direction that it is about', ESTATE + web(CLOSED), 'db', 'web:80', 'allowed')
check('every protocol is closed', ESTATE + web(CLOSED), 'web', '203.0.114.9:8/icmp', 'denied')
check(
  '`types` absent, egress rules alone: Egress',
  ESTATE + web(`egress: [${rule('Deny')}]`),
  'db',
  'web:80',
  'allowed',
)
check('and the rules count', ESTATE + web(`egress: [${rule('Deny')}]`), 'web', INTERNET, 'denied')
check('`types` absent, no rules: Ingress', ESTATE + global(`{${WEB}}`), 'db', 'web:80', 'denied')
check('and no Egress', ESTATE + global(`{${WEB}}`), 'web', INTERNET, 'allowed')
const bothWays = ESTATE + web(`egress: [${rule('Allow')}], ingress: [${rule('Allow', '', 'protocol: UDP')}]`)
check('`types` absent, rules of both: both', bothWays, 'db', 'web:80', 'denied')
check('with what they allow', bothWays, 'web', INTERNET, 'allowed')
const stored = (spec: string): string =>
  ESTATE + object('GlobalNetworkPolicy', 'name: default.p', `{${WEB}, ${spec}}`, 'crd.projectcalico.org/v1')
check(
  'stored without `types`: both, whatever rules there are',
  stored(`egress: [${rule('Allow')}]`),
  'db',
  'web:80',
  'denied',
)
check('with what they allow', stored(`egress: [${rule('Allow')}]`), 'web', INTERNET, 'allowed')
check('the other way round', stored(`ingress: [${rule('Allow')}]`), 'web', INTERNET, 'denied')
check(
  'stored with `types`, as they say',
  stored(`types: [Ingress], ingress: [${rule('Allow')}]`),
  'web',
  INTERNET,
  'allowed',
)
const unclaimed = ESTATE + web(`types: [Ingress], egress: [${rule('Deny')}]`)
check('rules for a direction that `types` leaves out say nothing', unclaimed, 'web', INTERNET, 'allowed')
check('a namespaced policy selects in its namespace', ESTATE + own(`{${CLOSED}}`), 'shop/cart', INTERNET, 'allowed')
check('everybody there', ESTATE + own(`{${CLOSED}}`), 'db', INTERNET, 'denied')
check('a global one in all', ESTATE + global(`{${CLOSED}}`), 'shop/cart', INTERNET, 'denied')
const byTeam = ESTATE + global(`{namespaceSelector: "team == 'shop'", ${CLOSED}}`)
check('or in namespaces by their labels', byTeam, 'shop/cart', INTERNET, 'denied')
check('and no others', byTeam, 'web', INTERNET, 'allowed')
const byName = ESTATE + global(`{namespaceSelector: "projectcalico.org/name == 'default'", ${CLOSED}}`)
check('or by their names', byName, 'web', INTERNET, 'denied')
check('which others do not have', byName, 'shop/cart', INTERNET, 'allowed')
const inherited = ESTATE + global(`{selector: "pcns.team == 'shop'", ${CLOSED}}`)
check('a pod inherits labels of its namespace', inherited, 'shop/cart', INTERNET, 'denied')
const byAccount = ESTATE + global(`{selector: "projectcalico.org/serviceaccount == 'default'", ${CLOSED}}`)
check('and has its account for a label', byAccount, 'web', INTERNET, 'denied')
const byAccountName = ESTATE + global(`{serviceAccountSelector: "projectcalico.org/name == 'other'", ${CLOSED}}`)
check('an account by its name', byAccountName, 'web', INTERNET, 'allowed')
const byAccountLabel = ESTATE + global(`{serviceAccountSelector: "role == 'x'", ${CLOSED}}`)
check('labels of accounts are not read', byAccountLabel, 'web', INTERNET, 'unknown')
check('parts of a value', ESTATE + global(`{selector: "app starts with 'we'", ${CLOSED}}`), 'web', INTERNET, 'denied')
check('which others lack', ESTATE + global(`{selector: "app ends with 'eb'", ${CLOSED}}`), 'db', INTERNET, 'allowed')
check('what is no selector', ESTATE + global(`{selector: "app = 'web'", ${CLOSED}}`), 'web', INTERNET, 'unknown')
const unread = pod('lone', { namespace: 'lost', ip: '10.244.0.8', node: 'n1' })
check(
  'labels of a namespace that was not read',
  ESTATE + unread + global(`{namespaceSelector: "team == 'shop'", ${CLOSED}}`),
  'lost/lone',
  INTERNET,
  'unknown',
)
const maybeAllowed = `{namespaceSelector: "team == 'shop'", ${egress(rule('Allow', 'nets: [203.0.114.0/24]'))}}`
check(
  'what it allows passes, counting or not',
  ESTATE + unread + global(maybeAllowed),
  'lost/lone',
  INTERNET,
  'allowed',
)
check('what it closes may pass', ESTATE + unread + global(maybeAllowed), 'lost/lone', '198.18.0.1:80', 'unknown')

// Rules in their order.
check(
  'the first rule that matches decides',
  ESTATE + web(egress(rule('Allow'), rule('Deny'))),
  'web',
  INTERNET,
  'allowed',
)
check('the other way round', ESTATE + web(egress(rule('Deny'), rule('Allow'))), 'web', INTERNET, 'denied')
check('Log goes on', ESTATE + web(egress(rule('Log'), rule('Allow'))), 'web', INTERNET, 'allowed')
check('and lets nothing pass', ESTATE + web(egress(rule('Log'))), 'web', INTERNET, 'denied')
check('a Pass after the last tier is allowed', ESTATE + web(PASS), 'web', INTERNET, 'allowed')
check('a word that is no action', ESTATE + web(egress(rule('Permit'))), 'web', INTERNET, 'unknown')

// Policies in their order.
const ordered = (first: string, second: string): string => ESTATE + first + second
check(
  'the lower order is asked first',
  ordered(web(`order: 10, ${DENY}`, 'z'), web(`order: 20, ${ALLOW}`, 'a')),
  'web',
  INTERNET,
  'denied',
)
check('none is last', ordered(web(ALLOW, 'a'), web(`order: 1000000, ${DENY}`, 'z')), 'web', INTERNET, 'denied')
check(
  'equal orders go by name',
  ordered(web(`order: 1, ${DENY}`, 'b'), web(`order: 1, ${ALLOW}`, 'a')),
  'web',
  INTERNET,
  'allowed',
)
check('and so do none', ordered(web(DENY, 'a'), web(ALLOW, 'b')), 'web', INTERNET, 'denied')
const global_ = global(`{order: 1, ${WEB}, ${DENY}}`, 'e')
check(
  'namespaced and global: versions compare namespace and name in another order',
  ESTATE + global_ + own(`{order: 1, ${WEB}, ${ALLOW}}`, 'd'),
  'web',
  INTERNET,
  'unknown undefined',
)
check(
  'a fraction is an order',
  ordered(web(`order: 1.5, ${DENY}`, 'a'), web(`order: 1.25, ${ALLOW}`, 'b')),
  'web',
  INTERNET,
  'allowed',
)
check(
  'what the first does not take the next one may',
  ordered(web(`order: 1, ${egress(rule('Deny', 'nets: [198.18.0.0/15]'))}`, 'a'), web(`order: 2, ${ALLOW}`, 'b')),
  'web',
  INTERNET,
  'allowed',
)

const settled = (purpose: string, yaml: string, expected: string, version = '3.32.0'): void =>
  checkOn(purpose, ESTATE + calicoAgent(version) + yaml, 'web', INTERNET, expected)

// Tiers.
const few = egress(rule('Allow', 'nets: [198.18.0.0/15]'))
const two = (security: string, first: string, second: string): string =>
  ESTATE + tier('security', security) + web(`tier: security, ${first}`, 'security.a') + web(second, 'default.b')
check('a tier of lower order comes first', two('{order: 10}', DENY, ALLOW), 'web', INTERNET, 'denied')
check('one of higher order later', two('{order: 2000000}', DENY, ALLOW), 'web', INTERNET, 'allowed')
check('one without order last or, by its name, after `default`', two('{}', DENY, ALLOW), 'web', INTERNET, 'allowed')
const alpha = (first: string, second: string, version: string | null = null): string =>
  ESTATE +
  (version === null ? '' : calicoAgent(version)) +
  tier('alpha', '{}') +
  web(`tier: alpha, ${first}`, 'alpha.a') +
  web(second, 'default.b')
check('before it: versions differ', alpha(DENY, ALLOW), 'web', INTERNET, 'unknown')
check('either way it closes', alpha(DENY, CLOSED), 'web', INTERNET, 'denied')
check('or lets pass', alpha(ALLOW, ALLOW), 'web', INTERNET, 'allowed')
check('a Pass of one leaves the other to decide', alpha(PASS, DENY), 'web', INTERNET, 'denied')
check('and the other way round', alpha(DENY, PASS), 'web', INTERNET, 'denied')
const partOnly = alpha(few, egress(rule('Allow', 'nets: [203.0.112.0/22]')))
check('what the first takes, or the end of the second closes', partOnly, 'web', '198.18.0.1:80', 'unknown')
check('what neither takes is closed', partOnly, 'web', '192.0.2.1:80', 'denied')
check(
  'with nothing in between there is one order',
  ESTATE + tier('alpha', '{}') + web(`tier: alpha, ${DENY}`, 'alpha.a'),
  'web',
  INTERNET,
  'denied',
)
settled('from 3.30 on it stands where `default` does', alpha(DENY, ALLOW).slice(ESTATE.length), 'denied', '3.30.1')
settled('before, nobody knows', alpha(DENY, ALLOW).slice(ESTATE.length), 'unknown', '3.29.0')
check('Pass goes on with the next tier', two('{order: 10}', PASS, ALLOW), 'web', INTERNET, 'allowed')
check('which may deny', two('{order: 10}', PASS, DENY), 'web', INTERNET, 'denied')
check(
  'Pass leaves the rest of its own tier',
  two('{order: 10}', egress(rule('Pass'), rule('Deny')), ALLOW),
  'web',
  INTERNET,
  'allowed',
)
check('nothing matches: the end of the tier denies', two('{order: 10}', few, ALLOW), 'web', INTERNET, 'denied')
check(
  'Deny is what the end says if nobody says so',
  two('{order: 10, defaultAction: Deny}', few, ALLOW),
  'web',
  INTERNET,
  'denied',
)
check('or it passes', two('{order: 10, defaultAction: Pass}', few, ALLOW), 'web', INTERNET, 'allowed')
check('to what comes next', two('{order: 10, defaultAction: Pass}', few, CLOSED), 'web', INTERNET, 'denied')
check('a tier counts for whom it selects', two('{order: 10}', CLOSED, ALLOW), 'db', INTERNET, 'allowed')
const otherWay = ESTATE + tier('security', '{order: 10}') + web('tier: security, types: [Ingress]', 'security.a')
check('and in the direction in which it does', otherWay, 'web', INTERNET, 'allowed')
check('equal orders of tiers go by name', two('{order: 1000000}', DENY, ALLOW), 'web', INTERNET, 'allowed')
const lost = (first: string, more = ''): string => ESTATE + web(`tier: nosuch, ${first}`, 'nosuch.a') + more
check('a policy whose tier no document shows is enforced', lost(DENY), 'web', INTERNET, 'denied')
check('what its rules do not take meets an end that nobody knows', lost(CLOSED), 'web', INTERNET, 'unknown')
check('it may stand before others', lost(DENY, web(ALLOW)), 'web', INTERNET, 'unknown')
check('or after them', lost(ALLOW, web(DENY)), 'web', INTERNET, 'unknown')
check('which is the same where they agree', lost(DENY, web(CLOSED)), 'web', INTERNET, 'denied')
check('or where one passes on', lost(DENY, web(PASS)), 'web', INTERNET, 'denied')
check('two of them', lost(ALLOW, web(`tier: other, ${DENY}`, 'other.a')), 'web', INTERNET, 'unknown')
check('which agree', lost(ALLOW, web(`tier: other, ${ALLOW}`, 'other.a')), 'web', INTERNET, 'allowed')
check('of which one passes on', lost(PASS, web(`tier: other, ${DENY}`, 'other.a')), 'web', INTERNET, 'denied')
const ALL_TIERS = tier('default', '{order: 1000000, defaultAction: Deny}')
check('where all tiers are known it comes last', lost(DENY, web(ALLOW) + ALL_TIERS), 'web', INTERNET, 'allowed')
check(
  'after one without order, too',
  lost(ALLOW, tier('zeta', '{}') + web(`tier: zeta, ${DENY}`, 'zeta.a') + ALL_TIERS),
  'web',
  INTERNET,
  'denied',
)
check('and its end denies', lost(CLOSED, ALL_TIERS), 'web', INTERNET, 'denied')
check('what the others pass on', lost(DENY, web(PASS) + ALL_TIERS), 'web', INTERNET, 'denied')
check(
  'three tiers in a row',
  two('{order: 10}', PASS, PASS) + tier('late', '{order: 5000000}') + web(`tier: late, ${DENY}`, 'late.c'),
  'web',
  INTERNET,
  'denied',
)

// Kubernetes policies among them: order 1000 of the tier `default`.
check(
  'a lower order comes before NetworkPolicy',
  ESTATE + web(`order: 900, ${DENY}`) + openByKubernetes,
  'web',
  INTERNET,
  'denied',
)
check('a higher one after it', ESTATE + web(`order: 1100, ${DENY}`) + openByKubernetes, 'web', INTERNET, 'allowed')
check('a policy without order, too', ESTATE + web(DENY) + openByKubernetes, 'web', INTERNET, 'allowed')
check('an allow before it', ESTATE + web(`order: 900, ${ALLOW}`) + closedByKubernetes, 'web', INTERNET, 'allowed')
check(
  'and after it: NetworkPolicy only allows, the end of the tier denies',
  ESTATE + web(`order: 1100, ${ALLOW}`) + closedByKubernetes,
  'web',
  INTERNET,
  'allowed',
)
check(
  'a Pass leaves the tier with NetworkPolicy in it',
  ESTATE + web(`order: 900, ${PASS}`) + closedByKubernetes,
  'web',
  INTERNET,
  'allowed',
)
check(
  'a tier before it that denies',
  ESTATE + tier('security', '{order: 10}') + web(`tier: security, ${CLOSED}`, 'security.a') + openByKubernetes,
  'web',
  INTERNET,
  'denied',
)
check(
  'the same order and another name: `default.a` stands before `knp.default.p`',
  ESTATE + own(`{order: 1000, ${WEB}, ${DENY}}`, 'default.a') + openByKubernetes,
  'web',
  INTERNET,
  'denied',
)
check(
  'a name that versions compare differently',
  ESTATE + own(`{order: 1000, ${WEB}, ${DENY}}`, 'q') + openByKubernetes,
  'web',
  INTERNET,
  'unknown undefined',
)
const cluster = (spec: string, name = 'c'): string => `
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: ${name}}
spec: ${spec}
`
const SUBJECT = 'subject: {namespaces: {}}'
const TO_ALL = 'to: [{networks: ["0.0.0.0/0", "::/0"]}]'
const adminDeny = cluster(`{tier: Admin, priority: 5, ${SUBJECT}, egress: [{action: Deny, ${TO_ALL}}]}`)
const baselineDeny = cluster(`{tier: Baseline, priority: 5, ${SUBJECT}, egress: [{action: Deny, ${TO_ALL}}]}`)
settled('ClusterNetworkPolicy of the admin tier comes before the tier `default`', web(ALLOW) + adminDeny, 'denied')
settled(
  'and after a tier of lower order',
  tier('security', '{order: 10}') + web(`tier: security, ${ALLOW}`, 's.a') + adminDeny,
  'allowed',
)
settled('the baseline is asked where nothing decides before', baselineDeny, 'denied')
settled('or a Pass leads there', web(PASS) + baselineDeny, 'denied')
settled('and not after an Allow', web(ALLOW) + baselineDeny, 'allowed')
settled('before 3.32 there is no ClusterNetworkPolicy', web(ALLOW) + adminDeny, 'allowed not-enforced', '3.31.2')
const ADMIN = `
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: a}
spec: {priority: 5, ${SUBJECT}, egress: [{action: Deny, to: [{networks: ["0.0.0.0/0"]}]}]}
`
settled('AdminNetworkPolicy up to 3.31', web(ALLOW) + ADMIN, 'denied', '3.31.2')
settled('and no later', web(ALLOW) + ADMIN, 'allowed not-enforced')
check('a version that nobody knows', ESTATE + web(ALLOW) + ADMIN, 'web', INTERNET, 'unknown')

// Parts of a rule.
const to = (destination: string, more = ''): string => ESTATE + web(egress(rule('Allow', destination, more)))
check('nets', to('nets: [203.0.112.0/22]'), 'web', INTERNET, 'allowed')
check('beside them', to('nets: [203.0.112.0/23]'), 'web', INTERNET, 'denied')
check('an address as a net', to('nets: [203.0.114.9/32]'), 'web', INTERNET, 'allowed')
check('nets catch pods', to('nets: [10.244.0.0/24]'), 'web', 'db:80', 'allowed')
check('and nodes', to('nets: [10.0.0.0/24]'), 'web', '10.0.0.2:80', 'allowed')
check('notNets', to('notNets: [10.0.0.0/8]'), 'web', INTERNET, 'allowed')
check('leave out', to('notNets: [203.0.112.0/22]'), 'web', INTERNET, 'denied')
check('pods, too', to('notNets: [10.244.0.0/24]'), 'web', 'db:80', 'denied')
check('both hold', to('nets: [203.0.112.0/22], notNets: [203.0.114.0/24]'), 'web', INTERNET, 'denied')
check('nets of one family say nothing of the other', to('nets: ["2001:db8::/32"]'), 'web', INTERNET, 'denied')
check('and they do in their own', to('nets: ["2001:db8::/32"]'), 'web', '[2001:db8::1]:443', 'allowed')
check(
  'notNets of one family make a rule of that family',
  to('notNets: [10.0.0.0/8]'),
  'web',
  '[2001:db8::1]:443',
  'denied',
)
check('ipVersion 4', to('', 'ipVersion: 4'), 'web', INTERNET, 'allowed')
check('is not 6', to('', 'ipVersion: 4'), 'web', '[2001:db8::1]:443', 'denied')
check('ipVersion 6', to('', 'ipVersion: 6'), 'web', '[2001:db8::1]:443', 'allowed')
check('text that readers read differently', to('nets: [010.0.0.0/8]'), 'web', INTERNET, 'unknown')
check('a protocol', to('', 'protocol: TCP'), 'web', INTERNET, 'allowed')
check('another one', to('', 'protocol: UDP'), 'web', INTERNET, 'denied')
check('by its number', to('', 'protocol: 47'), 'web', '203.0.114.9:*/47', 'allowed')
check('notProtocol', to('', 'notProtocol: UDP'), 'web', INTERNET, 'allowed')
check('leaves it out', to('', 'notProtocol: TCP'), 'web', INTERNET, 'denied')
check('ports', to('ports: [443]', 'protocol: TCP'), 'web', INTERNET, 'allowed')
check('other ports', to('ports: [80]', 'protocol: TCP'), 'web', INTERNET, 'denied')
check('a range', to('ports: ["440:450"]', 'protocol: TCP'), 'web', INTERNET, 'allowed')
check('a number as text', to('ports: ["443"]', 'protocol: TCP'), 'web', INTERNET, 'allowed')
check('notPorts', to('notPorts: [80]', 'protocol: TCP'), 'web', INTERNET, 'allowed')
check('leave out', to('notPorts: ["400:500"]', 'protocol: TCP'), 'web', INTERNET, 'denied')
check(
  'ports without a protocol: Calico refuses the policy, or does not',
  to('ports: [443]'),
  'web',
  INTERNET,
  'unknown',
)
check('a port by name, of the pod', to('ports: [sql]', 'protocol: TCP'), 'web', 'db:5432', 'allowed')
check('each pod has its own', to('ports: [sql]', 'protocol: TCP'), 'web', 'shop/cart:6432', 'allowed')
check('not another one’s', to('ports: [sql]', 'protocol: TCP'), 'web', 'db:6432', 'denied')
check('nobody outside has one', to('ports: [sql]', 'protocol: TCP'), 'web', '203.0.114.9:5432', 'denied')
check('of that protocol', to('ports: [sql]', 'protocol: UDP'), 'web', 'db:5432/udp', 'denied')
check('notPorts by name', to('notPorts: [sql]', 'protocol: TCP'), 'web', 'db:5432', 'unknown')
const named = ESTATE + global(`{selector: "app == 'db'", ingress: [${rule('Allow', 'ports: [sql]', 'protocol: TCP')}]}`)
check('in ingress it is the port of the pod itself', named, 'web', 'db:5432', 'allowed')
check('and no other', named, 'web', 'db:80', 'denied')
check('ICMP', to('', 'protocol: ICMP'), 'web', '203.0.114.9:8/icmp', 'allowed')
check('a type', to('', 'protocol: ICMP, icmp: {type: 8}'), 'web', '203.0.114.9:8/icmp', 'allowed')
check('another type', to('', 'protocol: ICMP, icmp: {type: 3}'), 'web', '203.0.114.9:8/icmp', 'denied')
check('with a code', to('', 'protocol: ICMP, icmp: {type: 8, code: 1}'), 'web', '203.0.114.9:8/0/icmp', 'denied')
check('notICMP', to('', 'protocol: ICMP, notICMP: {type: 8}'), 'web', '203.0.114.9:8/icmp', 'denied')
check(
  'ICMPv6 is another protocol',
  to('', 'protocol: ICMPv6, icmp: {type: 128}'),
  'web',
  '203.0.114.9:8/icmp',
  'denied',
)
check(
  'a source port is the sender’s to choose',
  ESTATE + web(egress(rule('Allow', '', 'protocol: TCP, source: {ports: [1024]}'))),
  'web',
  INTERNET,
  'unknown',
)
check(
  'HTTP is for the application layer: the connection may be made',
  ESTATE + global(`{${WEB}, ingress: [${rule('Allow', '', 'protocol: TCP, http: {methods: [GET]}')}]}`),
  'db',
  'web:80',
  'allowed',
)
check(
  '`domains` are refused or dropped by open source Calico',
  to('domains: [example.com]'),
  'web',
  INTERNET,
  'unknown',
)

// What Calico's API refuses, wherever it stands: the policy may not be there.
const WRONG: readonly (readonly [purpose: string, rule: string])[] = [
  ['a net that readers read differently', rule('Log', 'nets: [010.0.0.0/8]')],
  ['a protocol without its capitals', rule('Log', '', 'protocol: tcp')],
  ['nets of both families', rule('Log', 'nets: [203.0.112.0/22, "2001:db8::/32"]')],
  ['the other family at the other end', rule('Log', 'nets: [203.0.112.0/22]', 'source: {notNets: ["fd00::/8"]}')],
  ['nets of another family than `ipVersion`', rule('Log', 'nets: [203.0.112.0/22]', 'ipVersion: 6')],
  ['ICMP of the other family', rule('Log', '', 'protocol: ICMP, ipVersion: 6')],
  ['an address without a length', rule('Log', 'nets: [203.0.114.9]')],
  ['host bits', rule('Log', 'nets: [203.0.114.9/24]')],
  ['everything left out', rule('Log', 'notNets: [0.0.0.0/0]')],
  ['`global()` beside others', rule('Log', `namespaceSelector: "global() || team == 'x'"`)],
  ['port 0', rule('Log', 'ports: [0]', 'protocol: TCP')],
  ['HTTP where nothing is allowed', rule('Log', '', 'protocol: TCP, http: {methods: [GET]}')],
]
for (const [purpose, wrong] of WRONG) {
  check(`${purpose}, in a rule that logs`, ESTATE + web(egress(wrong)), 'web', INTERNET, 'unknown')
  const idle = `types: [Egress], egress: [${rule('Deny')}], ingress: [${wrong.replace('Log', 'Deny')}]`
  check(`${purpose}, where \`types\` leaves it out`, ESTATE + web(idle), 'web', INTERNET, 'unknown')
  const agrees = ESTATE + web(egress(wrong), 'a') + web(CLOSED, 'b')
  check(`${purpose}, where another policy closes, too`, agrees, 'web', INTERNET, 'denied')
}
check(
  'HTTP in egress',
  ESTATE + web(egress(rule('Allow', '', 'protocol: TCP, http: {methods: [GET]}'))),
  'web',
  '203.0.114.9:53/udp',
  'unknown',
)
check('a word of `types` twice', ESTATE + web('types: [Egress, Egress]'), 'web', INTERNET, 'unknown')
check(
  'stored, the agent takes them: nets of both families',
  stored(egress(rule('Allow', 'nets: [203.0.112.0/22, "2001:db8::/32"]'))),
  'web',
  '[2001:db8::1]:443',
  'allowed',
)
check(
  'each in its own',
  stored(egress(rule('Allow', 'nets: [203.0.112.0/22, "2001:db8::/32"]'))),
  'web',
  '198.18.0.1:80',
  'denied',
)
check(
  'a protocol in any case',
  stored(egress(rule('Allow', '', 'protocol: tcp'))),
  'web',
  '203.0.114.9:53/udp',
  'denied',
)
check('an address alone', stored(egress(rule('Allow', 'nets: [203.0.114.9]'))), 'web', '203.0.114.8:443', 'denied')
const taken = web(egress(rule('Allow', 'nets: [203.0.114.9]'))).replace('name: p', 'name: p, uid: "1"')
check('and whatever a cluster gave out is there', ESTATE + taken, 'web', '203.0.114.8:443', 'denied')

// Selectors at the other end.
check('a selector means pods', to(`selector: "app == 'db'"`), 'web', 'db:80', 'allowed')
check('only those', to(`selector: "app == 'db'"`), 'web', 'shop/cart:80', 'denied')
check('`all()` is every pod', to('selector: all()'), 'web', 'shop/cart:80', 'allowed')
check('and nobody outside', to('selector: all()'), 'web', INTERNET, 'denied')
check('notSelector leaves out', to(`notSelector: "app == 'db'"`), 'web', 'db:80', 'denied')
check('and means other pods', to(`notSelector: "app == 'db'"`), 'web', 'shop/cart:80', 'allowed')
check('and everybody outside', to(`notSelector: "app == 'db'"`), 'web', INTERNET, 'allowed')
check('`!has` is about pods alone', to('selector: "!has(nothing)"'), 'web', INTERNET, 'denied')
check('both selectors', to(`selector: all(), notSelector: "app == 'db'"`), 'web', INTERNET, 'denied')
check('a selector and nets both hold', to(`selector: all(), nets: [10.244.0.7/32]`), 'web', 'shop/cart:80', 'allowed')
check('so neither alone', to(`selector: all(), nets: [10.244.0.7/32]`), 'web', 'db:80', 'denied')
check('namespaceSelector', to(`namespaceSelector: "team == 'shop'"`), 'web', 'shop/cart:80', 'allowed')
check('leaves other namespaces out', to(`namespaceSelector: "team == 'shop'"`), 'web', 'db:80', 'denied')
check('`namespaceSelector: all()` is every pod', to('namespaceSelector: all()'), 'web', 'shop/cart:80', 'allowed')
check('accounts by name', to('serviceAccounts: {names: [default]}'), 'web', 'db:80', 'allowed')
check('another name', to('serviceAccounts: {names: [other]}'), 'web', 'db:80', 'denied')
check('accounts by label are not read', to(`serviceAccounts: {selector: "role == 'x'"}`), 'web', 'db:80', 'unknown')
const inOwn = (destination: string): string => ESTATE + own(`{${WEB}, ${egress(rule('Allow', destination))}}`)
check('a namespaced policy means its own namespace', inOwn('selector: all()'), 'web', 'db:80', 'allowed')
check('and no other', inOwn('selector: all()'), 'web', 'shop/cart:80', 'denied')
check(
  'unless a selector of namespaces says so',
  inOwn('selector: all(), namespaceSelector: all()'),
  'web',
  'shop/cart:80',
  'allowed',
)
check('its notSelector, too, is of its own namespace', inOwn(`notSelector: "app == 'cart'"`), 'web', INTERNET, 'denied')
check('where it holds', inOwn(`notSelector: "app == 'cart'"`), 'web', 'db:80', 'allowed')
check(
  'an account is of its own namespace',
  inOwn('serviceAccounts: {names: [default]}'),
  'web',
  'shop/cart:80',
  'denied',
)

// Network sets.
const GLOBAL_SET = object('GlobalNetworkSet', 'name: partners, labels: {role: partner}', '{nets: [203.0.112.0/22]}')
const SET = object('NetworkSet', 'name: lab, namespace: shop, labels: {role: lab}', '{nets: [198.18.0.0/15]}')
const PARTNER = `selector: "role == 'partner'"`
const LAB = `selector: "role == 'lab'"`
check('a selector means network sets', to(PARTNER) + GLOBAL_SET, 'web', INTERNET, 'allowed')
check('their nets alone', to(PARTNER) + GLOBAL_SET, 'web', '203.0.116.1:443', 'denied')
check('a notSelector leaves them out', to(`notSelector: "role == 'partner'"`) + GLOBAL_SET, 'web', INTERNET, 'denied')
check('and nobody else', to(`notSelector: "role == 'partner'"`) + GLOBAL_SET, 'web', '203.0.116.1:443', 'allowed')
check('a set of a namespace for a global policy', to(LAB) + SET, 'web', '198.18.0.1:80', 'allowed')
check(
  'it has the labels of its namespace',
  to(`namespaceSelector: "team == 'shop'"`) + SET,
  'web',
  '198.18.0.1:80',
  'allowed',
)
check('a policy of another namespace does not see it', inOwn(LAB) + SET, 'web', '198.18.0.1:80', 'denied')
check('nor global sets', inOwn(PARTNER) + GLOBAL_SET, 'web', INTERNET, 'denied')
check('but with `global()`', inOwn(`${PARTNER}, namespaceSelector: global()`) + GLOBAL_SET, 'web', INTERNET, 'allowed')
check(
  'which means no pod',
  inOwn('selector: all(), namespaceSelector: global()') + GLOBAL_SET,
  'web',
  'db:80',
  'denied',
)
check(
  'sets catch pods by their addresses',
  to(PARTNER) + object('GlobalNetworkSet', 'name: pods, labels: {role: partner}', '{nets: [10.244.0.6]}'),
  'web',
  'db:80',
  'allowed',
)
check(
  'a set with names',
  to(PARTNER) + object('GlobalNetworkSet', 'name: s, labels: {role: partner}', '{allowedEgressDomains: [a.example]}'),
  'web',
  INTERNET,
  'unknown',
)

// The own side of a rule.
const ownSide = (source: string): string =>
  ESTATE + global(`{selector: all(), types: [Egress], egress: [{action: Allow, source: {${source}}}]}`)
check('`source` of an egress rule narrows whom it is about', ownSide(WEB), 'web', INTERNET, 'allowed')
check('others keep the rest of the policy', ownSide(WEB), 'db', INTERNET, 'denied')
check('by address', ownSide('nets: [10.244.0.5/32]'), 'web', INTERNET, 'allowed')
check('another address', ownSide('nets: [10.244.0.5/32]'), 'db', INTERNET, 'denied')
check('by what it is not', ownSide('notNets: [10.244.0.5/32]'), 'web', INTERNET, 'denied')
check('by its namespace', ownSide(`namespaceSelector: "team == 'shop'"`), 'shop/cart', INTERNET, 'allowed')
check('not another one', ownSide(`namespaceSelector: "team == 'shop'"`), 'web', INTERNET, 'denied')
check('in the family of the source alone', ownSide('nets: [10.244.0.5/32]'), 'web', '[2001:db8::1]:443', 'denied')
const dual = pod('two', { ip: '10.244.0.9', node: 'n1' }).replace(
  'podIPs: [{ip: "10.244.0.9"}]',
  'podIPs: [{ip: "10.244.0.9"}, {ip: "fd00::9"}]',
)
check(
  'a pod of both families',
  ESTATE + dual + global(`{${CLOSED}, egress: [{action: Allow, source: {nets: ["fd00::/64"]}}]}`),
  'two',
  '[2001:db8::1]:443',
  'allowed',
)
check(
  'in the other one',
  ESTATE + dual + global(`{${CLOSED}, egress: [{action: Allow, source: {nets: ["fd00::/64"]}}]}`),
  'two',
  INTERNET,
  'denied',
)
const ownIngress =
  ESTATE +
  global(`{selector: all(), types: [Ingress], ingress: [{action: Allow, destination: {selector: "app == 'db'"}}]}`)
check('`destination` of an ingress rule, too', ownIngress, 'web', 'db:80', 'allowed')
check('for others it is no rule', ownIngress, 'web', 'shop/cart:80', 'denied')
const unplaced = pod('new', { node: 'n1' })
check(
  'a pod without an address',
  ESTATE + unplaced + global(`{${CLOSED}, egress: [{action: Allow, source: {nets: [10.244.0.0/16]}}]}`),
  'new',
  INTERNET,
  'unknown',
)

// Ingress.
const from = (source: string): string =>
  ESTATE + global(`{selector: "app == 'db'", types: [Ingress], ingress: [{action: Allow, source: {${source}}}]}`)
check('by selector', from(WEB), 'web', 'db:80', 'allowed')
check('others stay out', from(WEB), 'shop/cart', 'db:80', 'denied')
check('by address', from('nets: [10.244.0.5]'), 'web', 'db:80', 'allowed')
check(
  'Deny before Allow',
  ESTATE + global(`{selector: "app == 'db'", ingress: [{action: Deny, source: {${WEB}}}, {action: Allow}]}`),
  'web',
  'db:80',
  'denied',
)

// Services.
const SERVICE = `
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: default}
spec: {selector: {app: db}, ports: [{port: 80, targetPort: 5432}], clusterIP: 10.96.0.7}
---
apiVersion: v1
kind: Endpoints
metadata: {name: db, namespace: default}
subsets: [{addresses: [{ip: 10.244.0.6}], ports: [{port: 5432}]}]
`
const serviceRule = to('services: {name: db, namespace: default}', 'protocol: TCP') + SERVICE
check('the endpoints of a Service with its port', serviceRule, 'web', 'db:5432', 'allowed')
check('no other port of them', serviceRule, 'web', 'db:80', 'denied')
check('nobody else', serviceRule, 'web', 'shop/cart:5432', 'denied')
check('a Service that was not read', to('services: {name: lost, namespace: default}'), 'web', 'db:5432', 'unknown')

// What does not count.
const staged = (kind: string, metadata: string, spec: string): string => ESTATE + object(kind, metadata, spec)
check('staged policies', staged('StagedGlobalNetworkPolicy', 'name: s', `{${CLOSED}}`), 'web', INTERNET, 'allowed')
check(
  'of a namespace',
  staged('StagedNetworkPolicy', 'name: s, namespace: default', `{${CLOSED}}`),
  'web',
  INTERNET,
  'allowed',
)
check(
  'and of the Kubernetes kind',
  staged('StagedKubernetesNetworkPolicy', 'name: s, namespace: default', '{podSelector: {}, policyTypes: [Egress]}'),
  'web',
  INTERNET,
  'allowed',
)
check(
  'a policy before connection tracking is for hosts',
  ESTATE + web(`doNotTrack: true, applyOnForward: true, ${DENY}`),
  'web',
  INTERNET,
  'allowed',
)
check(
  'and so is one before address translation',
  ESTATE + web('preDNAT: true, applyOnForward: true, types: [Ingress]'),
  'db',
  'web:80',
  'allowed',
)
check(
  'the other API group',
  ESTATE + object('GlobalNetworkPolicy', 'name: p', `{${WEB}, ${CLOSED}}`, 'crd.projectcalico.org/v1'),
  'web',
  INTERNET,
  'denied',
)

// Where nobody enforces them, or nobody knows.
check('a plugin that does not take them', ESTATE + web(CLOSED), 'web', INTERNET, 'allowed not-enforced', 'flannel')
check(
  'or takes NetworkPolicy alone',
  ESTATE + web(`order: 1, ${ALLOW}`) + closedByKubernetes,
  'web',
  INTERNET,
  'denied',
  'aws-vpc-cni',
)
check('a plugin that nobody knows', ESTATE + web(CLOSED), 'web', INTERNET, 'unknown', 'unknown')
check('which stops nothing that all let pass', ESTATE + web(ALLOW), 'web', INTERNET, 'allowed', 'unknown')
check('the eBPF dataplane', ESTATE + web(CLOSED), 'web', INTERNET, 'denied', 'calico-ebpf')
check('for every protocol', ESTATE + web(CLOSED), 'web', '203.0.114.9:*/47', 'denied', 'calico-ebpf')
check('ICMP, too', ESTATE + web(CLOSED), 'web', '203.0.114.9:8/icmp', 'denied', 'calico-ebpf')
