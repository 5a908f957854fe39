import assert from 'node:assert/strict'
import { test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { reach } from '../../src/app/reach.ts'
import type { Answer } from '../../src/model/answer.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { ReachEntry } from '../../src/model/reach.ts'
import { lowerEgressNetworks, lowerEgressRoutes } from '../../src/sources/istio/linkerd.ts'
import type { ApiObject } from '../../src/sources/kubernetes/object.ts'
import { ask, loaded, namespace, networkPolicy, node } from './estate.ts'
import { VARIATIONS } from './vary.ts'

// Istio 1.27 as istio.io, reference of MeshConfig, Sidecar, ServiceEntry, Gateway and VirtualService, "Resource Annotations",
// "Application Requirements" and "Egress Gateways" say it, and istio/istio: tools/istio-iptables, pilot/pkg/networking/core,
// pilot/pkg/model/sidecar.go, pkg/kube/inject, cni/pkg/util. Linkerd: linkerd.io, "EgressNetwork", "Proxy Configuration".
// Namespaces keep their names here: `istio-system` and `linkerd-egress` mean something.

/** What the mesh makes of it: `refused` and allowed all the same, `passed`, `open`, or `not asked`. */
type Word = 'refused' | 'passed' | 'open' | 'not asked'

const wordOf = (answer: Answer): string => {
  const stage = answer.stages.find(one => one.stage === 'mesh')
  const word = { denied: 'refused', allowed: 'passed', unknown: 'open', 'not-assessed': 'not asked' }
  return word[stage?.verdict as keyof typeof word]
}

const check = (purpose: string, yaml: string, from: string, to: string, expected: Word): Answer | null => {
  test(`${purpose}: ${from} to ${to} is ${expected}`, () => {
    const answer = ask(yaml, from, to)
    assert.deepEqual(answer.diagnostics, [], 'the documents of the case themselves')
    const because = answer.stages.find(one => one.stage === 'mesh')?.because.map(one => one.says)
    assert.equal(wordOf(answer), expected, JSON.stringify(because))
    // A mesh denies nothing: what policies let out stays allowed.
    assert.equal(answer.verdict, 'allowed')
    assert.equal(answer.enforcement, expected === 'refused' ? 'cooperative' : 'enforced')
    if (expected === 'open') assert.ok(answer.unknowns.some(({ stage }) => stage === 'mesh'))
    if (expected !== 'not asked') assert.ok((because ?? []).length > 0, 'a word without a reason')
    holdsHoweverWritten(yaml)
  })
  return null
}

const seen = new Set<string>()
const holdsHoweverWritten = (yaml: string): void => {
  if (seen.has(yaml)) return
  seen.add(yaml)
  const plain = toldOf({ 'x.yaml': yaml })
  for (const [name, vary] of Object.entries(VARIATIONS)) assert.equal(toldOf(vary(yaml)), plain, name)
}
const reached = (files: Readonly<Record<string, string>>) =>
  reach(loaded(files), { profile: null, compat: null, namespaces: [], wants: () => true, all: true })
const toldOf = (files: Readonly<Record<string, string>>): string =>
  JSON.stringify(reached(files).workloads, (key, value) =>
    key === 'file' || key === 'line' || key === 'class' ? undefined : value,
  )

const config = (mesh: string, name = 'istio', inNamespace = 'istio-system'): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: ${inNamespace}}
data: {mesh: ${JSON.stringify(mesh)}}
`
const ONLY = config('outboundTrafficPolicy: {mode: REGISTRY_ONLY}')
const ANY = config('outboundTrafficPolicy: {mode: ALLOW_ANY}')

const istio = (kind: string, spec: string, name = 'x', inNamespace = 'shop'): string => `
---
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${inNamespace}}
spec: ${spec}
`
const entry = (spec: string, inNamespace = 'shop', name = 'entry'): string =>
  istio('ServiceEntry', `{location: MESH_EXTERNAL, ${spec}}`, name, inNamespace)
const sidecar = (spec: string, inNamespace = 'shop', name = 'default'): string =>
  istio('Sidecar', spec, name, inNamespace)

interface PodOptions {
  readonly name?: string
  readonly annotations?: string
  readonly labels?: string
  readonly ips?: readonly string[]
  readonly containers?: string
  readonly init?: string
  readonly proxy?: boolean
  readonly inNamespace?: string
  readonly more?: string
}
/** A pod that runs with its sidecar, as the CNI plugin of the mesh leaves it. */
const meshed = (options: PodOptions = {}): string => {
  const ips = options.ips ?? ['10.244.1.5']
  const proxy = options.proxy === false ? '' : ', {name: istio-proxy, image: istio/proxyv2, args: [proxy, sidecar]}'
  return `
---
apiVersion: v1
kind: Pod
metadata: {name: ${options.name ?? 'web'}, namespace: ${options.inNamespace ?? 'shop'}, labels: {${options.labels ?? 'app: web'}}, annotations: {${options.annotations ?? ''}}}
spec:
  nodeName: n1
  initContainers: [${options.init ?? '{name: istio-validation, image: istio/proxyv2}'}]
  containers: [${options.containers ?? '{name: web, image: x}'}${proxy}]
  ${options.more ?? ''}
status: {phase: Running, podIP: "${ips[0]}", podIPs: [${ips.map(ip => `{ip: "${ip}"}`).join(', ')}]}
`
}
const template = (kind: string, spec: string, name = 'web', inNamespace = 'shop'): string => `
---
apiVersion: ${kind === 'Job' ? 'batch/v1' : 'apps/v1'}
kind: ${kind}
metadata: {name: ${name}, namespace: ${inNamespace}}
spec: {selector: {matchLabels: {app: web}}, template: ${spec}}
`
const POD_TEMPLATE = '{metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: x}]}}'

const SHOP = node('n1', '10.0.0.1') + namespace('shop', 'istio-injection: enabled') + namespace('istio-system')
const WEB = SHOP + meshed()
const OUT = '203.0.114.9:80'

// The mode: the mesh's, unless a Sidecar says otherwise.
check('the default is ALLOW_ANY', WEB + config(''), 'web', OUT, 'passed')
check('ALLOW_ANY passes everything on', WEB + ANY, 'web', OUT, 'passed')
check('REGISTRY_ONLY refuses what nobody entered', WEB + ONLY, 'web', OUT, 'refused')
check('in the other family', SHOP + meshed({ ips: ['fd00:10::5'] }) + ONLY, 'web', '[2001:200::9]:80', 'refused')
check('settings that were not read', WEB + entry('hosts: [a.b]'), 'web', OUT, 'open')
check('settings that cannot be read', WEB + config('a: ['), 'web', OUT, 'open')
check(
  'no mesh anywhere',
  node('n1', '10.0.0.1') + namespace('shop') + meshed({ proxy: false }),
  'web',
  OUT,
  'not asked',
)

// Precedence: workloadSelector, then namespace, then root namespace, then MeshConfig.
const any = '{outboundTrafficPolicy: {mode: ALLOW_ANY}}'
const PATCH = '{configPatches: [{applyTo: LISTENER, match: {context: SIDECAR_OUTBOUND}}]}'
const only = '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}'
const forWeb = (mode: string) => `{workloadSelector: {labels: {app: web}}, outboundTrafficPolicy: {mode: ${mode}}}`
check('a Sidecar of the namespace wins over the mesh', WEB + ONLY + sidecar(any), 'web', OUT, 'passed')
check('and may be stricter', WEB + ANY + sidecar(only), 'web', OUT, 'refused')
check(
  'one with a selector wins over that',
  WEB + ANY + sidecar(only) + sidecar(forWeb('ALLOW_ANY'), 'shop', 'web'),
  'web',
  OUT,
  'passed',
)
check(
  'a selector that does not hold',
  WEB + ONLY + sidecar(forWeb('ALLOW_ANY').replace('web', 'db'), 'shop', 'db'),
  'web',
  OUT,
  'refused',
)
check('the root namespace speaks for all', WEB + ANY + sidecar(only, 'istio-system'), 'web', OUT, 'refused')
check(
  'the namespace wins over the root',
  WEB + ONLY + sidecar(only, 'istio-system') + sidecar(any),
  'web',
  OUT,
  'passed',
)
check(
  'with a selector in the root namespace it is for that alone',
  WEB + ANY + sidecar(forWeb('REGISTRY_ONLY'), 'istio-system'),
  'web',
  OUT,
  'passed',
)
check('one of another namespace', WEB + ONLY + namespace('other') + sidecar(any, 'other'), 'web', OUT, 'refused')
check(
  'one that says nothing about it leaves it to the mesh',
  WEB + ONLY + sidecar('{egress: [{hosts: ["./*"]}]}'),
  'web',
  OUT,
  'refused',
)
check(
  'a policy without a mode is REGISTRY_ONLY',
  WEB + ANY + sidecar('{outboundTrafficPolicy: {}}'),
  'web',
  OUT,
  'refused',
)
check(
  'two without selector: not defined',
  WEB + ONLY + sidecar(any) + sidecar(only, 'shop', 'second'),
  'web',
  OUT,
  'open',
)
check('two that agree', WEB + ANY + sidecar(only) + sidecar(only, 'shop', 'second'), 'web', OUT, 'refused')
check(
  'unknown traffic is sent to a proxy',
  WEB + sidecar('{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: p.shop.svc.cluster.local}}}') + ONLY,
  'web',
  OUT,
  'open',
)
check('without the settings no root namespace is known', WEB + sidecar(only, 'istio-system'), 'web', OUT, 'open')
check(
  'a patch of what may be the root namespace',
  WEB + sidecar(only) + namespace('roots') + istio('EnvoyFilter', PATCH, 'x', 'roots'),
  'web',
  OUT,
  'open',
)
check(
  'a patch of another namespace than the root',
  WEB + ONLY + namespace('roots') + istio('EnvoyFilter', PATCH, 'x', 'roots'),
  'web',
  OUT,
  'refused',
)
check('the namespace of the pod is', WEB + sidecar(only), 'web', OUT, 'refused')
check(
  'settings that cannot be read name none',
  WEB + config('a: [') + sidecar(only, 'istio-system'),
  'web',
  OUT,
  'open',
)
check(
  'another root namespace',
  WEB + namespace('roots') + config('rootNamespace: roots') + sidecar(only, 'roots'),
  'web',
  OUT,
  'refused',
)
check(
  'revisions: the one of the namespace',
  node('n1', '10.0.0.1') +
    namespace('istio-system') +
    namespace('shop', 'istio.io/rev: canary') +
    meshed() +
    ANY +
    config('outboundTrafficPolicy: {mode: REGISTRY_ONLY}', 'istio-canary'),
  'web',
  OUT,
  'refused',
)

// ServiceEntries: resolution, protocol, addresses.
const tls = 'ports: [{number: 443, name: tls, protocol: TLS}]'
const tcp = (port: number) => `ports: [{number: ${port}, name: tcp, protocol: TCP}]`
const http = 'ports: [{number: 80, name: http, protocol: HTTP}]'
const none = WEB + ONLY + entry(`hosts: ["*.amazonaws.com"], resolution: NONE, ${tls}`)
check('NONE trusts the server name: any address', none, 'web', '203.0.114.9:443', 'passed')
check('on its port alone', none, 'web', OUT, 'refused')
check('absent is NONE', WEB + ONLY + entry(`hosts: ["*.amazonaws.com"], ${tls}`), 'web', '203.0.114.9:443', 'passed')
check(
  'NONE with HTTP trusts the Host header: any address',
  WEB + ONLY + entry(`hosts: [a.example.com], resolution: NONE, ${http}`),
  'web',
  OUT,
  'passed',
)
check(
  'its addresses do not limit HTTP',
  WEB + ONLY + entry(`hosts: [a.example.com], addresses: [203.0.115.0/24], resolution: NONE, ${http}`),
  'web',
  OUT,
  'passed',
)
const range = WEB + ONLY + entry(`hosts: [a.example.com], addresses: [203.0.114.0/24], resolution: NONE, ${tcp(22)}`)
check('TCP with addresses: those', range, 'web', '203.0.114.9:22', 'passed')
check('and no other', range, 'web', '203.0.115.9:22', 'refused')
check(
  'TCP without addresses: the port is free',
  WEB + ONLY + entry(`hosts: [a.example.com], resolution: NONE, ${tcp(22)}`),
  'web',
  '203.0.115.9:22',
  'passed',
)
const moved =
  WEB +
  ONLY +
  entry('hosts: [a.example.com], resolution: NONE, ports: [{number: 443, targetPort: 8443, name: tcp, protocol: TCP}]')
check('NONE with a target port: connected to since 1.22', moved, 'web', '203.0.114.9:8443', 'open')
check('and before to the port itself', moved, 'web', '203.0.114.9:443', 'open')
check('and to no other', moved, 'web', '203.0.114.9:8444', 'refused')
check('by its name it is taken in every version', moved, 'web', 'a.example.com:443', 'passed')
check('a target port that is the port itself', moved.replace('8443', '443'), 'web', '203.0.114.9:443', 'passed')
const dns = WEB + ONLY + entry(`hosts: [api.stripe.com], resolution: DNS, ${tls}`)
check('DNS: only where the name resolves to it', dns, 'web', '203.0.114.9:443', 'open')
check('by its name', dns, 'web', 'api.stripe.com:443', 'passed')
check('by another name', dns, 'web', 'api.example.com:443', 'refused')
check('its name on another port', dns, 'web', 'api.stripe.com:80', 'refused')
check('another name where NONE trusts what is said', none, 'web', 'api.example.com:443', 'open')
check('a name that NONE trusts', none, 'web', 's3.eu-west-1.amazonaws.com:443', 'passed')
const fixed =
  WEB +
  ONLY +
  entry(
    `hosts: [db.example.com], resolution: STATIC, endpoints: [{address: 203.0.114.20, ports: {tcp: 6432}}], ${tcp(5432)}`,
  )
check('STATIC: its endpoints', fixed, 'web', '203.0.114.20:6432', 'passed')
check('and no other address', fixed, 'web', '203.0.114.21:6432', 'refused')
check('and not at the entry’s own port', fixed, 'web', '203.0.114.20:5432', 'refused')
check('its name at the entry’s own port', fixed, 'web', 'db.example.com:5432', 'passed')
check(
  'endpoints chosen by labels are not read',
  WEB + ONLY + entry(`hosts: [db.example.com], resolution: STATIC, workloadSelector: {labels: {a: b}}, ${tcp(5432)}`),
  'web',
  '203.0.114.20:5432',
  'open',
)
check(
  'DNS with endpoints by name',
  WEB +
    ONLY +
    entry(`hosts: [db.example.com], resolution: DNS, endpoints: [{address: real.example.com}], ${tcp(5432)}`),
  'web',
  '203.0.114.20:5432',
  'open',
)

// Who sees an entry: exportTo, and what the Sidecar imports.
const exported = (to: string, inNamespace: string, more = '') =>
  WEB +
  namespace('other') +
  ONLY +
  more +
  entry(
    `hosts: [db.example.com], exportTo: [${to}], resolution: STATIC, endpoints: [{address: 203.0.114.20}], ${tcp(5432)}`,
    inNamespace,
  )
const DB = '203.0.114.20:5432'
check('exported to nobody else', exported('"."', 'other'), 'web', DB, 'refused')
check('to its own namespace', exported('"."', 'shop'), 'web', DB, 'passed')
check('to all', exported('"*"', 'other'), 'web', DB, 'passed')
check('to this namespace by name', exported('shop', 'other'), 'web', DB, 'passed')
check('to another by name', exported('third', 'other'), 'web', DB, 'refused')
check(
  'by default to nobody else',
  exported('', 'other', '')
    .replace('exportTo: [], ', '')
    .replace(ONLY, config('{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, defaultServiceExportTo: ["."]}')),
  'web',
  DB,
  'refused',
)
const imports = (hosts: string) => sidecar(`{egress: [{hosts: [${hosts}]}]}`)
check('imported from its own namespace only', exported('"*"', 'other', imports('"./*"')), 'web', DB, 'refused')
check('imported by namespace', exported('"*"', 'other', imports('other/*')), 'web', DB, 'passed')
check('imported by host', exported('"*"', 'other', imports('"*/*.example.com"')), 'web', DB, 'passed')
check(
  'what hosts of a named namespace do not hold, those of `*` may',
  exported('"*"', 'other', imports('"*/*", other/x.example.com')),
  'web',
  DB,
  'passed',
)
check('and may not', exported('"*"', 'other', imports('"*/y.example.com", other/x.example.com')), 'web', DB, 'refused')
check(
  'imported for another port',
  exported(
    '"*"',
    'other',
    sidecar('{egress: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ["*/*"]}, {hosts: ["~/*"]}]}'),
  ),
  'web',
  DB,
  'refused',
)

// What is taken out of it: since 1.31, as its change notes say; before, the API refuses a namespace that begins with `~`.
const istiod = (version: string): string =>
  template(
    'Deployment',
    `{metadata: {labels: {app: web}}, spec: {containers: [{name: discovery, image: "docker.io/istio/pilot:${version}"}]}}`,
    'istiod',
    'istio-system',
  )
const taken = (hosts: string, version: string | null): string =>
  exported('"*"', 'other', imports(hosts)) + (version === null ? '' : istiod(version))
check('without a namespace', taken('"*/*", "~other/*"', '1.31.0'), 'web', DB, 'refused')
check('without another namespace', taken('"*/*", "~third/*"', '1.31.0'), 'web', DB, 'passed')
check('without a host', taken('other/*, "~other/db.example.com"', '1.31.0'), 'web', DB, 'refused')
check('without a host of any namespace', taken('"*/*", "~/*.example.com"', '1.31.0'), 'web', DB, 'refused')
check('which is none before 1.31', taken('"*/*", "~/*.example.com"', '1.30.2'), 'web', DB, 'passed')
check('and nobody knows without a version', taken('"*/*", "~/*.example.com"', null), 'web', DB, 'open')
check('a document that 1.30 refuses', taken('"*/*", "~other/*"', '1.30.2'), 'web', DB, 'open')
check('or may refuse', taken('"*/*", "~other/*"', null), 'web', '203.0.114.99:80', 'open')
check('nothing, and something', taken('other/*, "~/*"', '1.31.0'), 'web', DB, 'open')
check('nothing adds nothing before', taken('other/*, "~/*"', '1.30.2'), 'web', DB, 'passed')

test('what a Sidecar selects decides what each pod’s proxy knows, whichever pod comes first', () => {
  const entries = entry(`hosts: [api.example.com], resolution: NONE, ${tcp(443)}`, 'other')
  const wide = '{workloadSelector: {labels: {app: wide}}}'
  for (const [narrowName, wideName] of [
    ['p1', 'p2'],
    ['p2', 'p1'],
  ] as const) {
    const pods =
      meshed({ name: narrowName, labels: 'app: narrow', ips: ['10.244.1.5'] }) +
      meshed({ name: wideName, labels: 'app: wide', ips: ['10.244.1.6'] })
    const documents = namespace('other') + ONLY + imports('"~/*"') + sidecar(wide, 'shop', 'wide') + entries
    const { workloads } = reached({ 'x.yaml': SHOP + pods + documents })
    const refused = (of: string): readonly string[] => {
      const parts = workloads.find(({ name }) => name === of)?.egress ?? []
      const ports = parts
        .filter(({ enforcement }) => enforcement === 'cooperative')
        .flatMap(({ traffic }) => traffic.flatMap(one => one.ports ?? []))
      return [...new Set(ports)]
    }
    assert.deepEqual(refused(narrowName), ['1-65535'])
    assert.deepEqual(refused(wideName), ['1-442,444-65535'])
  }
})

// Services that lead outside.
const service = (spec: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: out, namespace: shop}
spec: ${spec}
`
check(
  'a headless Service with HTTP goes wherever the sender wants',
  WEB + ONLY + service('{clusterIP: None, selector: {a: b}, ports: [{name: http, port: 80}]}'),
  'web',
  OUT,
  'passed',
)
check(
  'with TCP it does not',
  WEB + ONLY + service('{clusterIP: None, selector: {a: b}, ports: [{name: tcp-db, port: 80}]}'),
  'web',
  OUT,
  'refused',
)
check(
  'without a telling name its appProtocol decides',
  WEB + ONLY + service('{clusterIP: None, selector: {a: b}, ports: [{name: db, port: 80}]}'),
  'web',
  OUT,
  'open',
)
check(
  'ExternalName',
  WEB + ONLY + service('{type: ExternalName, externalName: a.example.com, ports: [{name: http, port: 80}]}'),
  'web',
  OUT,
  'open',
)

// What is not captured: annotations, in both families.
const both = ['10.244.1.5', 'fd00:10::5']
const dual = config(
  '{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, defaultConfig: {proxyMetadata: {ISTIO_DUAL_STACK: "true"}}}',
)
const away = (annotations: string, ips: readonly string[] = both) => SHOP + dual + meshed({ annotations, ips })
const ports = away('traffic.sidecar.istio.io/excludeOutboundPorts: "25,587"')
check('an excluded port', ports, 'web', '203.0.114.9:25', 'passed')
check('an excluded port, IPv6', ports, 'web', '[2001:200::9]:587', 'passed')
check('and no other', ports, 'web', OUT, 'refused')
const ranges = away('traffic.sidecar.istio.io/excludeOutboundIPRanges: "203.0.114.0/24,2001:200::/32"')
check('an excluded range', ranges, 'web', OUT, 'passed')
check('an excluded range, IPv6', ranges, 'web', '[2001:200::9]:80', 'passed')
check('outside of it', ranges, 'web', '203.0.115.9:80', 'refused')
check('outside of it, IPv6', ranges, 'web', '[2001:201::9]:80', 'refused')
const v4Only = away('traffic.sidecar.istio.io/includeOutboundIPRanges: "203.0.114.0/24"')
check('an included range', v4Only, 'web', OUT, 'refused')
check('everything else is not', v4Only, 'web', '203.0.115.9:80', 'passed')
check('ranges of one family capture nothing of the other', v4Only, 'web', '[2001:200::9]:80', 'passed')
check('no range: nothing', away('traffic.sidecar.istio.io/includeOutboundIPRanges: ""'), 'web', OUT, 'passed')
check(
  '`*` is everything',
  away('traffic.sidecar.istio.io/includeOutboundIPRanges: "*"'),
  'web',
  '[2001:200::9]:80',
  'refused',
)
const included = away(
  'traffic.sidecar.istio.io/includeOutboundIPRanges: "", traffic.sidecar.istio.io/includeOutboundPorts: "443"',
)
check('an included port is captured all the same', included, 'web', '203.0.114.9:443', 'refused')
check('the others are not', included, 'web', OUT, 'passed')
check(
  'an exclusion of ranges comes before an inclusion of ports',
  away(
    'traffic.sidecar.istio.io/excludeOutboundIPRanges: 203.0.114.0/24, traffic.sidecar.istio.io/includeOutboundPorts: "443"',
  ),
  'web',
  '203.0.114.9:443',
  'passed',
)
check(
  'a range that cannot be read',
  away('traffic.sidecar.istio.io/excludeOutboundIPRanges: "010.0.0.0/8"'),
  'web',
  OUT,
  'open',
)
check('interception switched off', away('sidecar.istio.io/interceptionMode: NONE'), 'web', OUT, 'passed')
check('interfaces left out', away('traffic.sidecar.istio.io/excludeInterfaces: net1'), 'web', OUT, 'open')
check(
  'without dual stack a second family is not captured',
  SHOP + ONLY + meshed({ ips: both }),
  'web',
  '[2001:200::9]:80',
  'passed',
)
check('the first one is', SHOP + ONLY + meshed({ ips: both }), 'web', OUT, 'refused')
check(
  'as the rules of the pod were written',
  SHOP +
    ONLY +
    meshed({
      init: '{name: istio-init, image: istio/proxyv2, args: [istio-iptables, "-p", "15001", "-x", "203.0.114.0/24", "-o", "25"]}',
    }),
  'web',
  '203.0.115.9:25',
  'passed',
)

// Other protocols are never captured.
check('UDP', WEB + ONLY, 'web', '203.0.114.9:53/udp', 'passed')
check('SCTP', WEB + ONLY, 'web', '203.0.114.9:53/sctp', 'passed')
check('ICMP', WEB + ONLY, 'web', '203.0.114.9:8/icmp', 'passed')
check('ICMPv6', WEB + ONLY, 'web', '[2001:200::9]:128/icmpv6', 'passed')
check('GRE', WEB + ONLY, 'web', '203.0.114.9:gre', 'passed')

// Processes that the rules leave alone.
check(
  'a container as user 1337',
  SHOP + ONLY + meshed({ containers: '{name: web, image: x, securityContext: {runAsUser: 1337}}' }),
  'web',
  OUT,
  'passed',
)
check(
  'a pod as group 1337',
  SHOP + ONLY + meshed({ more: 'securityContext: {runAsGroup: 1337}' }),
  'web',
  OUT,
  'passed',
)
check('a pod as user 1337', SHOP + ONLY + meshed({ more: 'securityContext: {runAsUser: 1337}' }), 'web', OUT, 'passed')
check(
  'the proxy itself is no way around',
  SHOP +
    ONLY +
    meshed({
      proxy: false,
      containers:
        '{name: web, image: x}, {name: istio-proxy, image: istio/proxyv2, securityContext: {runAsUser: 1337}}',
    }),
  'web',
  OUT,
  'refused',
)
check(
  'NET_ADMIN could take the rules away: still refused by consent',
  SHOP + ONLY + meshed({ containers: '{name: web, image: x, securityContext: {capabilities: {add: [NET_ADMIN]}}}' }),
  'web',
  OUT,
  'refused',
)
const RULES_LAST = '{name: setup, image: x}, {name: istio-init, image: istio/proxyv2}'
check('an init container before the rules', SHOP + ONLY + meshed({ init: RULES_LAST }), 'web', OUT, 'passed')
check(
  'after them',
  SHOP + ONLY + meshed({ init: '{name: istio-init, image: istio/proxyv2}, {name: setup, image: x}' }),
  'web',
  OUT,
  'refused',
)
check(
  'with the CNI plugin there is no before',
  SHOP + ONLY + meshed({ init: '{name: istio-validation, image: istio/proxyv2}, {name: setup, image: x}' }),
  'web',
  OUT,
  'refused',
)
const NATIVE =
  '{name: istio-init, image: istio/proxyv2}, {name: istio-proxy, image: istio/proxyv2, restartPolicy: Always}, {name: setup, image: x}'
check('a native sidecar', SHOP + ONLY + meshed({ proxy: false, init: NATIVE }), 'web', OUT, 'refused')
const withInit = POD_TEMPLATE.replace('spec: {', 'spec: {initContainers: [{name: setup, image: x}], ')
check(
  'a template with init containers: it hangs on how sidecars are injected',
  SHOP + ONLY + meshed({ name: 'other' }) + template('Deployment', withInit),
  'web',
  OUT,
  'open',
)
check(
  'a Job with init containers, too',
  SHOP + ONLY + meshed({ name: 'other' }) + template('Job', withInit),
  'web',
  OUT,
  'open',
)
check(
  'a Job without: its traffic fails until the sidecar is there',
  SHOP + ONLY + meshed({ name: 'other' }) + template('Job', POD_TEMPLATE),
  'web',
  OUT,
  'refused',
)

// Whether there is a sidecar at all.
check('what runs decides, not the label', SHOP + ONLY + meshed({ proxy: false }), 'web', OUT, 'passed')
check(
  'a sidecar where no label is',
  node('n1', '10.0.0.1') + namespace('shop') + namespace('istio-system') + meshed() + ONLY,
  'web',
  OUT,
  'refused',
)
check(
  'on the host network there is none',
  SHOP + ONLY + meshed({ more: 'hostNetwork: true', ips: ['10.0.0.1'] }),
  'web',
  OUT,
  'passed',
)
const other = meshed({ name: 'other' })
check(
  'a template in an injected namespace',
  SHOP + ONLY + other + template('Deployment', POD_TEMPLATE),
  'web',
  OUT,
  'refused',
)
const labelled = (labels: string) => POD_TEMPLATE.replace('app: web}', `app: web, ${labels}}`)
check(
  'its label refuses',
  SHOP + ONLY + other + template('Deployment', labelled('sidecar.istio.io/inject: "false"')),
  'web',
  OUT,
  'passed',
)
const bare = node('n1', '10.0.0.1') + namespace('shop') + namespace('istio-system') + ONLY + other
check('no label anywhere', bare + template('Deployment', POD_TEMPLATE), 'web', OUT, 'passed')
check(
  'its label asks',
  bare + template('Deployment', labelled('sidecar.istio.io/inject: "true"')),
  'web',
  OUT,
  'refused',
)
check('its revision asks', bare + template('Deployment', labelled('istio.io/rev: default')), 'web', OUT, 'refused')
const annotated = (annotations: string) =>
  POD_TEMPLATE.replace('metadata: {', `metadata: {annotations: {${annotations}}, `)
check(
  'an annotation alone asks whoever listens',
  bare + template('Deployment', annotated('sidecar.istio.io/inject: "true"')),
  'web',
  OUT,
  'open',
)
check(
  'a namespace that refuses wins over the label',
  bare.replace('name: shop, labels: {', 'name: shop, labels: {istio-injection: disabled, ') +
    template('Deployment', labelled('sidecar.istio.io/inject: "true"')),
  'web',
  OUT,
  'passed',
)
check(
  'a revision of the namespace',
  bare.replace('name: shop, labels: {', 'name: shop, labels: {istio.io/rev: stable, ') +
    template('Deployment', POD_TEMPLATE),
  'web',
  OUT,
  'refused',
)
const gateway = meshed({
  name: 'gw',
  proxy: false,
  containers: '{name: istio-proxy, image: istio/proxyv2, args: [proxy, router]}',
})
check('a gateway captures nothing of its own', SHOP + ONLY + gateway, 'gw', OUT, 'passed')
check('a patch of the proxies', WEB + ONLY + istio('EnvoyFilter', PATCH), 'web', OUT, 'open')
check(
  'a patch of other proxies',
  WEB +
    ONLY +
    istio(
      'EnvoyFilter',
      '{workloadSelector: {labels: {app: db}}, configPatches: [{applyTo: LISTENER, match: {context: SIDECAR_OUTBOUND}}]}',
    ),
  'web',
  OUT,
  'refused',
)

const owned = (name: string, annotations: string) =>
  meshed({ name, annotations }).replace(
    'namespace: shop, labels',
    'namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: set, controller: true, uid: u}], labels',
  )
const EXCLUDES_25 = 'traffic.sidecar.istio.io/excludeOutboundPorts: "25"'
check(
  'pods of one workload that are set alike',
  SHOP + ONLY + owned('set-0', EXCLUDES_25) + owned('set-1', EXCLUDES_25),
  'set',
  OUT,
  'refused',
)
check('pods that are not', SHOP + ONLY + owned('set-0', EXCLUDES_25) + owned('set-1', ''), 'set', OUT, 'open')

// Ambient.
const ambient = (labels = 'istio.io/dataplane-mode: ambient') =>
  node('n1', '10.0.0.1') + namespace('istio-system') + namespace('shop', labels)
check(
  'the node’s proxy has been seen to ignore REGISTRY_ONLY',
  ambient() + meshed({ proxy: false }) + ONLY,
  'web',
  OUT,
  'open',
)
check('ALLOW_ANY it keeps', ambient() + meshed({ proxy: false }) + ANY, 'web', OUT, 'passed')
check(
  'UDP is not captured there either',
  ambient() + meshed({ proxy: false }) + ONLY,
  'web',
  '203.0.114.9:53/udp',
  'passed',
)
check(
  'a pod that opts out',
  ambient() + meshed({ proxy: false, labels: 'app: web, istio.io/dataplane-mode: none' }) + ONLY,
  'web',
  OUT,
  'passed',
)
check(
  'a pod that opts in',
  ambient('a: b') + meshed({ proxy: false, labels: 'app: web, istio.io/dataplane-mode: ambient' }) + ONLY,
  'web',
  OUT,
  'open',
)
check('a sidecar wins over it', ambient() + meshed() + ONLY, 'web', OUT, 'refused')
check('Sidecars are about sidecars', ambient() + meshed({ proxy: false }) + ANY + sidecar(only), 'web', OUT, 'passed')

// Linkerd: nothing is refused without an EgressNetwork.
const linkerd = (annotations = '', more = '') =>
  node('n1', '10.0.0.1') +
  namespace('shop') +
  more +
  meshed({
    proxy: false,
    annotations,
    containers: '{name: web, image: x}, {name: linkerd-proxy, image: cr.l5d.io/linkerd/proxy}',
    init: '{name: linkerd-init, image: cr.l5d.io/linkerd/proxy-init, args: []}',
  })
check('Linkerd passes everything on', linkerd(), 'web', OUT, 'passed')
check('a skipped port', linkerd('config.linkerd.io/skip-outbound-ports: "25"'), 'web', '203.0.114.9:25', 'passed')

/** An estate with egress networks and routes of the mesh, as they are lowered. */
const askLinkerd = (
  yaml: string,
  to: string,
  networks: readonly ApiObject[],
  routes: readonly ApiObject[] = [],
): Answer => {
  const estate = loaded({ 'x.yaml': yaml })
  const clusters = estate.estate.clusters.map(cluster => ({
    ...cluster,
    mesh: {
      ...cluster.mesh,
      egressNetworks: lowerEgressNetworks(networks),
      egressRoutes: lowerEgressRoutes(routes),
    },
  }))
  return can({ ...estate, estate: { ...estate.estate, clusters } }, 'web', to, { profile: null, compat: null })
}
const linkerdObject = (kind: string, spec: JsonObject, inNamespace = 'linkerd-egress'): ApiObject => ({
  ref: { cluster: 'c', group: 'policy.linkerd.io', kind, namespace: inNamespace, name: 'all' },
  origin: { file: 'x.yaml', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null },
  labels: new Map(),
  annotations: new Map(),
  version: 'v1alpha1',
  metadata: {},
  spec,
  body: {},
})
const DENY = linkerdObject('EgressNetwork', { trafficPolicy: 'Deny' })
const toHost = linkerdObject('TLSRoute', {
  hostnames: ['httpbin.org'],
  parentRefs: [{ kind: 'EgressNetwork', group: 'policy.linkerd.io', name: 'all', port: 443 }],
})

test('Linkerd: Deny refuses what no route names, by consent', () => {
  const skipping = linkerd(
    'config.linkerd.io/skip-outbound-ports: "25", config.linkerd.io/skip-subnets: 203.0.115.0/24',
  )
  const told = (to: string, routes: readonly ApiObject[] = [], networks = [DENY]) => {
    const answer = askLinkerd(skipping, to, networks, routes)
    return [answer.verdict, answer.enforcement, wordOf(answer)].join(' ')
  }
  assert.equal(told(OUT), 'allowed cooperative refused')
  assert.equal(told('203.0.114.9:25'), 'allowed enforced passed')
  assert.equal(told('203.0.115.9:80'), 'allowed enforced passed')
  assert.equal(told('203.0.114.9:53/udp'), 'allowed enforced passed')
  // The rules for IPv6 are a setting of the control plane.
  assert.equal(told('[2001:200::9]:80'), 'allowed enforced open')
  assert.equal(told('httpbin.org:443', [toHost]), 'allowed enforced passed')
  assert.equal(told('203.0.114.9:443', [toHost]), 'allowed enforced passed')
  assert.equal(told('203.0.114.9:80', [toHost]), 'allowed cooperative refused')
  const own = linkerdObject('EgressNetwork', { trafficPolicy: 'Allow' }, 'shop')
  assert.equal(told(OUT, [], [DENY, own]), 'allowed enforced passed')
})

test('a policy that closes it stays the answer, and the mesh is asked all the same', () => {
  const answer = ask(WEB + ONLY + networkPolicy('{podSelector: {}, policyTypes: [Egress]}', 'p', 'shop'), 'web', OUT)
  assert.deepEqual([answer.verdict, answer.enforcement, wordOf(answer)], ['denied', 'enforced', 'refused'])
})

test('a policy that nobody enforces and a mesh that refuses: cooperative, and both reasons', () => {
  const closed = networkPolicy('{podSelector: {}, policyTypes: [Egress]}', 'p', 'shop')
  const answer = ask(WEB + ONLY + closed, 'web', OUT, 'flannel')
  assert.deepEqual([answer.verdict, answer.enforcement], ['allowed', 'cooperative'])
  const objects = answer.parts.flatMap(part => part.because.map(one => one.object))
  assert.ok(objects.includes('c/shop/NetworkPolicy/p') && objects.includes('c/istio-system/ConfigMap/istio'))
})

test('a refusal names its document and its place, and the ways around', () => {
  const tools = '{name: tools, image: x, securityContext: {capabilities: {add: [NET_ADMIN]}}}'
  const annotations = 'traffic.sidecar.istio.io/excludeOutboundPorts: "25"'
  const yaml = SHOP + meshed({ annotations, containers: `{name: web, image: x}, ${tools}` }) + ANY + sidecar(only)
  const [part] = ask(yaml, 'web', OUT).parts
  const by = (object: string | null) => part?.because.filter(one => one.object === object) ?? []
  const [mode] = by('c/shop/Sidecar/default')
  assert.equal(mode?.rule, 'spec.outboundTrafficPolicy')
  assert.equal(mode?.file, 'x.yaml')
  assert.equal(yaml.split('\n')[(mode?.line ?? 0) - 1], `spec: ${only}`)
  assert.deepEqual(
    by('c/shop/Pod/web').map(one => one.rule),
    ['spec.containers[1]', 'metadata.annotations.traffic.sidecar.istio.io/excludeOutboundPorts'],
  )
  assert.ok(part?.because.some(one => one.object === null && one.says.startsWith('ways around every sidecar')))
})

/** Regions of a row never overlap, and those that share all but where they lead to are one. */
const isCanonical = (egress: readonly ReachEntry[]): void => {
  const keys = egress
    .filter(({ to }) => to.kind === 'addresses')
    .map(({ to, traffic, verdict, enforcement, path, exit }) =>
      JSON.stringify([to.kind === 'addresses' ? to.zone : '', traffic, verdict, enforcement, path, exit]),
    )
  assert.equal(new Set(keys).size, keys.length)
}

test('rows: what is refused stands apart, what is left is put together again', () => {
  const yaml =
    fixed +
    networkPolicy(
      '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 203.0.114.0/24}}]}]}',
      'p',
      'shop',
    )
  const web = reached({ 'x.yaml': yaml }).workloads.find(({ name }) => name === 'web')
  const egress = web?.egress ?? []
  isCanonical(egress)
  const block = egress.filter(
    ({ to, verdict }) => to.kind === 'addresses' && to.zone === 'internet' && verdict === 'allowed',
  )
  assert.deepEqual(
    block.map(({ to, traffic, enforcement }) => [to.kind === 'addresses' ? to.ranges : [], traffic[0], enforcement]),
    [
      [
        ['203.0.114.0-203.0.114.19', '203.0.114.21-203.0.114.255'],
        { protocol: 'TCP', ports: '1-65535' },
        'cooperative',
      ],
      [['203.0.114.0-203.0.114.19', '203.0.114.21-203.0.114.255'], { protocol: 'UDP', ports: '1-65535' }, 'enforced'],
      // The proxy connects to the endpoint's port alone.
      [['203.0.114.20'], { protocol: 'TCP', ports: '1-6431,6433-65535' }, 'cooperative'],
      [['203.0.114.20'], { protocol: 'TCP', ports: '6432' }, 'enforced'],
    ],
  )
})

test('rows: what is open and what passes is one region, with the reason', () => {
  const egress = reached({ 'x.yaml': dns }).workloads.find(({ name }) => name === 'web')?.egress ?? []
  isCanonical(egress)
  const open = egress.filter(({ unknowns }) => unknowns.some(({ stage }) => stage === 'mesh'))
  assert.ok(open.length > 0)
  for (const { verdict, enforcement } of open) assert.deepEqual([verdict, enforcement], ['allowed', 'enforced'])
})

test('classes: a workload that the mesh holds back is in no class with one that it does not', () => {
  const yaml = SHOP + ONLY + meshed({ name: 'a' }) + meshed({ name: 'b', proxy: false }) + meshed({ name: 'd' })
  const classOf = new Map(reached({ 'x.yaml': yaml }).workloads.map(one => [one.name, one.class]))
  assert.notEqual(classOf.get('a'), classOf.get('b'))
  assert.equal(classOf.get('a'), classOf.get('d'))
})

test('a tool that knows of no mesh is followed in that', () => {
  const told = (compat: 'np-guard' | null) =>
    can(loaded({ 'x.yaml': WEB + ONLY }), 'web', OUT, { profile: null, compat }).enforcement
  assert.deepEqual([told(null), told('np-guard')], ['cooperative', 'enforced'])
})

// Egress gateways: an entry, a Gateway, a route for the mesh and one for the gateway. A part missing: the way is direct.
const GATEWAY = `
---
apiVersion: v1
kind: Service
metadata: {name: istio-egressgateway, namespace: istio-system}
spec: {selector: {istio: egressgateway}, clusterIP: 10.96.0.9, ports: [{name: https, port: 443, targetPort: 8443}]}
---
apiVersion: v1
kind: Pod
metadata: {name: egress, namespace: istio-system, labels: {istio: egressgateway}}
spec: {nodeName: n1, containers: [{name: istio-proxy, image: istio/proxyv2, args: [proxy, router]}]}
status: {phase: Running, podIP: 10.244.1.9, podIPs: [{ip: 10.244.1.9}]}
`
const listens = (mode = 'PASSTHROUGH') =>
  istio(
    'Gateway',
    `{selector: {istio: egressgateway}, servers: [{hosts: [api.stripe.com], port: {number: 8443, name: tls, protocol: TLS}, tls: {mode: ${mode}}}]}`,
    'out',
  )
const leg = (match: string, to: string) =>
  `{match: [{${match}}], route: [{destination: {host: ${to}, port: {number: 443}}}]}`
const TO_GATEWAY = 'istio-egressgateway.istio-system.svc.cluster.local'
const sni = 'sniHosts: [api.stripe.com]'
const first = leg(`gateways: [mesh], port: 443, ${sni}`, TO_GATEWAY)
const second = leg(`gateways: [out], port: 8443, ${sni}`, 'api.stripe.com')
const route = (...legs: readonly string[]) =>
  istio('VirtualService', `{hosts: [api.stripe.com], gateways: [mesh, out], tls: [${legs.join(', ')}]}`, 'stripe')
const stripe = entry(`hosts: [api.stripe.com], resolution: DNS, ${tls}`)
const WHOLE = WEB + ANY + GATEWAY + listens() + stripe + route(first, second)

const way = (
  purpose: string,
  yaml: string,
  expected: 'gateway' | 'direct',
  from = 'web',
  to = 'api.stripe.com:443',
): void => {
  test(`${purpose}: ${from} reaches ${to} ${expected === 'direct' ? 'directly' : 'through the gateway'}`, () => {
    const answer = ask(yaml, from, to)
    assert.equal(answer.verdict, 'allowed')
    const hops = answer.stages.find(({ stage }) => stage === 'mesh')?.hops ?? []
    if (expected === 'direct') {
      assert.deepEqual([answer.exit.kind, hops], ['unknown', []])
      return
    }
    const id = 'c/istio-system/Pod/egress'
    assert.deepEqual(hops, [{ hop: 'egress-gateway', id }])
    assert.deepEqual(answer.exit, { kind: 'egress-gateway', id, sourceAddresses: [] })
    // The direct way stays open past the proxy.
    assert.equal(answer.enforcement, 'cooperative')
    holdsHoweverWritten(yaml)
  })
}
way('whole', WHOLE, 'gateway')
way('by ALLOW_ANY or not', WHOLE.replace('ALLOW_ANY', 'REGISTRY_ONLY'), 'gateway')
way('without the entry', WHOLE.replace(stripe, ''), 'direct')
way('without the Gateway', WHOLE.replace(listens(), ''), 'direct')
way('without the route of the mesh', WHOLE.replace(route(first, second), route(second)), 'direct')
way('without the route of the gateway', WHOLE.replace(route(first, second), route(first)), 'direct')
way('an entry that resolves nothing would loop', WHOLE.replace('resolution: DNS', 'resolution: NONE'), 'direct')
way(
  'a Gateway for other hosts',
  WHOLE.replace('servers: [{hosts: [api.stripe.com]', 'servers: [{hosts: [api.example.com]'),
  'direct',
)
way(
  'a route for other workloads',
  WHOLE.replace('gateways: [mesh], port', 'gateways: [mesh], sourceLabels: {app: db}, port'),
  'direct',
)
way(
  'a route for this one',
  WHOLE.replace('gateways: [mesh], port', 'gateways: [mesh], sourceLabels: {app: web}, port'),
  'gateway',
)
way('another port', WHOLE, 'direct', 'web', 'api.stripe.com:80')
way('no sidecar', WHOLE.replace(meshed(), meshed({ proxy: false })), 'direct')
way(
  'an excluded port',
  WHOLE.replace(meshed(), meshed({ annotations: 'traffic.sidecar.istio.io/excludeOutboundPorts: "443"' })),
  'direct',
)
way(
  'with the mesh’s certificates a DestinationRule is part of it',
  WHOLE.replace('PASSTHROUGH', 'ISTIO_MUTUAL'),
  'direct',
)
way(
  'and with it',
  WHOLE.replace('PASSTHROUGH', 'ISTIO_MUTUAL') +
    istio('DestinationRule', `{host: ${TO_GATEWAY}, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}`, 'mtls'),
  'gateway',
)

test('a policy that leaves only the gateway open closes the direct way: enforced', () => {
  const behind = networkPolicy(
    '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: istio-system}}}]}]}',
    'p',
    'shop',
  )
  const answer = ask(WHOLE + behind, 'web', 'api.stripe.com:443')
  assert.deepEqual([answer.verdict, answer.enforcement], ['denied', 'enforced'])
  assert.ok(answer.relays.some(({ path }) => path.some(({ id }) => id === 'c/istio-system/Pod/egress')))
})

test('rows: names that a rule opens and a gateway takes leave through it', () => {
  const byName = `
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: names, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress:
    - toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system}}]
      toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]
    - toFQDNs: [{matchName: api.stripe.com}, {matchName: api.example.com}]
      toPorts: [{ports: [{port: "443", protocol: TCP}]}]
`
  const profile = { profile: null, compat: null, namespaces: [], wants: () => true, all: false } as const
  const { workloads } = reach(loaded({ 'x.yaml': WHOLE + byName }), profile)
  const names = workloads.find(({ name }) => name === 'web')?.egress?.filter(({ to }) => to.kind === 'names') ?? []
  const told = names.map(({ to, enforcement, exit, path }) => [
    to.kind === 'names' ? to.patterns : [],
    enforcement,
    exit.kind,
    path.map(({ hop }) => hop),
  ])
  assert.deepEqual(
    told.filter(([patterns]) => (patterns as readonly string[]).includes('api.stripe.com')),
    [[['api.stripe.com'], 'cooperative', 'egress-gateway', ['node', 'egress-gateway']]],
  )
})
