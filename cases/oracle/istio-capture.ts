import { nameOf, namespaceOf, ofKind, podAddresses } from './estate.ts'
import { type Address, inBlock, inBlockText, readBlock } from './ip.ts'
import { podObject } from './istio-pod.ts'
import { at, integer, list, text, texts } from './json.ts'
import { every, not, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/**
 * Whether a TCP connection of one of the pod's own containers is redirected to the sidecar.
 * Source: istio.io, "Application Requirements", "Resource Annotations"; istio, tools/istio-iptables/pkg/capture/run.go.
 */
export const isCaptured = (
  objects: readonly Json[],
  which: { readonly namespace: string; readonly name: string },
  address: Address,
  port: number,
): Tri => {
  const pod = podObject(objects, which)
  if (pod === undefined) return 'unknown'
  // What is told to stay out stays out, whatever else is open.
  return every([hasSidecar(objects, pod), ...senders(pod), isRedirected(pod, address, port), isOfFamily(pod, address)])
}

/** A pod as it runs holds the containers that were added to it. Source: istio, pkg/kube/inject; "Installing the Sidecar". */
const hasSidecar = (objects: readonly Json[], pod: Json): Tri => {
  if (at(pod, 'spec', 'hostNetwork') === true) return 'no'
  if (proxiesOf(pod).length === 0) return mayBeInAnotherWay(objects, pod) ? 'unknown' : 'no'
  const annotations = texts(at(pod, 'metadata', 'annotations'))
  const mode = annotations.get('sidecar.istio.io/interceptionMode') ?? 'REDIRECT'
  if (mode === 'NONE') return 'no'
  const isPlain =
    proxiesOf(pod).length === 1 &&
    ['REDIRECT', 'TPROXY'].includes(mode) &&
    UNFOLLOWED.every(key => !annotations.has(key)) &&
    !MARKS.some(key => key.startsWith('istio.io/') && isMarked(objects, pod, key)) &&
    proxiesOf(pod).every(proxy => at(proxy, 'env') === undefined && isOfProxyUser(proxy))
  return isPlain ? 'yes' : 'unknown'
}

/** Annotations that change more of the capture than is followed here. */
const UNFOLLOWED = [
  'proxy.istio.io/config',
  'traffic.sidecar.istio.io/excludeInterfaces',
  'traffic.sidecar.istio.io/kubevirtInterfaces',
  'istio.io/reroute-virtual-interfaces',
]

/** Labels by which another control plane, the node's proxy or an injection to come may be meant. */
const MARKS = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode', 'sidecar.istio.io/inject']

const mayBeInAnotherWay = (objects: readonly Json[], pod: Json): boolean =>
  MARKS.some(key => isMarked(objects, pod, key))

const isMarked = (objects: readonly Json[], pod: Json, key: string): boolean => {
  const namespace = ofKind(objects, '', 'Namespace').find(one => nameOf(one) === namespaceOf(pod))
  return [at(namespace, 'metadata', 'labels'), at(pod, 'metadata', 'labels'), at(pod, 'metadata', 'annotations')].some(
    labels => texts(labels).has(key),
  )
}

const isProxy = (container: Json): boolean => text(at(container, 'name')) === 'istio-proxy'

/** As a container, or as an init container that keeps running. Source: kubernetes.io, "Sidecar Containers". */
const proxiesOf = (pod: Json): readonly Json[] => [
  ...list(at(pod, 'spec', 'containers')).filter(isProxy),
  ...list(at(pod, 'spec', 'initContainers')).filter(
    container => isProxy(container) && at(container, 'restartPolicy') === 'Always',
  ),
]

const PROXY_ID = 1337

const isOfProxyUser = (proxy: Json): boolean =>
  [undefined, PROXY_ID].includes(integer(at(proxy, 'securityContext', 'runAsUser')))

/**
 * What the proxy's own user or group sends is not redirected; whoever may change the redirection may be past it, and so may an
 * init container of the pod's own.
 */
const senders = (pod: Json): readonly Tri[] => {
  const own = list(at(pod, 'spec', 'containers')).filter(container => !isProxy(container))
  const before = list(at(pod, 'spec', 'initContainers')).filter(
    container => !isProxy(container) && !['istio-init', 'istio-validation'].includes(text(at(container, 'name')) ?? ''),
  )
  const isProxyUser = (container: Json): boolean =>
    runs(pod, container, 'runAsUser') === PROXY_ID || runs(pod, container, 'runAsGroup') === PROXY_ID
  const isStrong = (container: Json): boolean =>
    at(container, 'securityContext', 'privileged') === true ||
    list(at(container, 'securityContext', 'capabilities', 'add')).length > 0
  const past = own.filter(isProxyUser).length
  return [
    past === 0 ? 'yes' : past === own.length ? 'no' : 'unknown',
    before.length > 0 || own.some(isStrong) || list(at(pod, 'spec', 'ephemeralContainers')).length > 0
      ? 'unknown'
      : 'yes',
  ]
}

const runs = (pod: Json, container: Json, field: 'runAsUser' | 'runAsGroup'): Json | undefined =>
  at(container, 'securityContext', field) ?? at(pod, 'spec', 'securityContext', field)

/** The redirection is set up for the family of the pod's first address; for IPv6 behind IPv4 it hangs on more. */
const isOfFamily = (pod: Json, address: Address): Tri => {
  const families = new Set(podAddresses(pod).map(one => one.family))
  return families.has(address.family) && (address.family === 4 || families.size === 1) ? 'yes' : 'unknown'
}

/**
 * In the order of the rules: ports left out, the loopback, ranges left out, ports taken in, ranges taken in. The ranges taken in
 * are all of them unless they are given; given and empty, none.
 */
const isRedirected = (pod: Json, address: Address, port: number): Tri => {
  const settings = settingsOf(pod)
  if (settings === null) return 'unknown'
  const { includePorts, excludePorts, includeRanges, excludeRanges } = settings
  const loopback = LOOPBACK.some(one => inBlock(address, one))
  return every([
    not(hasPort(excludePorts, port)),
    not(tri(loopback)),
    not(hasRange(excludeRanges, address)),
    some([hasPort(includePorts, port), includeRanges === '*' ? 'yes' : hasRange(includeRanges, address)]),
  ])
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap(written => readBlock(written) ?? [])

interface Settings {
  readonly includeRanges: string
  readonly excludeRanges: string
  readonly includePorts: string
  readonly excludePorts: string
}

/** From the annotations; the arguments of the container that sets it up must say the same. null: they do not. */
const settingsOf = (pod: Json): Settings | null => {
  const annotations = texts(at(pod, 'metadata', 'annotations'))
  const told = (name: string): string | undefined => annotations.get(`traffic.sidecar.istio.io/${name}`)
  const settings = {
    includeRanges: told('includeOutboundIPRanges') ?? '*',
    excludeRanges: told('excludeOutboundIPRanges') ?? '',
    includePorts: told('includeOutboundPorts') ?? '',
    excludePorts: told('excludeOutboundPorts') ?? '',
  }
  const setUp = list(at(pod, 'spec', 'initContainers')).find(one => text(at(one, 'name')) === 'istio-init')
  const args = list(at(setUp, 'args')).map(one => text(one) ?? '')
  if (args.length === 0) return settings
  const flag = (name: string): string => {
    const index = args.indexOf(name)
    return index < 0 ? '' : (args[index + 1] ?? '')
  }
  const isSame =
    flag('-i') === settings.includeRanges &&
    flag('-x') === settings.excludeRanges &&
    flag('-q') === settings.includePorts &&
    flag('-o') === settings.excludePorts
  return isSame ? settings : null
}

const itemsOf = (written: string): readonly string[] => (written.trim() === '' ? [] : written.split(','))

const hasPort = (written: string, port: number): Tri =>
  some(itemsOf(written).map(item => (/^ *[1-9]\d{0,4} *$/.test(item) ? tri(Number(item) === port) : 'unknown')))

const hasRange = (written: string, address: Address): Tri =>
  some(itemsOf(written).map(item => inBlockText(address, item)))
