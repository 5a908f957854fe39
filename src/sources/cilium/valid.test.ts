import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../model/json.ts'
import type { CiliumContext } from './context.ts'
import { lower, selectorText, settings } from './testing/lowered.ts'

const CLUSTERWIDE = 'CiliumClusterwideNetworkPolicy'

/** What becomes of a policy with these parts: the reason, or `taken`, or `unclear`. */
const verdict = (document: Record<string, Json>, context: Partial<CiliumContext> = {}): string => {
  const [policy] = lower(document, context).policies
  if (policy === undefined) return 'no policy'
  if (policy.inert !== null) return policy.inert.replace(/^not enforced: /, '')
  return selectorText(policy.subject).includes('?') ? 'unclear' : 'taken'
}

const rejects = (rule: Json, reason: RegExp, section = 'egress', context: Partial<CiliumContext> = {}): void =>
  assert.match(verdict({ spec: { endpointSelector: {}, [section]: [rule] } }, context), reason)

const takes = (rule: Json, section = 'egress', context: Partial<CiliumContext> = {}): void =>
  assert.equal(verdict({ spec: { endpointSelector: {}, [section]: [rule] } }, context), 'taken')

const port = { port: '80', protocol: 'TCP' }

// Source for all: pkg/policy/api, rule_validation.go.
test('members that say who the other end is do not mix', () => {
  rejects({ toCIDR: ['10.0.0.0/8'], toEndpoints: [{}] }, /^`spec.egress\[0\]` combines toEndpoints and toCIDR$/)
  rejects({ toFQDNs: [{ matchName: 'a.b' }], toEntities: ['world'] }, /combines toEntities and toFQDNs/)
  rejects({ fromCIDR: ['10.0.0.0/8'], fromEntities: ['host'] }, /combines fromEntities and fromCIDR/, 'ingress')
  rejects({ toCIDR: ['10.0.0.0/8'], toCIDRSet: [{ cidr: '10.0.0.0/8' }] }, /combines toCIDR and toCIDRSet/)
  // Requirements are no such member.
  takes({ toEndpoints: [{}], toRequires: [{}] })
})

test('one fault rejects the whole object', () => {
  const { policies } = lower({
    specs: [
      { endpointSelector: {}, egress: [{}] },
      { endpointSelector: {}, egress: [{ toCIDR: ['nonsense'] }] },
    ],
  })
  assert.deepEqual(
    policies.map(({ inert }) => inert?.startsWith('not enforced: `specs[1].egress[0].toCIDR[0]` is no block')),
    [true, true],
  )
})

test('subjects', () => {
  assert.match(verdict({ spec: { egress: [{}] } }), /neither endpointSelector nor nodeSelector/)
  assert.match(
    verdict({ kind: CLUSTERWIDE, spec: { endpointSelector: {}, nodeSelector: {}, egress: [{}] } }),
    /has both endpointSelector and nodeSelector/,
  )
  assert.match(verdict({ spec: { nodeSelector: {}, egress: [{}] } }), /selects nodes, which only/)
  const bad = { matchExpressions: [{ key: 'a', operator: 'In' }] }
  assert.match(verdict({ spec: { endpointSelector: bad, egress: [{}] } }), /`In` for `a` without values/)
  assert.match(
    verdict({ spec: { endpointSelector: { matchLabels: { a: 'b c' } }, egress: [{}] } }),
    /no label can have/,
  )
})

test('a spec without any rule, since 1.17', () => {
  assert.match(verdict({ spec: { endpointSelector: {}, egress: [] } }), /has no rule in any of/)
  const specs = [
    { endpointSelector: {}, egress: [{}] },
    { endpointSelector: {}, egress: [] },
  ]
  assert.match(verdict({ specs }, { version: [1, 17] }), /has no rule in any of/)
  assert.equal(verdict({ specs }, { version: [1, 16] }), 'taken')
  assert.equal(verdict({ specs }, { version: null }), 'unclear')
  assert.equal(
    verdict({ specs, status: { conditions: [{ type: 'Valid', status: 'True' }] } }, { version: null }),
    'taken',
  )
})

test('blocks', () => {
  rejects({ toCIDR: ['10.0.0.1'] }, /is no block/)
  rejects({ toCIDR: ['010.0.0.0/8'] }, /is no block/)
  rejects({ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }] }, /except\[0\]` is not inside `10.0.0.0\/8`/)
  rejects({ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['0.0.0.0/0'] }] }, /is not inside/)
  rejects({ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['2001:db8::/64'] }] }, /is not inside/)
  rejects({ toCIDRSet: [{}] }, /has none of cidr, cidrGroupRef, cidrGroupSelector/)
  rejects({ toCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'a' }] }, /has more than one of/)
  takes({ toCIDR: ['10.1.2.3/8'] })
  takes({ toCIDRSet: [{ cidrGroupRef: 'a', except: ['11.0.0.0/16'] }] })
})

test('names and entities', () => {
  rejects({ toFQDNs: [{ matchName: 'a', matchPattern: 'b' }] }, /has both matchName and matchPattern/)
  rejects({ toFQDNs: [{ matchName: 'a b' }] }, /characters or dots that no name has/)
  rejects({ toFQDNs: [{ matchPattern: '[a]' }] }, /characters or dots that no pattern has/)
  rejects({ toEntities: ['universe'] }, /is no entity/)
})

test('ports', () => {
  const ports = (list: Json, reason: RegExp): void => rejects({ toPorts: [{ ports: list }] }, reason)
  ports([{ port: 80 }], /is not text: quote it/)
  ports([{ protocol: 'TCP' }], /has no port/)
  ports([{ port: '70000' }], /neither a port nor a name/)
  ports([{ port: '80-90' }], /neither a port nor a name/)
  ports([{ port: '80', protocol: 'tcp' }], /is none of TCP, UDP, SCTP, ANY/)
  ports([{ port: '80', protocol: 'ICMP' }], /is none of TCP, UDP, SCTP, ANY/)
  ports([{ port: '80', endPort: 70000 }], /is not a number from 0 to 65535/)
  ports(Array(41).fill(port), /names more than 40 ports/)
  takes({ toPorts: [{ ports: [{ port: '80', endPort: 70 }] }] })
})

test('rules for a proxy', () => {
  const rules = (item: Record<string, Json>, reason: RegExp, section = 'egress'): void =>
    rejects({ toPorts: [{ ports: [port], ...item }] }, reason, section)
  const http = { http: [{}] }
  rules({ rules: { http: [{}], dns: [{ matchName: 'a' }] } }, /combines http and dns/)
  rules({ rules: { dns: [{ matchName: 'a' }] } }, /has DNS rules, which ingress does not take/, 'ingress')
  rules({ rules: http, ports: [{ port: '80' }] }, /protocol other than TCP/)
  rules({ rules: http, ports: [{ port: '0', protocol: 'TCP' }] }, /on port 0/)
  rules({ rules: { dns: [{ matchName: 'a' }] }, ports: [] }, /has DNS rules and no port/)
  rules({ rules: { dns: [{ matchName: 'a' }] }, ports: [{ port: '53', endPort: 54 }] }, /is a range/)
  rules({ rules: { l7: [{}] } }, /has l7 without l7proto/)
  rules({ rules: http, serverNames: ['a.b'] }, /does not end TLS/)
  rules({ rules: http, listener: { name: 'x' } }, /has a listener and rules/)
  rules({ listener: { name: 'x' } }, /not taken in ingress/, 'ingress')
  rules({ serverNames: [''] }, /holds an empty name/)
  const off = settings({ 'enable-l7-proxy': 'false' })
  rejects({ toPorts: [{ ports: [port], rules: http }] }, /enable-l7-proxy/, 'egress', off)
  takes({ toPorts: [{ ports: [port], rules: http, serverNames: ['a.b'], terminatingTLS: {} }] })
  // What deny rules do not know is cut off, not rejected.
  takes({ toPorts: [{ ports: [{ port: '80' }], rules: http }] }, 'egressDeny')
})

test('settings that a member needs', () => {
  const nodes = { toNodes: [{}] }
  rejects(nodes, /enable-node-selector-labels/)
  takes(nodes, 'egress', settings({ 'enable-node-selector-labels': 'true' }))
  rejects(nodes, /^unclear$/, 'egress', { settings: null })
  const icmps = { icmps: [{ fields: [{ type: 8 }] }] }
  rejects(icmps, /enable-icmp-rules/, 'egress', settings({ 'enable-icmp-rules': 'false' }))
  takes(icmps, 'egress', { settings: null, version: [1, 17] })
  rejects({ ...icmps, toPorts: [{ ports: [port] }] }, /combines icmps and toPorts/)
  rejects({ icmps: [{ fields: [{ type: 'EchoRequest', family: 'IPv5' }] }] }, /family other than/)
  rejects({ icmps: [{ fields: [{ type: 'PacketTooBig' }] }] }, /type that the family does not know/)
})

test('what versions differ in', () => {
  const services = { toServices: [{ k8sService: { serviceName: 'a' } }], toPorts: [{ ports: [port] }] }
  rejects(services, /combines toServices and toPorts/, 'egress', { version: [1, 16] })
  rejects(services, /^unclear$/, 'egress', { version: null })
  takes(services, 'egress', { version: [1, 17] })
  // Deny rules were not looked at in early patches of 1.16 and 1.17.
  const mixed = { toCIDR: ['10.0.0.0/8'], toEntities: ['host'] }
  rejects(mixed, /combines/, 'egressDeny', { version: [1, 18] })
  rejects(mixed, /^unclear$/, 'egressDeny', { version: [1, 17] })
})

test('policies for nodes take no rules for a proxy', () => {
  const host = (item: Json, version: CiliumContext['version']): string =>
    verdict(
      { kind: CLUSTERWIDE, spec: { nodeSelector: {}, egress: [{ toPorts: [item] }] } },
      { ...settings({ 'enable-host-firewall': 'true' }), version },
    )
  assert.match(host({ ports: [port], rules: { http: [{}] } }, [1, 20]), /a policy for nodes cannot/)
  const dns = { ports: [{ port: '53' }], rules: { dns: [{ matchName: 'a' }] } }
  assert.match(host(dns, [1, 19]), /a policy for nodes cannot/)
  assert.equal(host(dns, [1, 20]), 'taken')
})

test('the agent’s own word counts first', () => {
  const status = { conditions: [{ type: 'Valid', status: 'False', message: 'mixed rules' }] }
  assert.equal(verdict({ spec: { endpointSelector: {}, egress: [{}] }, status }), 'rejected by the agent: mixed rules')
})
