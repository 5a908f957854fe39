import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { reach } from '../../src/app/reach.ts'
import type { Profile } from '../../src/model/profile.ts'
import type { ReachEntry, TrafficText } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { loaded, networkPolicy, node, pod } from './estate.ts'

// What a workload reaches through others, told apart from what it may send itself.

interface Asked {
  readonly pivots?: boolean
  readonly relays?: boolean
  readonly cni?: string
  readonly profile?: Profile
}

const specification = profileNamed('specification') as Profile

const relayedOf = (yaml: string, name: string, asked: Asked = {}): readonly ReachEntry[] =>
  reach(loaded({ 'x.yaml': yaml }), {
    profile: asked.profile ?? (asked.cni === undefined ? null : profileNamed(asked.cni)),
    compat: null,
    namespaces: [],
    all: false,
    relays: asked.relays ?? true,
    pivots: asked.pivots ?? false,
    wants: ({ workload }) => workload.ref.name === name,
  }).workloads[0]?.relayed ?? []

const trafficOf = (traffic: readonly TrafficText[]): string =>
  traffic.map(({ protocol, ports }) => `${protocol} ${ports}`).join('; ')

/** `place traffic verdict via relays`; of addresses the internet alone, whose ranges are `all` where they are many. */
const shown = ({ to, traffic, verdict, path }: ReachEntry): readonly string[] => {
  if (to.kind === 'addresses' && to.zone !== 'internet') return []
  const place =
    to.kind === 'addresses'
      ? `internet ${to.ranges.length > 2 ? 'all' : to.ranges.join(' ')}`
      : to.kind === 'names'
        ? to.patterns.join(' ')
        : to.kind === 'workloads'
          ? to.ids.join(' ')
          : to.kind
  const via = path.flatMap(({ hop, id, level }) =>
    hop === 'relay' ? [`${level === 'pivot' ? 'pivot ' : ''}${id.split('/').at(-1)}`] : [],
  )
  return [`${place} ${trafficOf(traffic)} ${verdict} via ${via.join(', ')}`]
}

const check = (what: string, yaml: string, name: string, expected: readonly string[], asked: Asked = {}): void => {
  test(what, () => {
    const relayed = relayedOf(yaml, name, asked)
    assert.deepEqual(relayed.flatMap(shown), expected)
    for (const { verdict, unknowns } of relayed)
      if (verdict === 'unknown')
        assert.ok(
          unknowns.some(({ stage }) => stage !== 'fabric'),
          'an unknown without a reason',
        )
  })
}

const NODES = node('n1', '10.0.0.1') + node('n2', '10.0.0.2')
const closedTo = (app: string, port: number, who = 'web'): string =>
  networkPolicy(
    `{podSelector: {matchLabels: {app: ${who}}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: ${app}}}}], ports: [{port: ${port}}]}]}`,
    `${who}-to-${app}`,
  )
const closed = (who: string): string =>
  networkPolicy(`{podSelector: {matchLabels: {app: ${who}}}, policyTypes: [Egress]}`, `${who}-closed`)
const WEB = pod('web', { ip: '10.244.0.5' })

const proxy = (name: string, conf: string | null, ip = '10.244.0.9'): string => `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: default, labels: {app: ${name}}}
spec:
  containers: [{name: c, image: ubuntu/squid:6, ports: [{containerPort: 3128}]}]
  volumes: [${conf === null ? '' : `{name: conf, configMap: {name: ${name}-conf}}`}]
status: {podIP: ${ip}, podIPs: [{ip: ${ip}}], phase: Running}
${
  conf === null
    ? ''
    : `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}-conf, namespace: default}
data: {squid.conf: ${JSON.stringify(conf)}}
`
}`
const OPEN = 'http_access allow all\n'
const SHOP = 'acl shop dstdomain -n api.shop.example\nhttp_access allow shop\nhttp_access deny all\n'

describe('a forward proxy', () => {
  const base = NODES + WEB + closedTo('squid', 3128)
  check('carries out who may reach it', base + proxy('squid', OPEN), 'web', [
    'internet all TCP 1-65535 allowed via squid',
  ])
  test('the way is told, with each hop’s reason', () => {
    const [entry] = relayedOf(base + proxy('squid', OPEN), 'web')
    assert.deepEqual(entry?.path, [{ hop: 'relay', id: 'c/default/Pod/squid', level: 'forwards' }])
    assert.equal(entry?.witness, '10.244.0.5 -> c/default/Pod/squid:3128/TCP -> 1.1.1.1:443/TCP')
    const objects = entry?.because.map(({ object }) => object) ?? []
    for (const object of ['NetworkPolicy/web-to-squid', 'Pod/squid', 'ConfigMap/squid-conf'])
      assert.ok(objects.includes(`c/default/${object}`), object)
    assert.equal(entry?.exit.kind, 'unknown')
  })
  check('not who does not reach it', NODES + WEB + closed('web') + proxy('squid', OPEN), 'web', [])
  check('not at another port than its own', NODES + WEB + closedTo('squid', 9100) + proxy('squid', OPEN), 'web', [])
  check('not if it is closed itself', base + proxy('squid', OPEN) + closed('squid'), 'web', [])
  check(
    'not if it lets nobody in',
    base +
      proxy('squid', OPEN) +
      networkPolicy('{podSelector: {matchLabels: {app: squid}}, policyTypes: [Ingress]}', 'in'),
    'web',
    [],
  )
  check('nothing is told twice: who is open needs no proxy', NODES + WEB + proxy('squid', OPEN), 'web', [])
  check(
    'never more than it may send itself',
    base +
      proxy('squid', OPEN) +
      networkPolicy(
        '{podSelector: {matchLabels: {app: squid}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 9.9.9.0/24}}], ports: [{port: 443}]}]}',
        'out',
      ),
    'web',
    ['internet 9.9.9.0-9.9.9.255 TCP 443 allowed via squid'],
  )
  check('its list of names is the limit', base + proxy('squid', SHOP), 'web', [
    'api.shop.example TCP 1-65535 allowed via squid',
  ])
  check('reverse names are somebody else’s word', base + proxy('squid', SHOP.replace('-n ', '')), 'web', [
    'internet all TCP 1-65535 unknown via squid',
    'api.shop.example TCP 1-65535 allowed via squid',
  ])
  check(
    'its list of clients, too',
    base + proxy('squid', 'acl ours src 192.168.0.0/16\nhttp_access allow ours\nhttp_access deny all\n'),
    'web',
    [],
  )
  check('rules that were not read leave it open', base + proxy('squid', null), 'web', [
    'internet all TCP 1-65535 unknown via squid',
  ])
  check('--no-relays leaves it out', base + proxy('squid', OPEN), 'web', [], { relays: false })
  check(
    'a web server is none',
    base + pod('squid', { ip: '10.244.0.9', ports: [{ name: 'p', port: 3128 }] }),
    'web',
    [],
  )
})

describe('relays behind relays', () => {
  const two =
    NODES +
    WEB +
    closedTo('one', 3128) +
    proxy('one', OPEN, '10.244.0.9') +
    proxy('two', OPEN, '10.244.0.10') +
    closedTo('two', 3128, 'one')
  check('are reached in turn', two, 'web', ['internet all TCP 1-65535 allowed via one, two'])
  check('a cycle ends', two + closedTo('one', 3128, 'two'), 'web', [])
  check(
    'a list of names leads on only to what is listed',
    two.replace(
      'http_access allow all\\n',
      'acl s dstdomain -n api.shop.example\\nhttp_access allow s\\nhttp_access deny all\\n',
    ),
    'web',
    [],
  )
})

const RESOLVER = (forward: string): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: coredns, namespace: kube-system}
data: {Corefile: ${JSON.stringify(`.:53 {\n  forward . ${forward}\n}\n`)}}
---
apiVersion: v1
kind: Pod
metadata: {name: coredns, namespace: kube-system, labels: {k8s-app: kube-dns}}
spec:
  containers: [{name: coredns, image: coredns/coredns:1.11.1, ports: [{containerPort: 53, protocol: UDP}]}]
  volumes: [{name: config, configMap: {name: coredns}}]
status: {podIP: 10.244.0.2, podIPs: [{ip: 10.244.0.2}], phase: Running}
`
const toDns = networkPolicy(
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}], ports: [{port: 53, protocol: UDP}]}]}',
)

describe('a DNS forwarder', () => {
  check('asks upstream for anybody', NODES + WEB + toDns + RESOLVER('9.9.9.9'), 'web', [
    'internet 9.9.9.9 TCP 53; UDP 53 allowed via coredns',
  ])
  check('by TLS at its own port', NODES + WEB + toDns + RESOLVER('tls://9.9.9.9'), 'web', [
    'internet 9.9.9.9 TCP 853 allowed via coredns',
  ])
  check('at the port that is written', NODES + WEB + toDns + RESOLVER('9.9.9.9:5353'), 'web', [
    'internet 9.9.9.9 TCP 5353; UDP 5353 allowed via coredns',
  ])
  check('whatever the node’s own resolver is', NODES + WEB + toDns + RESOLVER('/etc/resolv.conf'), 'web', [
    'internet all TCP 53; UDP 53 unknown via coredns',
  ])
  check('not for who does not reach it', NODES + WEB + closed('web') + RESOLVER('9.9.9.9'), 'web', [])
})

const service = (name: string, spec: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: default}
spec: ${spec}
`
const written = (name: string, ip: string): string => `
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, namespace: default, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
endpoints: [{addresses: [${ip}]}]
ports: [{port: 443, protocol: TCP}]
`
const toNodes = networkPolicy(
  '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.0.0/24}}]}]}',
)

describe('a port of every node', () => {
  const nodePort = service(
    'out',
    '{type: NodePort, clusterIP: 10.96.0.30, clusterIPs: [10.96.0.30], ports: [{port: 443, nodePort: 30443, protocol: TCP}]}',
  )
  const base = NODES + WEB + nodePort + written('out', '9.9.9.9')
  check('leads outside', base + toNodes, 'web', ['internet 9.9.9.9 TCP 443 allowed via out'], {
    cni: 'calico-iptables',
  })
  check('not for who reaches no node', base + closed('web'), 'web', [], { cni: 'calico-iptables' })
  check(
    'with one node there is no other',
    node('n1', '10.0.0.1') + WEB + nodePort + written('out', '9.9.9.9') + toNodes,
    'web',
    [],
    { cni: 'calico-iptables' },
  )
  const db = pod('db', { ip: '10.244.0.6' })
  const behind = service(
    'db',
    '{type: NodePort, clusterIP: 10.96.0.31, clusterIPs: [10.96.0.31], selector: {app: db}, ports: [{port: 5432, nodePort: 30432, protocol: TCP}]}',
  )
  check(
    'leads to pods that the sender may not reach itself',
    NODES + WEB + db + behind + toNodes,
    'web',
    ['c/default/Pod/db TCP 5432 allowed via db'],
    { cni: 'calico-iptables' },
  )
  check(
    'where the pod lets nobody in, only its own node is open',
    NODES +
      WEB +
      db +
      behind +
      toNodes +
      networkPolicy('{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}', 'in'),
    'web',
    ['c/default/Pod/db TCP 5432 unknown via db'],
    { cni: 'calico-iptables' },
  )
  check(
    'and may lead to a proxy',
    NODES +
      WEB +
      toNodes +
      proxy('squid', OPEN) +
      service(
        'squid',
        '{type: NodePort, clusterIP: 10.96.0.32, clusterIPs: [10.96.0.32], selector: {app: squid}, ports: [{port: 3128, nodePort: 30128, protocol: TCP}]}',
      ),
    'web',
    ['internet all TCP 1-65535 allowed via squid, squid', 'c/default/Pod/squid TCP 3128 allowed via squid'],
    { cni: 'calico-iptables' },
  )
})

describe('a proxy behind a port of every node', () => {
  const base =
    NODES +
    WEB +
    toNodes +
    service(
      'squid',
      '{type: NodePort, clusterIP: 10.96.0.32, clusterIPs: [10.96.0.32], selector: {app: squid}, ports: [{port: 3128, nodePort: 30128, protocol: TCP}]}',
    )
  const serving = (range: string): string =>
    base + proxy('squid', `acl ours src ${range}\nhttp_access allow ours\nhttp_access deny all\n`)
  const behind = 'c/default/Pod/squid TCP 3128 allowed via squid'
  const asked = { cni: 'calico-iptables' }
  check(
    'that serves pods may see a node',
    serving('10.244.0.0/16'),
    'web',
    ['internet all TCP 1-65535 unknown via squid, squid', behind],
    asked,
  )
  check(
    'that serves both sees one of them',
    serving('10.0.0.0/8'),
    'web',
    ['internet all TCP 1-65535 allowed via squid, squid', behind],
    asked,
  )
  check('that serves others serves nobody here', serving('192.168.0.0/16'), 'web', [behind], asked)
})

describe('a Service without selector', () => {
  const vip = service('out', '{clusterIP: 10.96.0.30, clusterIPs: [10.96.0.30], ports: [{port: 443, protocol: TCP}]}')
  const toService = networkPolicy(
    '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.0/16}}]}]}',
  )
  const base = NODES + WEB + vip + written('out', '9.9.9.9') + toService
  check('leads outside where policy sees its address', base, 'web', ['internet 9.9.9.9 TCP 443 allowed via out'], {
    profile: { ...specification, services: 'before' },
  })
  check('not where policy sees the endpoint', base, 'web', [], { cni: 'calico-iptables' })
  check('open where that is', base, 'web', ['internet 9.9.9.9 TCP 443 unknown via out'], { cni: 'specification' })
})

const MESH = `
---
apiVersion: v1
kind: Pod
metadata: {name: istio-egressgateway, namespace: default, labels: {app: gw, istio: egressgateway}}
spec: {containers: [{name: istio-proxy, image: docker.io/istio/proxyv2:1.24.0, ports: [{containerPort: 8443}, {containerPort: 15090}]}]}
status: {podIP: 10.244.0.8, podIPs: [{ip: 10.244.0.8}], phase: Running}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: shop, namespace: default}
spec: {hosts: [api.shop.example], ports: [{number: 443, name: tls, protocol: TLS}], resolution: DNS}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: out, namespace: default}
spec:
  selector: {istio: egressgateway}
  servers: [{port: {number: 8443, name: tls, protocol: TLS}, hosts: [api.shop.example], tls: {mode: PASSTHROUGH}}]
`
const ROUTE = `
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: default}
spec:
  hosts: [api.shop.example]
  gateways: [mesh, out]
  tls: [{match: [{gateways: [out], port: 8443, sniHosts: [api.shop.example]}], route: [{destination: {host: api.shop.example}}]}]
`

describe('an egress gateway of a mesh', () => {
  const base = NODES + WEB + closedTo('gw', 8443) + MESH
  check('sends on what routes bind to it; who is outside the mesh may be refused', base + ROUTE, 'web', [
    'api.shop.example TCP 443 unknown via istio-egressgateway',
  ])
  check(
    'certainly for a member of the mesh',
    (base + ROUTE).replace(
      'containers: [{name: c, image: x',
      'containers: [{name: istio-proxy, image: istio/proxyv2:1.24.0}, {name: c, image: x',
    ),
    'web',
    ['api.shop.example TCP 443 allowed via istio-egressgateway'],
  )
  check('nothing without a route', base, 'web', [])
})

describe('pivots', () => {
  const base = NODES + WEB + closedTo('api', 8080) + pod('api', { ip: '10.244.0.6' })
  const all = 'TCP 1-65535; UDP 1-65535; SCTP 1-65535; ICMP undefined; ICMPv6 undefined; OTHER undefined'
  check('are not counted unless asked for', base, 'web', [])
  check('whatever is reached could be taken over', base, 'web', [`internet all ${all} allowed via pivot api`], {
    pivots: true,
  })
  check(
    'and lead on',
    base + closedTo('db', 5432, 'api') + pod('db', { ip: '10.244.0.7' }),
    'web',
    [`internet all ${all} allowed via pivot api, pivot db`],
    { pivots: true },
  )
  check('not through what is closed', base + closed('api'), 'web', [], { pivots: true, cni: 'calico-iptables' })
  check(
    'who forwards comes before who could be taken over',
    base + closedTo('squid', 3128) + proxy('squid', OPEN),
    'web',
    [
      'internet all TCP 1-65535 allowed via squid',
      `internet all ${all.replace('TCP 1-65535; ', '')} allowed via pivot api`,
    ],
    { pivots: true },
  )
})

test('a relay on the host network is entered at its node, and leaves as it', () => {
  const yaml =
    NODES +
    pod('web', { ip: '10.244.0.5', node: 'n1' }) +
    toNodes +
    proxy('squid', OPEN).replace('spec:\n  containers', 'spec:\n  hostNetwork: true\n  nodeName: n2\n  containers')
  assert.deepEqual(relayedOf(yaml, 'web', { cni: 'calico-iptables' }).flatMap(shown), [
    'internet all TCP 1-65535 allowed via squid',
  ])
})

test('whoever shares policies and relays has the same answer, each with its own source', () => {
  const yaml =
    NODES + WEB + pod('also', { ip: '10.244.0.7', labels: 'app: web' }) + closedTo('squid', 3128) + proxy('squid', OPEN)
  const sources = reach(loaded({ 'x.yaml': yaml }), {
    profile: null,
    compat: null,
    namespaces: [],
    all: false,
    wants: ({ workload }) => workload.ref.name !== 'squid',
  }).workloads.map(
    ({ relayed }) => relayed?.find(({ to }) => to.kind === 'addresses' && to.zone === 'internet')?.witness,
  )
  assert.deepEqual(sources, [
    '10.244.0.7 -> c/default/Pod/squid:3128/TCP -> 1.1.1.1:443/TCP',
    '10.244.0.5 -> c/default/Pod/squid:3128/TCP -> 1.1.1.1:443/TCP',
  ])
})

test('`can` tells the ways through relays beside its verdict', () => {
  const yaml = NODES + WEB + closedTo('squid', 3128) + proxy('squid', OPEN)
  const answer = can(loaded({ 'x.yaml': yaml }), 'web', '9.9.9.9:443', { profile: null, compat: null })
  assert.equal(answer.verdict, 'denied')
  assert.deepEqual(
    answer.relays.map(({ to, verdict, witness }) => [to, verdict, witness]),
    [
      [
        { kind: 'addresses', zone: 'internet', ranges: ['9.9.9.9'] },
        'allowed',
        '10.244.0.5 -> c/default/Pod/squid:3128/TCP -> 9.9.9.9:443/TCP',
      ],
    ],
  )
  const named = can(loaded({ 'x.yaml': yaml }), 'web', 'api.example.com:443', { profile: null, compat: null })
  assert.deepEqual(
    named.relays.map(({ verdict }) => verdict),
    ['allowed'],
  )
})
