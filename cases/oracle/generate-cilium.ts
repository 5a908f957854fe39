import { type Making, makeCiliumPorts, makeName } from './generate-cilium-ports.ts'
import { NAMESPACES_OFTEN } from './generate-estate.ts'
import { BLOCKS, HOLES, type Keys, makeSelector, NAMESPACE_KEYS, NODE_KEYS, POD_KEYS } from './generate-values.ts'
import { at, isObject } from './json.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

/** What some pods have besides, of which an identity has nothing unless the agent is told. */
const PLATFORM_KEYS: Keys = { 'kubernetes.io/role': ['web', 'db'] }

export const withPlatformLabels = ({ random, use }: Making, objects: readonly Json[]): readonly Json[] =>
  objects.map(object => {
    const metadata = at(object, 'metadata')
    if (!isObject(object) || object['kind'] !== 'Pod' || !isObject(metadata) || !random.percent(40)) return object
    use('pod with a label that the platform sets')
    const own = at(metadata, 'labels')
    const labels = { ...(isObject(own) ? own : {}), 'kubernetes.io/role': random.pick(['web', 'db']) }
    return { ...object, metadata: { ...metadata, labels } }
  })

const podKeys = ({ random, use }: Making): Keys => {
  if (!random.percent(12)) return POD_KEYS
  use('selector of a label that the platform sets')
  return PLATFORM_KEYS
}

/** Mostly nobody gave the settings: then what the built-in list leaves out is open. */
const makeConfig = ({ random, use }: Making): readonly Json[] => {
  const labels = random.pick([
    null,
    null,
    null,
    '',
    'k8s:app',
    '!tier',
    'k8s:!app kubernetes\\.io/role',
    'app kubernetes',
  ])
  if (labels === null) return []
  use(labels === '' ? 'settings without labels' : 'settings with labels')
  const metadata = { name: 'cilium-config', namespace: 'kube-system' }
  return [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: labels === '' ? {} : { labels } }]
}

/** Cilium's policies, and the groups, Services and endpoints that they speak of. */
export const makeCiliumObjects = (making: Making): readonly Json[] => [
  ...Array.from({ length: 2 + making.random.below(3) }, (_, index) => makePolicy(making, index)),
  ...SURROUNDINGS,
  ...makeConfig(making),
]

const makePolicy = (making: Making, index: number): Json => {
  const { random, use } = making
  const clusterwide = random.percent(35)
  use(clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy')
  const nodes = clusterwide && random.percent(15)
  const several = random.percent(15)
  if (several) use('specs')
  const make = (): Json => makeSpec(making, nodes)
  return {
    apiVersion: 'cilium.io/v2',
    kind: clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: { name: `cilium${index}`, ...(clusterwide ? {} : { namespace: random.pick(NAMESPACES_OFTEN) }) },
    ...(several ? { specs: [make(), make()] } : { spec: make() }),
  }
}

const makeSpec = (making: Making, nodes: boolean): Json => {
  const { random, use, useEstate } = making
  if (nodes) use('nodeSelector')
  const sections = Object.fromEntries(
    (['egress', 'ingress', 'egressDeny', 'ingressDeny'] as const).flatMap(section => {
      const rules = makeRules(making, section, nodes)
      return rules === undefined ? [] : [[section, rules]]
    }),
  )
  const filled = Object.values(sections).some(rules => rules.length > 0)
  const open = (['egress', 'ingress'] as const).filter(
    way => [sections[way], sections[`${way}Deny`]].some(rules => (rules?.length ?? 0) > 0) && random.percent(15),
  )
  if (open.length > 0) use('enableDefaultDeny false')
  return {
    ...(nodes
      ? { nodeSelector: makeSelector(random, useEstate, NODE_KEYS) }
      : {
          endpointSelector: random.percent(40)
            ? {}
            : prefixed(making, makeSelector(random, useEstate, podKeys(making))),
        }),
    ...(open.length > 0 ? { enableDefaultDeny: Object.fromEntries(open.map(way => [way, false])) } : {}),
    // A spec without any rule is refused.
    ...(filled ? sections : { ...sections, egress: [{ toEntities: ['cluster'] }] }),
  }
}

/** A key may name its source: `k8s:` or `any:`. */
const prefixed = ({ random, use }: Making, selector: Json): Json => {
  const source = random.pick(['', '', 'k8s:', 'any:'])
  const equalities =
    typeof selector === 'object' && selector !== null && 'matchLabels' in selector ? selector.matchLabels : null
  if (source === '' || typeof equalities !== 'object' || equalities === null) return selector
  use('selector key with source')
  return {
    ...(selector as Fields),
    matchLabels: Object.fromEntries(Object.entries(equalities).map(([key, value]) => [source + key, value])),
  }
}

const makeRules = (
  making: Making,
  section: 'egress' | 'ingress' | 'egressDeny' | 'ingressDeny',
  nodes: boolean,
): readonly Json[] | undefined => {
  const { random, use } = making
  const deny = section.endsWith('Deny')
  const kind = random.pick(
    deny ? (['absent', 'absent', 'absent', 'some'] as const) : (['absent', 'empty', 'some', 'some', 'some'] as const),
  )
  if (kind === 'absent') {
    use('rules absent')
    return undefined
  }
  if (kind === 'empty') {
    use('rules empty')
    return []
  }
  if (deny) use('deny rules')
  return Array.from({ length: 1 + random.below(2) }, () => makeRule(making, section, nodes))
}

const makeRule = (making: Making, section: string, nodes: boolean): Json => {
  const { random, use } = making
  const egress = section.startsWith('egress')
  const deny = section.endsWith('Deny')
  if (random.percent(6)) {
    use('rule empty')
    return {}
  }
  const peers = makePeers(making, egress, deny)
  const services = 'toServices' in peers
  const ports = services ? {} : makeCiliumPorts(making, { egress, plain: deny || nodes })
  const named = Object.entries(peers).some(
    ([key, value]) => !key.endsWith('CIDR') && Array.isArray(value) && value.length > 0,
  )
  const two = named && !services && random.percent(5)
  if (two) use('peers mixed')
  return { ...peers, ...(two ? { [egress ? 'toCIDR' : 'fromCIDR']: ['192.0.2.0/24'] } : {}), ...ports }
}

const ENTITIES = [
  'all',
  'world',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'host',
  'remote-node',
  'kube-apiserver',
  'none',
] as const

/** How the other end is named: one member of the rule, now and then none. */
const makePeers = (making: Making, egress: boolean, deny: boolean): Fields => {
  const { random, use } = making
  const prefix = egress ? 'to' : 'from'
  const anyway = [
    'endpoints',
    'endpoints',
    'endpoints',
    'cidr',
    'cidrSet',
    'cidrSet',
    'entity',
    'entity',
    'none',
    'empty',
    'requires',
    'nodes',
  ] as const
  const toward = ['services', ...(deny ? [] : (['fqdns', 'fqdns'] as const))] as const
  switch (random.pick(egress ? [...anyway, ...toward] : anyway)) {
    case 'endpoints':
      use('peer endpoints')
      return { [`${prefix}Endpoints`]: [makeEndpoints(making)] }
    case 'empty':
      use('peer endpoints empty list')
      return { [`${prefix}Endpoints`]: [] }
    case 'requires':
      use('peer requires')
      return {
        [`${prefix}Endpoints`]: [makeEndpoints(making)],
        [`${prefix}Requires`]: [makeSelector(random, making.useEstate, POD_KEYS, true)],
      }
    case 'cidr':
      use('peer CIDR')
      return { [`${prefix}CIDR`]: random.some(BLOCKS, 1, 2) }
    case 'cidrSet':
      return { [`${prefix}CIDRSet`]: [makeCidrSet(making)] }
    case 'entity': {
      const entity = random.pick(ENTITIES)
      use(`peer entity ${entity}`)
      return { [`${prefix}Entities`]: [entity] }
    }
    case 'nodes':
      if (random.percent(60)) {
        use('peer entity remote-node')
        return { [`${prefix}Entities`]: ['remote-node'] }
      }
      use('peer nodes')
      return { [`${prefix}Nodes`]: [makeSelector(random, making.useEstate, NODE_KEYS)] }
    case 'services':
      return { toServices: [makeService(making)] }
    case 'fqdns':
      return { toFQDNs: [makeName(making)] }
    case 'none':
      use('peers absent')
      return {}
  }
}

/**
 * Namespaces are named by requirements that need the label only: what has no namespace at all, the world too, meets a
 * negative one.
 */
const makeEndpoints = (making: Making): Json => {
  const { random, use, useEstate } = making
  switch (random.pick(['plain', 'plain', 'name', 'label'] as const)) {
    case 'plain':
      return prefixed(making, makeSelector(random, useEstate, podKeys(making)))
    case 'name':
      use('selector namespace name')
      return { matchLabels: { 'k8s:io.kubernetes.pod.namespace': random.pick(NAMESPACES_OFTEN) } }
    case 'label': {
      use('selector namespace label')
      const key = random.pick(Object.keys(NAMESPACE_KEYS))
      const value = random.pick(NAMESPACE_KEYS[key] ?? [])
      return { matchLabels: { [`k8s:io.cilium.k8s.namespace.labels.${key}`]: value } }
    }
  }
}

const makeCidrSet = ({ random, use }: Making): Json => {
  switch (random.pick(['cidr', 'except', 'ref', 'selector'] as const)) {
    case 'cidr':
      use('peer CIDRSet')
      return { cidr: random.pick(BLOCKS) }
    case 'except': {
      use('peer CIDRSet except')
      const [cidr, holes] = random.pick(HOLES)
      return { cidr, except: random.some(holes, 1, 2) }
    }
    case 'ref':
      use('peer CIDRSet cidrGroupRef')
      return { cidrGroupRef: random.pick(['partners', 'lab', 'missing']) }
    case 'selector':
      use('peer CIDRSet cidrGroupSelector')
      return { cidrGroupSelector: { matchLabels: { trust: random.pick(['high', 'low']) } } }
  }
}

const makeService = ({ random, use }: Making): Json => {
  if (random.percent(60)) {
    use('peer services by name')
    return { k8sService: { serviceName: random.pick(['front', 'outside', 'missing']), namespace: 'a' } }
  }
  use('peer services by selector')
  return {
    k8sServiceSelector: { selector: { matchLabels: { kind: random.pick(['pods', 'outside']) } }, namespace: 'a' },
  }
}

const slice = (service: string, namespace: string, family: 'IPv4' | 'IPv6', address: string): Json => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: `${service}-${family.toLowerCase()}`,
    namespace,
    labels: { 'kubernetes.io/service-name': service },
  },
  addressType: family,
  endpoints: [{ addresses: [address] }],
})

const service = (name: string, namespace: string, labels: Fields, spec: Fields): Json => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { ...spec, ports: [{ port: 443, protocol: 'TCP' }] },
})

const group = (name: string, trust: string, externalCIDRs: readonly string[]): Json => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumCIDRGroup',
  metadata: { name, labels: { trust } },
  spec: { externalCIDRs },
})

/** The API server is on the first node. */
const SURROUNDINGS: readonly Json[] = [
  group('partners', 'high', ['192.0.2.64/26', '2001:db8::/32']),
  group('lab', 'low', ['198.51.100.7/32', '10.0.0.0/29']),
  service('front', 'a', { kind: 'pods' }, { selector: { app: 'web' } }),
  service('outside', 'a', { kind: 'outside' }, {}),
  slice('outside', 'a', 'IPv4', '192.0.2.72'),
  slice('outside', 'a', 'IPv6', '2001:db8:0:1:0:0:0:0'),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', labels: {} } },
  service('kubernetes', 'default', {}, {}),
  slice('kubernetes', 'default', 'IPv4', '192.168.0.11'),
]
