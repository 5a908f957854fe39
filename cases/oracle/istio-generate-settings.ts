import { APPS } from './generate-estate.ts'
import type { MakingIstio } from './istio-generate-pods.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

/** The settings of the mesh, as the installation leaves them, and the root namespace that they name. */
export const makeSettings = (making: MakingIstio): { readonly objects: readonly Json[]; readonly root: string } => {
  const { random, use } = making
  if (random.percent(4)) {
    use('settings absent')
    return { objects: [], root: 'istio-system' }
  }
  const mode = random.pick(['absent', 'ALLOW_ANY', 'REGISTRY_ONLY', 'REGISTRY_ONLY', 'REGISTRY_ONLY'] as const)
  use(`mesh mode ${mode}`)
  const hasRoot = random.percent(25)
  if (hasRoot) use('rootNamespace')
  const isOwn = random.percent(12)
  if (isOwn) use('defaultServiceExportTo')
  const isJson = random.percent(40)
  use(isJson ? 'settings as JSON' : 'settings as YAML')
  const root = hasRoot ? 'mesh-root' : 'istio-system'
  const mesh = isJson
    ? JSON.stringify({
        accessLogFile: '/dev/stdout',
        ...(mode === 'absent' ? {} : { outboundTrafficPolicy: { mode } }),
        ...(hasRoot ? { rootNamespace: root } : {}),
        ...(isOwn ? { defaultServiceExportTo: ['.'] } : {}),
      })
    : [
        'accessLogFile: /dev/stdout',
        ...(isOwn ? ['defaultServiceExportTo:', '- "."'] : []),
        ...(mode === 'absent' ? [] : ['outboundTrafficPolicy:', `  mode: ${mode}`]),
        ...(hasRoot ? [`rootNamespace: ${root}`] : []),
        'trustDomain: cluster.local',
        '',
      ].join('\n')
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh },
  }
  return { objects: [map, ...makeControlPlane(making)], root }
}

/** Its version decides how a Sidecar is read; it is not always among the documents. */
const makeControlPlane = ({ random, use }: MakingIstio): readonly Json[] => {
  const version = random.pick([null, '1.30', '1.31', '1.31'] as const)
  if (version === null) return []
  use(`control plane ${version}`)
  const labels = { app: 'istiod' }
  const containers = [{ name: 'discovery', image: `docker.io/istio/pilot:${version}.1` }]
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'istiod', namespace: 'istio-system' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
  ]
}

/** At most one of each kind in a namespace: of more, nobody can tell which counts. */
export const makeSidecars = (making: MakingIstio, root: string): readonly Json[] => {
  const { random, use } = making
  const sidecars: Json[] = []
  for (const namespace of ['a', 'b'] as const) {
    if (random.percent(30)) {
      use('Sidecar of a workload')
      sidecars.push(makeSidecar(making, `of-${namespace}`, namespace, { labels: { app: random.pick(APPS) } }))
    }
    if (random.percent(30)) {
      use('Sidecar of a namespace')
      sidecars.push(makeSidecar(making, 'default', namespace, null))
    }
  }
  if (random.percent(35)) {
    use('Sidecar of the root namespace')
    sidecars.push(makeSidecar(making, 'default', root, null))
  }
  if (random.percent(12)) {
    use('Sidecar of a workload in the root namespace')
    sidecars.push(makeSidecar(making, 'selecting', root, { labels: { app: random.pick(APPS) } }))
  }
  return sidecars
}

const makeSidecar = (making: MakingIstio, name: string, namespace: string, selector: Fields | null): Json => {
  const { random } = making
  return {
    apiVersion: `networking.istio.io/${random.pick(['v1', 'v1beta1', 'v1alpha3'])}`,
    kind: 'Sidecar',
    metadata: { name, namespace },
    spec: {
      ...(selector === null ? {} : { workloadSelector: selector }),
      ...makePolicy(making),
      ...makeEgress(making),
    },
  }
}

const makePolicy = ({ random, use }: MakingIstio): Fields => {
  switch (random.pick(['absent', 'absent', 'empty', 'ALLOW_ANY', 'REGISTRY_ONLY', 'REGISTRY_ONLY'] as const)) {
    case 'absent':
      use('Sidecar mode absent')
      return {}
    case 'empty':
      use('Sidecar policy without mode')
      return { outboundTrafficPolicy: {} }
    case 'ALLOW_ANY':
      use('Sidecar mode ALLOW_ANY')
      return { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } }
    case 'REGISTRY_ONLY':
      use('Sidecar mode REGISTRY_ONLY')
      return { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }
  }
}

const makeEgress = (making: MakingIstio): Fields => {
  const { random, use } = making
  const kind = random.pick(['absent', 'one', 'one', 'one', 'two', 'port'] as const)
  switch (kind) {
    case 'absent':
      use('egress absent')
      return {}
    case 'one':
      return { egress: [{ hosts: makeHosts(making) }] }
    case 'two':
      use('egress of two listeners')
      return { egress: [{ hosts: makeHosts(making) }, { hosts: makeHosts(making) }] }
    case 'port':
      use('egress with a port')
      return {
        egress: [
          { port: { number: 443, protocol: 'TLS', name: 'tls' }, hosts: makeHosts(making) },
          { hosts: makeHosts(making) },
        ],
      }
  }
}

const makeHosts = ({ random, use }: MakingIstio): readonly string[] => {
  const where = random.pick(['own', 'own', 'namespace', 'all', 'all', 'nothing'] as const)
  if (where === 'nothing') {
    use('egress of nothing')
    return ['~/*']
  }
  use(`egress of ${({ own: 'the own namespace', namespace: 'a namespace', all: 'all namespaces' } as const)[where]}`)
  const host = random.pick(['*', '*', '*.example.com', 'api.example.com'] as const)
  if (host === '*.example.com') use('egress with a wildcard')
  if (host === 'api.example.com') use('egress of a host')
  const one = `${where === 'own' ? '.' : where === 'all' ? '*' : random.pick(['a', 'b', 'istio-system'])}/${host}`
  const hosts = random.percent(25) ? [one, `${random.pick(['a', 'b', 'istio-system'])}/*.other.test`] : [one]
  return random.percent(30) ? [...hosts, makeExclusion({ random, use })] : hosts
}

/** Read so since 1.31, and a reason to refuse the document, or nothing, before. */
const makeExclusion = ({ random, use }: Pick<MakingIstio, 'random' | 'use'>): string => {
  switch (random.pick(['namespace', 'host', 'host', 'nothing'] as const)) {
    case 'namespace':
      use('egress without a namespace')
      return `~${random.pick(['a', 'b'])}/*`
    case 'host':
      use('egress without a host')
      return `~/${random.pick(['*.example.com', 'api.example.com'])}`
    case 'nothing':
      use('egress of nothing and something')
      return '~/*'
  }
}
