import type { Use } from './constructs.ts'
import { at, isObject, list } from './json.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

export interface MakingIstio {
  readonly random: Random
  readonly use: Use<'istio'>
}

/** Ranges over the places that packets go to, each with an edge between them. */
const RANGES = ['192.0.2.0/24', '192.0.2.64/26', '198.51.100.0/24', '0.0.0.0/0', '2001:db8::/32', '2001:db8:0:1::/64']
const PORTS = ['443', '80', '443,3306', '9000', '8443']

/** Pods as injection leaves them: most of the estate's pods get a sidecar. */
export const withSidecars = (making: MakingIstio, objects: readonly Json[]): readonly Json[] =>
  objects.map(object => {
    const spec = at(object, 'spec')
    if (!isObject(object) || object['kind'] !== 'Pod' || !isObject(spec) || spec['hostNetwork'] === true) return object
    if (making.random.percent(8)) {
      making.use('pod without sidecar')
      return object
    }
    return withSidecar(making, object, spec)
  })

const withSidecar = (making: MakingIstio, pod: Fields, spec: Fields): Json => {
  const { random, use } = making
  const annotations = makeAnnotations(making)
  const isNative = random.percent(40)
  use(isNative ? 'sidecar as init container' : 'sidecar as container')
  const proxy: Fields = { name: 'istio-proxy', image: 'example.test/proxyv2:1.27.0', args: ['proxy', 'sidecar'] }
  const isOff = annotations['sidecar.istio.io/interceptionMode'] === 'NONE'
  const metadata = at(pod, 'metadata')
  return {
    ...pod,
    metadata: { ...(isObject(metadata) ? metadata : {}), annotations },
    spec: {
      ...spec,
      initContainers: [
        ...(isOff ? [] : [makeSetUp(making, annotations)]),
        ...(isNative ? [{ ...proxy, restartPolicy: 'Always' }] : []),
      ],
      containers: [...makeApplication(making, list(spec['containers'])), ...(isNative ? [] : [proxy])],
    },
  }
}

/** With all that injection passes on, or none of it, as where the proxy's image reads its environment. */
const makeSetUp = ({ random, use }: MakingIstio, annotations: Fields): Json => {
  const kind = random.pick(['arguments', 'plain', 'plugin'] as const)
  if (kind === 'plugin') {
    use('set up by the CNI plugin')
    return { name: 'istio-validation', image: 'example.test/proxyv2:1.27.0' }
  }
  if (kind === 'plain') {
    use('set up by istio-init')
    return { name: 'istio-init', image: 'example.test/proxyv2:1.27.0' }
  }
  use('set up by istio-init with arguments')
  const told = (name: string): string | undefined => {
    const value = annotations[`traffic.sidecar.istio.io/${name}`]
    return typeof value === 'string' ? value : undefined
  }
  const [excluded, included] = [told('excludeOutboundPorts'), told('includeOutboundPorts')]
  return {
    name: 'istio-init',
    image: 'example.test/proxyv2:1.27.0',
    args: [
      ...['istio-iptables', '-p', '15001', '-z', '15006', '-u', '1337', '-m'],
      String(annotations['sidecar.istio.io/interceptionMode'] ?? 'REDIRECT'),
      ...['-i', told('includeOutboundIPRanges') ?? '*', '-x', told('excludeOutboundIPRanges') ?? ''],
      ...['-b', '*', '-d', '15090,15021,15020'],
      ...(excluded === undefined ? [] : ['-o', excluded]),
      ...(included === undefined ? [] : ['-q', included]),
    ],
  }
}

const makeApplication = ({ random, use }: MakingIstio, containers: readonly Json[]): readonly Json[] => {
  const kind = random.pick([
    'plain',
    'plain',
    'plain',
    'plain',
    'plain',
    'plain',
    'plain',
    'user',
    'group',
    'one',
  ] as const)
  const secured = (container: Json, context: Fields): Json =>
    isObject(container) ? { ...container, securityContext: context } : container
  switch (kind) {
    case 'plain':
      return containers
    case 'user':
      use('application as the proxy user')
      return containers.map(one => secured(one, { runAsUser: 1337 }))
    case 'group':
      use('application as the proxy group')
      return containers.map(one => secured(one, { runAsUser: 1000, runAsGroup: 1337 }))
    case 'one':
      use('one container as the proxy user')
      return [...containers, { name: 'second', image: 'example.test/second:1', securityContext: { runAsUser: 1337 } }]
  }
}

const makeAnnotations = ({ random, use }: MakingIstio): Fields => {
  const annotations: Record<string, Json> = {}
  const put = (name: string, value: string): void => {
    annotations[`traffic.sidecar.istio.io/${name}`] = value
  }
  if (random.percent(6)) {
    const mode = random.pick(['TPROXY', 'NONE'] as const)
    use(`interceptionMode ${mode}`)
    annotations['sidecar.istio.io/interceptionMode'] = mode
  }
  if (random.percent(25)) {
    const kind = random.pick(['all', 'some', 'some', 'none'] as const)
    use(`includeOutboundIPRanges ${kind}`)
    put('includeOutboundIPRanges', kind === 'all' ? '*' : kind === 'none' ? '' : random.some(RANGES, 1, 2).join(','))
  }
  if (random.percent(20)) {
    use('excludeOutboundIPRanges')
    put('excludeOutboundIPRanges', random.some(RANGES.slice(0, 3).concat(RANGES.slice(4)), 1, 2).join(','))
  }
  if (random.percent(12)) {
    use('includeOutboundPorts')
    put('includeOutboundPorts', random.pick(PORTS))
  }
  if (random.percent(20)) {
    use('excludeOutboundPorts')
    put('excludeOutboundPorts', random.pick(PORTS))
  }
  return annotations
}
