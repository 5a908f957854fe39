import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateIstioWorld } from './generate-istio.ts'
import { meshRefuses, type Refusal } from './istio.ts'
import { namespace, packet } from './testing.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

// Expected by the reference of ServiceEntry and Sidecar, "Resource Annotations" and "Application Requirements" on istio.io, and by
// istio/istio where they are silent.

interface PodOptions {
  readonly annotations?: Fields
  readonly labels?: Fields
  readonly ips?: readonly string[]
  readonly spec?: Fields
  readonly containers?: readonly Json[]
}
const PROXY: Json = { name: 'istio-proxy' }
const pod = (id: string, options: PodOptions = {}): Json => {
  const [where = '', name = ''] = id.split('/')
  const annotations = Object.entries(options.annotations ?? {}).map(
    ([key, value]) => [key.includes('/') ? key : `traffic.sidecar.istio.io/${key}`, value] as const,
  )
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: where, name, labels: options.labels ?? {}, annotations: Object.fromEntries(annotations) },
    spec: { containers: options.containers ?? [{ name: 'main' }, PROXY], ...options.spec },
    status: { phase: 'Running', podIPs: (options.ips ?? ['10.0.0.1']).map(ip => ({ ip })) },
  }
}
const settings = (mesh: Json | string): Json => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data: { mesh: typeof mesh === 'string' ? mesh : JSON.stringify(mesh) },
})
const istio = (kind: string, id: string, spec: Fields): Json => {
  const [where = '', name = ''] = id.split('/')
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { namespace: where, name }, spec }
}
const entry = (id: string, spec: Fields): Json => istio('ServiceEntry', id, { hosts: ['api.example.com'], ...spec })
const controlPlane = (version: string): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'istio-system', name: 'istiod' },
  spec: { template: { spec: { containers: [{ name: 'discovery', image: `docker.io/istio/pilot:${version}` }] } } },
})
const sidecar = (id: string, spec: Fields): Json => istio('Sidecar', id, spec)
const port = (number: number, protocol: string, more: Fields = {}): Fields => ({
  ports: [{ number, name: 'p', protocol, ...more }],
})
const egress = (...hosts: readonly string[]): Fields => ({ egress: [{ hosts }] })

const ONLY = settings({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })
const ANY = settings('accessLogFile: /dev/stdout\noutboundTrafficPolicy:\n  mode: ALLOW_ANY\n')
const WEB = pod('a/web')
const OUT = 'a/web > 192.0.2.10 tcp 443'

/** Each line is a packet and whether it is refused. */
const check = (objects: readonly Json[], expected: Readonly<Record<string, Refusal>>): void => {
  for (const [line, refusal] of Object.entries(expected))
    assert.equal(meshRefuses({ objects }, packet(line)), refusal, line)
}

test('what the registry does not hold is refused in REGISTRY_ONLY, and nothing in ALLOW_ANY, which is the default', () => {
  check([WEB, ONLY], { [OUT]: 'yes', 'a/web > 169.254.169.254 tcp 80': 'yes' })
  check([WEB, settings('outboundTrafficPolicy:\n  mode: "REGISTRY_ONLY"\n')], { [OUT]: 'yes' })
  check([WEB, ANY], { [OUT]: 'no' })
  check([WEB, settings({})], { [OUT]: 'no' })
})

test('settings that were not given, cannot be read, or are not followed leave it open', () => {
  check([WEB], { [OUT]: 'open' })
  check([WEB, settings('outboundTrafficPolicy: [')], { [OUT]: 'open' })
  check([WEB, settings({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, discoverySelectors: [] })], {
    [OUT]: 'open',
  })
  check([WEB, ONLY, istio('EnvoyFilter', 'a/patch', {})], { [OUT]: 'open' })
  // A Sidecar of the pod's own namespace is enough; which namespace is the root is not known.
  const strict = { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }
  check([WEB, sidecar('a/default', strict)], { [OUT]: 'yes' })
  check([WEB, sidecar('istio-system/default', strict)], { [OUT]: 'open' })
})

test('only TCP comes to the proxy, and only from pods that have one', () => {
  check([WEB, ONLY], { 'a/web > 192.0.2.10 udp 443': 'no', 'a/web > 192.0.2.10 icmp 8': 'no' })
  const bare = pod('a/web', { containers: [{ name: 'main' }] })
  check([bare, ONLY], { [OUT]: 'no' })
  check([bare, ONLY, namespace('a', { 'istio-injection': 'enabled' })], { [OUT]: 'open' })
  check([bare, ONLY, namespace('a', { 'istio.io/dataplane-mode': 'ambient' })], { [OUT]: 'open' })
  const native = {
    containers: [{ name: 'main' }],
    spec: { initContainers: [{ name: 'istio-proxy', restartPolicy: 'Always' }] },
  }
  check([pod('a/web', native), ONLY], { [OUT]: 'yes' })
  const once = { containers: [{ name: 'main' }], spec: { initContainers: [PROXY] } }
  check([pod('a/web', once), ONLY], { [OUT]: 'no' })
  check([pod('a/web', { spec: { hostNetwork: true } }), ONLY], { [OUT]: 'no' })
  check([pod('a/web', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } }), ONLY], { [OUT]: 'no' })
  check([pod('a/web', { annotations: { 'sidecar.istio.io/interceptionMode': 'TPROXY' } }), ONLY], { [OUT]: 'yes' })
})

test('the user and the group of the proxy are past it', () => {
  const as = (context: Fields): Json =>
    pod('a/web', { containers: [{ name: 'main', securityContext: context }, PROXY] })
  check([as({ runAsUser: 1337 }), ONLY], { [OUT]: 'no' })
  check([as({ runAsGroup: 1337 }), ONLY], { [OUT]: 'no' })
  check([as({ runAsUser: 1338 }), ONLY], { [OUT]: 'yes' })
  // The container's own word counts before the pod's.
  const inherited = { spec: { securityContext: { runAsUser: 1337 } } }
  check([pod('a/web', inherited), ONLY], { [OUT]: 'no' })
  const second = [{ name: 'main' }, { name: 'second', securityContext: { runAsUser: 1337 } }, PROXY]
  check([pod('a/web', { containers: second }), ONLY], { [OUT]: 'open' })
  check([pod('a/web', { spec: { initContainers: [{ name: 'migrate' }] } }), ONLY], { [OUT]: 'open' })
})

test('ports and ranges: left out before taken in, each family by itself', () => {
  const told = (annotations: Fields, ips: readonly string[] = ['10.0.0.1']): readonly Json[] => [
    pod('a/web', { annotations, ips }),
    ONLY,
  ]
  check(told({ excludeOutboundPorts: '80, 443' }), { [OUT]: 'no', 'a/web > 192.0.2.10 tcp 444': 'yes' })
  check(told({ excludeOutboundIPRanges: '192.0.2.0/28' }), { [OUT]: 'no', 'a/web > 192.0.2.16 tcp 443': 'yes' })
  check(told({ includeOutboundIPRanges: '192.0.2.0/28' }), { [OUT]: 'yes', 'a/web > 192.0.2.16 tcp 443': 'no' })
  check(told({ includeOutboundIPRanges: '' }), { [OUT]: 'no' })
  check(told({ includeOutboundIPRanges: '*' }), { [OUT]: 'yes' })
  check(told({ includeOutboundIPRanges: '', includeOutboundPorts: '443' }), {
    [OUT]: 'yes',
    'a/web > 192.0.2.10 tcp 80': 'no',
  })
  check(told({ includeOutboundPorts: '443', excludeOutboundIPRanges: '192.0.2.0/24' }), { [OUT]: 'no' })
  check(told({ excludeOutboundPorts: 'https' }), { [OUT]: 'open' })
  check(told({ excludeOutboundIPRanges: '192.0.2.010/32' }), { [OUT]: 'open' })
  const six = 'a/web > 2001:db8::1 tcp 443'
  check(told({}, ['fd00:a::1']), { [six]: 'yes' })
  check(told({ includeOutboundIPRanges: '0.0.0.0/0' }, ['fd00:a::1']), { [six]: 'no' })
  check(told({}, ['10.0.0.1', 'fd00:a::1']), { [OUT]: 'yes', [six]: 'open' })
})

test('the arguments that set the redirection up must say what the annotations say', () => {
  const set = (...args: readonly string[]): Json =>
    pod('a/web', {
      annotations: { excludeOutboundPorts: '80' },
      spec: { initContainers: [{ name: 'istio-init', args: ['istio-iptables', '-i', '*', '-x', '', ...args] }] },
    })
  check([set('-o', '80'), ONLY], { [OUT]: 'yes', 'a/web > 192.0.2.10 tcp 80': 'no' })
  check([set('-o', '443'), ONLY], { [OUT]: 'open' })
})

test('a Sidecar of the workload counts before that of the namespace, and that before the root’s', () => {
  const web = pod('a/web', { labels: { app: 'web' } })
  const mode = (name: string): Fields => ({ outboundTrafficPolicy: { mode: name } })
  const selecting = (app: string, more: Fields): Fields => ({ workloadSelector: { labels: { app } }, ...more })
  const root = sidecar('istio-system/default', mode('REGISTRY_ONLY'))
  check([web, ANY, root], { [OUT]: 'yes' })
  check([web, ANY, root, sidecar('a/default', mode('ALLOW_ANY'))], { [OUT]: 'no' })
  // It does not take the policy of a wider one, but the mesh's.
  check([web, ANY, root, sidecar('a/default', {})], { [OUT]: 'no' })
  check([web, ANY, sidecar('a/default', mode('ALLOW_ANY')), sidecar('a/x', selecting('web', mode('REGISTRY_ONLY')))], {
    [OUT]: 'yes',
  })
  check([web, ANY, root, sidecar('a/x', selecting('db', mode('ALLOW_ANY')))], { [OUT]: 'yes' })
  // One that selects, in the root namespace, is for that namespace.
  check([web, ANY, sidecar('istio-system/x', selecting('web', mode('REGISTRY_ONLY')))], { [OUT]: 'no' })
  check([web, settings({ rootNamespace: 'root' }), root], { [OUT]: 'no' })
  // The enum's first value is what is meant where no mode is written.
  check([web, ANY, sidecar('a/default', { outboundTrafficPolicy: {} })], { [OUT]: 'yes' })
  check([web, ANY, sidecar('a/one', mode('REGISTRY_ONLY')), sidecar('a/two', mode('REGISTRY_ONLY'))], { [OUT]: 'open' })
})

test('an entry without resolution passes where its port and its addresses say; HTTP and TLS go by name', () => {
  const near = 'a/web > 192.0.2.11 tcp 443'
  const at = (address: string, protocol: string): Json => entry('a/e', { addresses: [address], ...port(443, protocol) })
  check([WEB, ONLY, at('192.0.2.10', 'TCP')], { [OUT]: 'no', [near]: 'yes', 'a/web > 192.0.2.10 tcp 80': 'yes' })
  check([WEB, ONLY, at('192.0.2.0/28', 'tcp')], { [near]: 'no', 'a/web > 192.0.2.16 tcp 443': 'yes' })
  check([WEB, ONLY, entry('a/e', port(443, 'TCP'))], { [OUT]: 'no', 'a/web > 192.0.2.10 tcp 444': 'yes' })
  check([WEB, ONLY, at('192.0.2.10', 'TLS')], { [OUT]: 'open', [near]: 'yes' })
  check([WEB, ONLY, entry('a/e', port(443, 'TLS'))], { [near]: 'open' })
  // HTTP is heard at every address.
  check([WEB, ONLY, at('192.0.2.10', 'HTTP')], { [near]: 'open' })
  check([WEB, ONLY, at('192.0.2.10', 'UDP')], { [OUT]: 'yes' })
  check([WEB, ONLY, entry('a/e', port(443, 'TCP', { targetPort: 8443 }))], {
    [OUT]: 'open',
    'a/web > 192.0.2.10 tcp 8443': 'open',
  })
})

test('an entry with endpoints leads to them and to nobody else', () => {
  const fixed = (more: Fields): Json =>
    entry('a/e', { resolution: 'STATIC', endpoints: [{ address: '192.0.2.10' }], ...port(443, 'TCP'), ...more })
  check([WEB, ONLY, fixed({})], { [OUT]: 'open', 'a/web > 192.0.2.11 tcp 443': 'elsewhere' })
  check([WEB, ONLY, fixed({ addresses: ['240.0.0.1'] })], {
    [OUT]: 'open',
    'a/web > 192.0.2.11 tcp 443': 'yes',
    'a/web > 240.0.0.1 tcp 443': 'elsewhere',
  })
  check([WEB, ONLY, fixed(port(443, 'TCP', { targetPort: 8443 }))], { 'a/web > 192.0.2.10 tcp 8443': 'open' })
  const own = { addresses: ['240.0.0.1'], endpoints: [{ address: '192.0.2.10', ports: { p: 9000 } }] }
  check([WEB, ONLY, fixed(own)], { [OUT]: 'yes', 'a/web > 192.0.2.10 tcp 9000': 'open' })
})

test('an entry that is looked up leads anywhere on its port', () => {
  const named = (more: Fields): Json => entry('a/e', { resolution: 'DNS', addresses: ['240.0.0.1'], ...more })
  check([WEB, ONLY, named(port(443, 'TCP'))], { [OUT]: 'open', 'a/web > 192.0.2.10 tcp 444': 'yes' })
  check([WEB, ONLY, named(port(80, 'TCP', { targetPort: 443 }))], { [OUT]: 'open', 'a/web > 192.0.2.10 tcp 80': 'yes' })
  check([WEB, ONLY, named({ ...port(443, 'TCP'), endpoints: [{ address: '192.0.2.11' }] })], { [OUT]: 'yes' })
})

test('an entry counts where it is exported to and imported', () => {
  const open = (id: string, exportTo: readonly string[], more: Fields = {}): Json =>
    entry(id, { ...port(443, 'TCP'), ...(exportTo.length > 0 ? { exportTo } : {}), ...more })
  check([WEB, ONLY, open('b/e', [])], { [OUT]: 'no' })
  check([WEB, ONLY, open('b/e', ['.'])], { [OUT]: 'yes' })
  check([WEB, ONLY, open('a/e', ['.'])], { [OUT]: 'no' })
  check([WEB, ONLY, open('b/e', ['c', 'a'])], { [OUT]: 'no' })
  check([WEB, ONLY, open('b/e', ['~'])], { [OUT]: 'yes' })
  const own = settings({ outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' }, defaultServiceExportTo: ['.'] })
  check([WEB, own, open('b/e', [])], { [OUT]: 'yes' })
  const only = (...hosts: readonly string[]): readonly Json[] => [
    WEB,
    ONLY,
    open('b/e', []),
    sidecar('a/s', egress(...hosts)),
  ]
  check(only('./*'), { [OUT]: 'yes' })
  check(only('b/*'), { [OUT]: 'no' })
  check(only('*/*.example.com'), { [OUT]: 'no' })
  check(only('*/other.test'), { [OUT]: 'yes' })
  check(only('~/*'), { [OUT]: 'yes' })
  // The first versions stop at the namespace that is named.
  check(only('*/*', 'b/*.other.test'), { [OUT]: 'open' })
  // Since 1.31 `~` takes out, and before it is no namespace's name: with another behind it the document is refused.
  const by = (version: string | null, ...hosts: readonly string[]): readonly Json[] => [
    ...only(...hosts),
    ...(version === null ? [] : [controlPlane(version)]),
  ]
  check(by('1.31.0', '*/*', '~b/*'), { [OUT]: 'yes' })
  check(by('1.30.4', '*/*', '~b/*'), { [OUT]: 'open' })
  check(by(null, '*/*', '~b/*'), { [OUT]: 'open' })
  check(by('1.31.0', '*/*', '~c/*'), { [OUT]: 'no' })
  check(by('1.31.0', 'b/*', '~/*.example.com'), { [OUT]: 'yes' })
  check(by('1.30.4', 'b/*', '~/*.example.com'), { [OUT]: 'no' })
  check(by(null, 'b/*', '~/*.example.com'), { [OUT]: 'open' })
  check(by('1.31.0', 'b/*', '~/other.test'), { [OUT]: 'no' })
  check(by('1.31.0', 'b/*', '~/*'), { [OUT]: 'open' })
  check(by('1.30.4', 'b/*', '~/*'), { [OUT]: 'no' })
  check(by('1.31.0', '~/*'), { [OUT]: 'yes' })
  // The root's document means each pod's namespace by the dot.
  check([WEB, ONLY, open('a/e', []), sidecar('istio-system/s', egress('./*'))], { [OUT]: 'no' })
  check([WEB, ONLY, open('istio-system/e', []), sidecar('istio-system/s', egress('./*'))], { [OUT]: 'yes' })
  // A listener with a port imports that port alone.
  const listener = sidecar('a/s', { egress: [{ port: { number: 80, protocol: 'TCP', name: 'x' }, hosts: ['*/*'] }] })
  check([WEB, ONLY, open('b/e', []), listener], { [OUT]: 'yes' })
  check([WEB, ONLY, open('b/e', [], port(80, 'TCP')), listener], { 'a/web > 192.0.2.10 tcp 80': 'open' })
})

test('the same seed gives the same world, and the order of documents does not matter', () => {
  assert.deepEqual(generateIstioWorld(7, true), generateIstioWorld(7, true))
  for (let seed = 0; seed < 60; seed += 1) {
    const { world, packets } = generateIstioWorld(seed, false)
    const reversed = { objects: world.objects.toReversed() }
    for (const one of packets)
      assert.equal(meshRefuses(reversed, one), meshRefuses(world, one), `seed ${seed}: ${JSON.stringify(one)}`)
  }
})
