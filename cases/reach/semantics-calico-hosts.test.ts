import { calicoAgent, checkCalico as check } from './calico-table.ts'
import { namespace, networkPolicy, node, pod } from './estate.ts'

// Host endpoints, as docs.tigera.io, "Host endpoint", "Protect hosts", "Summary", "Failsafe rules" and "Apply on forwarded
// traffic", and felix/rules and felix/dataplane/linux of projectcalico/calico say it.

const object = (kind: string, name: string, spec: string, labels = ''): string => `
---
apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: {name: ${name}, labels: {${labels}}}
spec: ${spec}
`
const PODS =
  namespace('default') +
  pod('web', { ip: '10.244.0.5', node: 'n1' }) +
  pod('near', { ip: '10.244.0.4', node: 'n1' }) +
  pod('db', { ip: '10.244.0.6', node: 'n2', ports: [{ name: 'sql', port: 5432 }] }) +
  pod('agent', { host: true, node: 'n1', ip: '10.0.0.1' }) +
  pod('beside', { host: true, node: 'n1', ip: '10.0.0.1' }) +
  pod('other', { host: true, node: 'n2', ip: '10.0.0.2' })
const ESTATE = node('n1', '10.0.0.1', 'zone: a') + node('n2', '10.0.0.2', 'zone: b') + PODS
const INTERNET = '203.0.114.9:443'

const host = (name: string, rest: string, labels = 'host: yes1'): string =>
  object('HostEndpoint', name, `{node: ${name.slice(0, 2)}, ${rest}}`, labels)
const whole = (on: string, profiles = 'projectcalico-default-allow'): string =>
  host(`${on}-all`, `interfaceName: "*", expectedIPs: [10.0.0.${on.slice(1)}], profiles: [${profiles}]`, `host: ${on}`)
const AUTOMATIC = whole('n1') + whole('n2')
const OPEN = ESTATE + AUTOMATIC
const CLOSED = ESTATE + whole('n1', '') + whole('n2', '')

const global = (spec: string, name = 'p'): string => object('GlobalNetworkPolicy', name, `{${spec}}`)
const forward = (selector: string, rest: string, name = 'p'): string =>
  global(`${selector}, applyOnForward: true, ${rest}`, name)
const HOSTS = 'selector: has(host)'
const FIRST = `selector: "host == 'n1'"`
const SECOND = `selector: "host == 'n2'"`
const egress = (...rules: readonly string[]): string => `types: [Egress], egress: [${rules.join(', ')}]`
const ingress = (...rules: readonly string[]): string => `types: [Ingress], ingress: [${rules.join(', ')}]`
const ALLOW = '{action: Allow}'
const DENY = '{action: Deny}'
const PASS = '{action: Pass}'
const LOG = '{action: Log}'
const to = (action: string, destination: string, more = ''): string =>
  `{action: ${action}, destination: {${destination}}${more}}`
const tcp = (action: string, destination: string): string => to(action, destination, ', protocol: TCP')
const felix = (name: string, spec: string): string => object('FelixConfiguration', name, `{${spec}}`)
const tier = (name: string, spec: string): string => object('Tier', name, `{${spec}}`)

// What a host sends.
check('without host endpoints no policy holds on hosts', ESTATE + global(egress(DENY)), 'agent', INTERNET, 'allowed')
check('automatic ones allow by default', OPEN, 'agent', INTERNET, 'allowed')
check('"If network policy is not in place, the default is to deny"', CLOSED, 'agent', INTERNET, 'denied')
check('on the node of the endpoint alone', ESTATE + whole('n1', ''), 'other', INTERNET, 'allowed')
check('`all()` selects them, too', OPEN + global(egress(DENY)), 'agent', INTERNET, 'denied')
check(
  'a selector of pods does not',
  OPEN + global(`selector: "app == 'web'", ${egress(DENY)}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'nor does one of namespaces',
  OPEN + global(`namespaceSelector: all(), ${egress(DENY)}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'policies of Kubernetes are for pods',
  OPEN + networkPolicy('{podSelector: {}, policyTypes: [Egress]}'),
  'agent',
  INTERNET,
  'allowed',
)
check('selecting closes', OPEN + global(`${HOSTS}, types: [Egress]`), 'agent', INTERNET, 'denied')
check(
  'but for what a rule allows',
  OPEN + global(`${HOSTS}, ${egress(tcp('Allow', 'ports: [443]'))}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'and no more',
  OPEN + global(`${HOSTS}, ${egress(tcp('Allow', 'ports: [443]'))}`),
  'agent',
  '203.0.114.9:80',
  'denied',
)
check(
  'to nets',
  OPEN + global(`${HOSTS}, ${egress(to('Allow', 'nets: [203.0.114.0/24]'))}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'in both families',
  OPEN + global(`${HOSTS}, ${egress(to('Allow', 'nets: ["2001:db8::/32"]'))}`),
  'agent',
  '[2001:db8::1]:443',
  'allowed',
)
check(
  'each by itself',
  OPEN + global(`${HOSTS}, ${egress(to('Allow', 'nets: ["2001:db8::/32"]'))}`),
  'agent',
  INTERNET,
  'denied',
)
check(
  'to network sets',
  OPEN +
    object('GlobalNetworkSet', 's', '{nets: [203.0.114.0/24]}', 'kind: feed') +
    global(`${HOSTS}, ${egress(to('Allow', 'selector: has(kind)'))}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'a policy for what arrives leaves what is sent',
  OPEN + global(`${HOSTS}, ${ingress(DENY)}`),
  'agent',
  INTERNET,
  'allowed',
)
check('by labels of the endpoint', OPEN + global(`${SECOND}, ${egress(DENY)}`), 'agent', INTERNET, 'allowed')
check('which differ', OPEN + global(`${SECOND}, ${egress(DENY)}`), 'other', INTERNET, 'denied')
check(
  'the first rule that matches decides',
  OPEN + global(`${HOSTS}, ${egress(DENY, ALLOW)}`),
  'agent',
  INTERNET,
  'denied',
)
check('Log goes on', OPEN + global(`${HOSTS}, ${egress(LOG, ALLOW)}`), 'agent', INTERNET, 'allowed')
check(
  'lower orders first',
  OPEN + global(`${HOSTS}, order: 2, ${egress(DENY)}`) + global(`${HOSTS}, order: 1, ${egress(ALLOW)}`, 'q'),
  'agent',
  INTERNET,
  'allowed',
)
const tiers = OPEN + tier('security', 'order: 5')
check(
  'tiers in their order',
  tiers + global(`tier: security, ${HOSTS}, ${egress(DENY)}`, 'security.a') + global(`${HOSTS}, ${egress(ALLOW)}`),
  'agent',
  INTERNET,
  'denied',
)
check(
  'Pass goes to the next',
  tiers + global(`tier: security, ${HOSTS}, ${egress(PASS)}`, 'security.a') + global(`${HOSTS}, ${egress(DENY)}`),
  'agent',
  INTERNET,
  'denied',
)
check(
  'or to the profiles, which allow',
  tiers + global(`tier: security, ${HOSTS}, ${egress(PASS)}`, 'security.a'),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'or do not',
  CLOSED + tier('security', 'order: 5') + global(`tier: security, ${HOSTS}, ${egress(PASS)}`, 'security.a'),
  'agent',
  INTERNET,
  'denied',
)
check(
  'a tier that passes leaves the rest to the profiles',
  OPEN +
    tier('security', 'order: 5, defaultAction: Pass') +
    global(`tier: security, ${HOSTS}, types: [Egress]`, 'security.a'),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'a policy that allows needs no profile',
  CLOSED + global(`${HOSTS}, ${egress(ALLOW)}`),
  'agent',
  INTERNET,
  'allowed',
)
check('a profile of somebody’s own', ESTATE + whole('n1', 'mine'), 'agent', INTERNET, 'unknown')
check(
  'the first profile decides',
  ESTATE + whole('n1', 'projectcalico-default-allow, mine'),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'a policy that cannot be read',
  OPEN + global(`${HOSTS}, ${egress('{action: Maybe}')}`),
  'agent',
  INTERNET,
  'unknown',
)
check(
  'a selector that is none: the policy may not be there',
  OPEN + global(`selector: "host ==", ${egress(DENY)}`),
  'agent',
  INTERNET,
  'unknown',
)
check(
  'nor where what is none is for namespaces',
  OPEN + forward(`${HOSTS}, namespaceSelector: "zone =="`, egress(DENY)),
  'web',
  INTERNET,
  'unknown',
)
check(
  'a rule that asks for another source',
  OPEN + global(`${HOSTS}, ${egress('{action: Deny, source: {nets: [192.0.2.0/24]}}', ALLOW)}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'or for that of the host',
  OPEN + global(`${HOSTS}, ${egress('{action: Deny, source: {nets: [10.0.0.0/24]}}', ALLOW)}`),
  'agent',
  INTERNET,
  'denied',
)
check(
  'a policy of the other group',
  OPEN +
    object('GlobalNetworkPolicy', 'default.p', `{${HOSTS}, ${egress(DENY)}}`).replace(
      'projectcalico.org/v3',
      'crd.projectcalico.org/v1',
    ),
  'agent',
  INTERNET,
  'denied',
)
check('the eBPF dataplane', OPEN + global(`${HOSTS}, ${egress(DENY)}`), 'agent', INTERNET, 'denied', 'calico-ebpf')
check(
  'a plugin that takes none',
  OPEN + global(`${HOSTS}, ${egress(DENY)}`),
  'agent',
  INTERNET,
  'allowed not-enforced',
  'flannel',
)
check(
  'of several whole endpoints the first by name counts',
  OPEN + host('n1-aaa', 'interfaceName: "*"', 'first: yes1') + global(`${FIRST}, ${egress(ALLOW)}`),
  'agent',
  INTERNET,
  'denied',
)

// Failsafe ports.
const shut = OPEN + global(`${HOSTS}, ${egress(DENY)}`)
check('failsafe ports stay open', shut, 'agent', '203.0.114.9:53/udp', 'allowed')
check('6443 is one', shut, 'agent', '203.0.114.9:6443', 'allowed')
check('by TCP alone', shut, 'agent', '203.0.114.9:6443/udp', 'denied')
check('22 is one for what arrives', shut, 'agent', '203.0.114.9:22', 'denied')
const only443 = felix('default', 'failsafeOutboundHostPorts: [{protocol: TCP, port: 443}]')
check('settings say which', shut + only443, 'agent', INTERNET, 'allowed')
check('and which not', shut + only443, 'agent', '203.0.114.9:53/udp', 'denied')
check(
  'an empty list is none',
  shut + felix('default', 'failsafeOutboundHostPorts: []'),
  'agent',
  '203.0.114.9:53/udp',
  'denied',
)
check(
  'those of the node come first',
  shut + only443 + felix('node.n1', 'failsafeOutboundHostPorts: []'),
  'agent',
  INTERNET,
  'denied',
)
check('for that node', shut + only443 + felix('node.n1', 'failsafeOutboundHostPorts: []'), 'other', INTERNET, 'allowed')
const toNet = felix('default', 'failsafeOutboundHostPorts: [{protocol: TCP, port: 443, net: 203.0.114.0/24}]')
check('a net limits where they lead', shut + toNet, 'agent', INTERNET, 'allowed')
check('and leaves the rest closed', shut + toNet, 'agent', '198.51.100.1:443', 'denied')
check(
  'pods have none',
  OPEN + global(`selector: "app == 'web'", ${egress(DENY)}`),
  'web',
  '203.0.114.9:53/udp',
  'denied',
)

// A host and its own pods, other pods, other hosts, itself.
check('"Traffic from a host to its workload endpoints is always allowed"', shut, 'agent', 'web:80', 'allowed')
check(
  'whatever the pod says',
  shut + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}'),
  'agent',
  'web:80',
  'allowed',
)
check('not so to pods of other nodes', shut, 'agent', 'db:80', 'denied')
check(
  'which say theirs, too',
  OPEN + global(`${HOSTS}, ${egress(ALLOW)}`) + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}'),
  'agent',
  'db:80',
  'denied',
)
check(
  'where both allow',
  OPEN + global(`${HOSTS}, ${egress(to('Allow', `selector: "app == 'db'"`))}`),
  'agent',
  'db:80',
  'allowed',
)
check('to other hosts', shut, 'agent', 'other:80', 'denied')
check('by failsafe ports', shut, 'agent', 'other:2379', 'allowed')
const toHost = OPEN + global(`${HOSTS}, ${egress(to('Allow', `selector: "host == 'n2'"`))}`)
check('by the selector of an endpoint', toHost, 'agent', 'other:80', 'allowed')
check('and not outside', toHost, 'agent', INTERNET, 'denied')
const shutIn = OPEN + global(`${HOSTS}, ${ingress(DENY)}`)
check('what arrives at another host', shutIn, 'agent', 'other:80', 'denied')
check('by failsafe ports', shutIn, 'agent', 'other:22', 'allowed')
check('of their own', shutIn, 'agent', 'other:53/udp', 'denied')
check('what a host sends to itself passes both ways', shutIn, 'agent', 'beside:80', 'denied')
check(
  'that',
  OPEN + global(`${HOSTS}, types: [Ingress, Egress], ingress: [${ALLOW}], egress: [${DENY}]`),
  'agent',
  'beside:80',
  'denied',
)
check(
  'a rule for localhost leaves others closed',
  OPEN + global(`${HOSTS}, ${ingress(to('Allow', 'nets: [127.0.0.0/8]'))}`),
  'agent',
  'other:80',
  'denied',
)
check(
  'by source',
  OPEN + global(`${HOSTS}, ${ingress('{action: Allow, source: {nets: [10.0.0.0/24]}}')}`),
  'agent',
  'other:80',
  'allowed',
)
check(
  'of others',
  OPEN + global(`${HOSTS}, ${ingress('{action: Allow, source: {nets: [192.0.2.0/24]}}')}`),
  'agent',
  'other:80',
  'denied',
)
check(
  'by the selector of an endpoint',
  OPEN + global(`${HOSTS}, ${ingress(`{action: Allow, source: {selector: "host == 'n1'"}}`)}`),
  'agent',
  'other:80',
  'allowed',
)

// What pods send to hosts.
check('what pods send to a host that ingress policy selects', shutIn, 'web', 'other:80', 'denied')
check('but for failsafe ports', shutIn, 'web', 'other:22', 'allowed')
check('an endpoint without a profile closes', CLOSED, 'web', 'other:80', 'denied')
check('not toward its own pods’ node: that is DefaultEndpointToHostAction’s', shutIn, 'web', 'agent:80', 'allowed')
check(
  'a rule with a source: masquerading may hide the pod',
  OPEN + global(`${HOSTS}, ${ingress('{action: Allow, source: {nets: [10.244.0.0/16]}}')}`),
  'web',
  'other:80',
  'unknown',
)
check('what the host sends is another direction', shut, 'web', 'other:80', 'allowed')

// What is forwarded.
check('a policy for hosts leaves pods alone', shut, 'web', INTERNET, 'allowed')
check('unless it applies on forward', OPEN + forward(HOSTS, egress(DENY)), 'web', INTERNET, 'denied')
check(
  'or nobody can tell whether it does',
  OPEN + global(`${HOSTS}, applyOnForward: "true", ${egress(DENY)}`),
  'web',
  INTERNET,
  'unknown',
)
check('it is for local processes, too', OPEN + forward(HOSTS, egress(DENY)), 'agent', INTERNET, 'denied')
check(
  '"no rules in the policies allow the traffic: denied"',
  OPEN + forward(HOSTS, egress(tcp('Allow', 'ports: [80]'))),
  'web',
  INTERNET,
  'denied',
)
check('what they allow', OPEN + forward(HOSTS, egress(tcp('Allow', 'ports: [443]'))), 'web', INTERNET, 'allowed')
check(
  '"if workload policy denies it, the packet is still dropped"',
  OPEN + forward(HOSTS, egress(ALLOW)) + networkPolicy('{podSelector: {}, policyTypes: [Egress]}'),
  'web',
  INTERNET,
  'denied',
)
check('on its node alone', OPEN + forward(SECOND, egress(DENY)), 'web', INTERNET, 'allowed')
check('which is another pod’s', OPEN + forward(SECOND, egress(DENY)), 'db', INTERNET, 'denied')
check('there are no failsafe ports', OPEN + forward(HOSTS, egress(DENY)), 'web', '203.0.114.9:53/udp', 'denied')
check('and no profiles: "Forwarded traffic is allowed by default"', CLOSED, 'web', INTERNET, 'allowed')
check('in a direction without such policies', CLOSED + forward(HOSTS, ingress(ALLOW)), 'web', INTERNET, 'allowed')
check(
  'in tiers',
  OPEN +
    tier('security', 'order: 5') +
    forward(`tier: security, ${HOSTS}`, egress(tcp('Pass', 'ports: [443]')), 'security.a') +
    forward(HOSTS, egress(to('Allow', 'nets: [203.0.114.0/24]'))),
  'web',
  INTERNET,
  'allowed',
)
check(
  'that pass on to others',
  OPEN +
    tier('security', 'order: 5') +
    forward(`tier: security, ${HOSTS}`, egress(tcp('Pass', 'ports: [443]')), 'security.a') +
    forward(HOSTS, egress(to('Deny', 'nets: [203.0.114.0/24]'))),
  'web',
  INTERNET,
  'denied',
)
check(
  'or close',
  OPEN +
    tier('security', 'order: 5') +
    forward(`tier: security, ${HOSTS}`, egress(tcp('Pass', 'ports: [443]')), 'security.a') +
    forward(HOSTS, egress(ALLOW)),
  'web',
  '203.0.114.9:80',
  'denied',
)
check(
  'past all of them it is open',
  CLOSED + tier('security', 'order: 5') + forward(`tier: security, ${HOSTS}`, egress(PASS), 'security.a'),
  'web',
  INTERNET,
  'allowed',
)
check('between pods of two nodes, by the sender’s', OPEN + forward(FIRST, egress(DENY)), 'web', 'db:80', 'denied')
check('by the receiver’s', OPEN + forward(SECOND, ingress(DENY)), 'web', 'db:80', 'denied')
check(
  '`*` stands for the interfaces of pods, too: they leave it by one',
  OPEN + forward(SECOND, egress(DENY)),
  'web',
  'db:80',
  'denied',
)
check('and enter it by another', OPEN + forward(FIRST, ingress(DENY)), 'web', INTERNET, 'denied')
check('so between pods of one node', OPEN + forward(FIRST, egress(DENY)), 'web', 'near:80', 'denied')
check('which is no other node', OPEN + forward(SECOND, egress(DENY)), 'web', 'near:80', 'allowed')
check(
  'rules mean both ends',
  OPEN + forward(HOSTS, egress(`{action: Deny, source: {selector: "app == 'web'"}}`, ALLOW)),
  'web',
  INTERNET,
  'denied',
)
check(
  'whichever the direction',
  OPEN +
    forward(
      HOSTS,
      ingress(`{action: Deny, source: {selector: "app == 'web'"}, destination: {selector: "app == 'db'"}}`, ALLOW),
    ),
  'web',
  'db:80',
  'denied',
)
check(
  'as they are written',
  OPEN +
    forward(
      HOSTS,
      ingress(`{action: Deny, source: {selector: "app == 'web'"}, destination: {selector: "app == 'db'"}}`, ALLOW),
    ),
  'near',
  'db:80',
  'allowed',
)
check(
  'by names of ports',
  OPEN + forward(HOSTS, egress(tcp('Deny', 'ports: [sql]'), ALLOW)),
  'web',
  'db:5432',
  'denied',
)
check('from hosts to pods of other nodes', OPEN + forward(SECOND, ingress(DENY)), 'agent', 'db:80', 'denied')
check('not to their own', OPEN + forward(FIRST, ingress(DENY)), 'agent', 'web:80', 'allowed')
check(
  'what a pod sends to its node is not forwarded',
  OPEN + forward(HOSTS, 'types: [Ingress, Egress]'),
  'web',
  'agent:80',
  'allowed',
)
check('to another node it is, on its own', OPEN + forward(FIRST, egress(DENY)), 'web', 'other:80', 'denied')
check(
  'a pod whose node is not known, where nodes differ',
  OPEN + pod('lone', { ip: '10.244.0.9' }) + forward(FIRST, egress(DENY)),
  'lone',
  INTERNET,
  'unknown',
)
check(
  'and where they do not',
  OPEN + pod('lone', { ip: '10.244.0.9' }) + forward(HOSTS, egress(DENY)),
  'lone',
  INTERNET,
  'denied',
)
check('the eBPF dataplane', OPEN + forward(HOSTS, egress(DENY)), 'web', INTERNET, 'denied', 'calico-ebpf')
check(
  'nodes that were not read are named by endpoints and pods',
  PODS + AUTOMATIC + forward(SECOND, egress(DENY)),
  'db',
  INTERNET,
  'denied',
)
check('and told apart', PODS + AUTOMATIC + forward(SECOND, egress(DENY)), 'web', INTERNET, 'allowed')
check('for hosts, too', PODS + AUTOMATIC + global(`${SECOND}, ${egress(DENY)}`), 'other', INTERNET, 'denied')

// Before address translation, and before connection tracking.
const before = (rest: string): string => forward(HOSTS, `preDNAT: true, ${rest}`)
check('a policy before address translation', OPEN + before(ingress(DENY)), 'web', 'db:80', 'denied')
check('holds for what arrives at hosts', OPEN + before(ingress(DENY)), 'agent', 'other:80', 'denied')
check('but for failsafe ports', OPEN + before(ingress(DENY)), 'agent', 'other:22', 'allowed')
check('at `*` also from pods to their own node', OPEN + before(ingress(DENY)), 'web', 'agent:80', 'denied')
check(
  '"if explicitly allowed it skips over any normal policy"',
  OPEN + before(ingress(ALLOW)) + global(`${HOSTS}, ${ingress(DENY)}`, 'q'),
  'agent',
  'other:80',
  'allowed',
)
check(
  'what it does not match goes on',
  OPEN + before(ingress(tcp('Allow', 'ports: [80]'))) + global(`${HOSTS}, ${ingress(DENY)}`, 'q'),
  'agent',
  'other:81',
  'denied',
)
check('and is not closed by it', OPEN + before(ingress(tcp('Allow', 'ports: [80]'))), 'agent', 'other:81', 'allowed')
check('it is none for what hosts send', OPEN + before(ingress(DENY)), 'agent', INTERNET, 'allowed')
const untracked = (rest: string): string => forward(HOSTS, `doNotTrack: true, ${rest}`)
check(
  '"Host endpoints with `interfaceName: *` do not support untracked policy"',
  OPEN + untracked(egress(DENY)),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'one for an interface does',
  ESTATE +
    host('n1-eth', 'interfaceName: eth0, expectedIPs: [10.0.0.1], profiles: [projectcalico-default-allow]') +
    untracked(egress(DENY)),
  'agent',
  INTERNET,
  'denied',
)
check(
  'and skips the others where it allows',
  ESTATE +
    host('n1-eth', 'interfaceName: eth0, expectedIPs: [10.0.0.1]') +
    untracked(egress(tcp('Allow', 'ports: [443]'))),
  'agent',
  INTERNET,
  'allowed',
)
check(
  'and leaves them the rest',
  ESTATE +
    host('n1-eth', 'interfaceName: eth0, expectedIPs: [10.0.0.1]') +
    untracked(egress(tcp('Allow', 'ports: [443]'))),
  'agent',
  '203.0.114.9:80',
  'denied',
)

// One interface.
const named = (on: string, rest: string): string => host(`${on}-eth`, `interfaceName: eth0${rest}`, `host: ${on}`)
const ALONE = ', expectedIPs: [10.0.0.1]'
check('an interface that expects all addresses of the node', ESTATE + named('n1', ALONE), 'agent', INTERNET, 'denied')
check('by its addresses alone', ESTATE + host('n1-eth', 'expectedIPs: [10.0.0.1]'), 'agent', INTERNET, 'denied')
check(
  'one that does not may not be the way',
  ESTATE + named('n1', ', expectedIPs: [192.0.2.1]'),
  'agent',
  INTERNET,
  'unknown',
)
check('nor one that expects none', ESTATE + named('n1', ''), 'agent', INTERNET, 'unknown')
check(
  'what it allows passes either way',
  ESTATE + named('n1', '') + global(`${HOSTS}, ${egress(ALLOW)}`),
  'agent',
  INTERNET,
  'allowed',
)
check('failsafe ports, too', ESTATE + named('n1', ''), 'agent', '203.0.114.9:6443', 'allowed')
check('other nodes are beyond it', ESTATE + named('n1', ALONE), 'agent', 'other:80', 'denied')
check('the node itself is not', ESTATE + named('n1', ALONE), 'agent', 'beside:80', 'allowed')
check('its own pods are not', ESTATE + named('n1', ALONE), 'agent', 'web:80', 'allowed')
const pool = (mode: string): string =>
  object('IPPool', 'pool', `{cidr: 10.244.0.0/16, vxlanMode: ${mode}, natOutgoing: true}`)
check('pods of other nodes may be behind a tunnel', ESTATE + named('n1', ALONE), 'agent', 'db:80', 'unknown')
check('or certainly are', ESTATE + named('n1', ALONE) + pool('Always'), 'agent', 'db:80', 'allowed')
check('or are not', ESTATE + named('n1', ALONE) + pool('Never'), 'agent', 'db:80', 'denied')
const through = ESTATE + named('n1', ALONE) + named('n2', ', expectedIPs: [10.0.0.2]') + pool('Never')
check('on forward: what leaves by it', through + forward(FIRST, egress(DENY)), 'web', INTERNET, 'denied')
check('not what comes in by that of a pod', through + forward(FIRST, ingress(DENY)), 'web', INTERNET, 'allowed')
check('what comes in by it', through + forward(SECOND, ingress(DENY)), 'web', 'db:80', 'denied')
check('not what leaves by that of a pod', through + forward(SECOND, egress(DENY)), 'web', 'db:80', 'allowed')
check(
  'nothing between pods of one node',
  through + forward(FIRST, 'types: [Ingress, Egress]'),
  'web',
  'near:80',
  'allowed',
)
check(
  'beside `*` it counts for what takes it',
  OPEN + named('n1', ALONE) + global(`selector: "host == 'n1'", ${egress(ALLOW)}`),
  'agent',
  INTERNET,
  'allowed',
)
check(
  '"untracked ingress rules apply to all incoming traffic through a host endpoint", to pods, too',
  through + untracked(ingress(DENY)),
  'web',
  'db:80',
  'denied',
)
check('but for failsafe ports', through + untracked(ingress(DENY)), 'web', 'db:22', 'allowed')
check('from hosts to pods, too', through + untracked(ingress(DENY)), 'beside', 'db:80', 'denied')
check(
  'what they leave alone is open',
  through + untracked(ingress(tcp('Deny', 'ports: [80]'))),
  'web',
  'db:81',
  'allowed',
)
check(
  'what they let in skips the others, but its answer is not tracked',
  through + untracked(ingress(tcp('Allow', 'ports: [80]'))) + forward(HOSTS, ingress(DENY), 'q'),
  'web',
  'db:80',
  'unknown',
)
check(
  'and the policies of the pod hold',
  through + untracked(ingress(ALLOW)) + networkPolicy('{podSelector: {}, policyTypes: [Ingress]}'),
  'web',
  'db:80',
  'denied',
)
check(
  '"untracked egress rules only apply to traffic that is sent from the host itself"',
  through + untracked(egress(DENY)),
  'web',
  INTERNET,
  'allowed',
)
check('nor do they apply at `*`', OPEN + untracked(ingress(DENY)), 'web', 'db:80', 'allowed')
// `*` beside an interface through which all goes that leaves the node: the rest is still its.
const rest = (mode: string): string =>
  OPEN +
  host('n1-eth', 'interfaceName: eth0, expectedIPs: [10.0.0.1], profiles: [projectcalico-default-allow]', 'eth: yes1') +
  pool(mode)
const besideEth = rest('Never')
check(
  'what a pod sends comes in by its own interface',
  besideEth + forward(FIRST, ingress(DENY)),
  'web',
  INTERNET,
  'denied',
)
check('and leaves by the other', besideEth + forward(FIRST, egress(DENY)), 'web', INTERNET, 'allowed')
check('whose policies hold there', besideEth + forward('selector: has(eth)', egress(DENY)), 'web', INTERNET, 'denied')
check('what a pod receives leaves by its own', besideEth + forward(FIRST, egress(DENY)), 'db', 'web:80', 'denied')
check('and came in by the other', besideEth + forward(FIRST, ingress(DENY)), 'db', 'web:80', 'allowed')
check('or by a tunnel', rest('Always') + forward(FIRST, ingress(DENY)), 'db', 'web:80', 'denied')
check('or either', rest('CrossSubnet') + forward(FIRST, ingress(DENY)), 'db', 'web:80', 'unknown')
check('between pods of the node', besideEth + forward(FIRST, egress(DENY)), 'web', 'near:80', 'denied')
check(
  'from pods to their node',
  besideEth + forward(FIRST, `preDNAT: true, ${ingress(DENY)}`),
  'web',
  'agent:80',
  'denied',
)
check('from the node to itself', besideEth + global(`${FIRST}, ${ingress(DENY)}`), 'agent', 'beside:80', 'denied')
check('not from the node', besideEth + global(`${FIRST}, ${egress(DENY)}`), 'agent', INTERNET, 'allowed')
check('nor to pods of others', besideEth + global(`${FIRST}, ${egress(DENY)}`), 'agent', 'db:80', 'allowed')
check('but through a tunnel', rest('Always') + global(`${FIRST}, ${egress(DENY)}`), 'agent', 'db:80', 'denied')
check('nor from other nodes', besideEth + global(`${FIRST}, ${ingress(DENY)}`), 'other', 'agent:80', 'allowed')
check('failsafe ports pass it by on the way to pods, too', OPEN + before(ingress(DENY)), 'web', 'db:22', 'allowed')
check(
  'and not what applies on forward',
  OPEN + before(ingress(DENY)) + forward(HOSTS, ingress(DENY), 'q'),
  'web',
  'db:22',
  'denied',
)
check(
  'a policy before translation that is about egress may not be there',
  OPEN + before('types: [Ingress, Egress]'),
  'web',
  'db:80',
  'allowed',
)
check(
  'nor one that is not for what is forwarded',
  OPEN + global(`${HOSTS}, preDNAT: true, ${ingress(DENY)}`),
  'web',
  'db:80',
  'unknown',
)

// Nodes with policies of their own: a question about one node is answered for that one.
const roles =
  OPEN +
  global(`${FIRST}, ${ingress(tcp('Allow', 'ports: [6443]'))}`, 'masters') +
  global(`${SECOND}, ${ingress(tcp('Allow', 'ports: [10250]'))}`, 'workers')
check('what arrives at one kind of node', roles, 'other', 'agent:10250', 'denied')
check('and at another', roles, 'agent', 'other:10250', 'allowed')
check('from pods, too', roles, 'web', 'other:10250', 'allowed')
check('by the node itself', roles, 'web', 'c/-/Node/n2:10251', 'denied')
check('a pod’s own node is left to its action', roles, 'web', 'c/-/Node/n1:10250', 'allowed')
check('a node that was not read', PODS + AUTOMATIC + global(`${SECOND}, ${ingress(DENY)}`), 'web', 'other:80', 'denied')

// What a pod sends to its own host, after its policies.
const agent = (env: string): string => calicoAgent('3.32.0', env)
const DROP = felix('default', 'defaultEndpointToHostAction: Drop')
check('an action that drops', ESTATE + agent('') + DROP, 'web', 'agent:80', 'denied')
check('on the pod’s own host alone', ESTATE + agent('') + DROP, 'web', 'other:80', 'allowed')
check('and not outside', ESTATE + agent('') + DROP, 'web', INTERNET, 'allowed')
check(
  'a variable of the agent comes before it',
  ESTATE + agent('{name: FELIX_DEFAULTENDPOINTTOHOSTACTION, value: ACCEPT}') + DROP,
  'web',
  'agent:80',
  'allowed',
)
check('and may, where the agent was not read', ESTATE + DROP, 'web', 'agent:80', 'unknown')
check(
  'settings of the node come before those of all',
  ESTATE + agent('') + DROP + felix('node.n1', 'defaultEndpointToHostAction: Accept'),
  'web',
  'agent:80',
  'allowed',
)
check(
  'for that node',
  ESTATE + agent('') + DROP + felix('node.n1', 'defaultEndpointToHostAction: Accept'),
  'db',
  'other:80',
  'denied',
)
