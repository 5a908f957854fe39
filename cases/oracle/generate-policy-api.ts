import type { Use } from './constructs.ts'
import { PORT_NAMES } from './generate-estate.ts'
import {
  BLOCKS,
  makeSelector,
  NAMES,
  NAMESPACE_KEYS,
  NODE_KEYS,
  POD_KEYS,
  PORTS,
  RANGES,
  UNREADABLE_BLOCKS,
} from './generate-values.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

interface Making {
  readonly random: Random
  readonly use: Use<'policy-api'>
  readonly useEstate: Use<'estate'>
  /** v1alpha1 or v1alpha2: a cluster serves one of them. */
  readonly old: boolean
}

/** Policies of the tiers, of one API version, that its validation rules would take. */
export const makeTieredPolicies = (
  random: Random,
  use: Use<'policy-api'>,
  useEstate: Use<'estate'>,
): readonly Json[] => {
  const making: Making = { random, use, useEstate, old: random.percent(50) }
  const priorities = Array.from({ length: 2 + random.below(3) }, () => random.below(3))
  if (new Set(priorities).size < priorities.length) use('priority shared')
  const policies: Json[] = priorities.map((priority, index) => {
    if (making.old) {
      use('AdminNetworkPolicy')
      return makePolicy(making, 'AdminNetworkPolicy', `admin${index}`, { priority })
    }
    const tier = random.pick(['Admin', 'Admin', 'Baseline'] as const)
    use(`ClusterNetworkPolicy ${tier}`)
    return makePolicy(making, 'ClusterNetworkPolicy', `cluster${index}`, { tier, priority })
  })
  if (making.old && random.percent(60)) {
    use('BaselineAdminNetworkPolicy')
    policies.push(makePolicy(making, 'BaselineAdminNetworkPolicy', 'default', {}))
  }
  return policies
}

const makePolicy = (making: Making, kind: string, name: string, place: { readonly [key: string]: Json }): Json => {
  const { random, use, useEstate, old } = making
  const whole = random.percent(60)
  use(whole ? 'subject namespaces' : 'subject pods')
  const baseline = kind.startsWith('Baseline') || place['tier'] === 'Baseline'
  const egress = makeRules(making, 'to', baseline)
  const ingress = makeRules(making, 'from', baseline)
  return {
    apiVersion: `policy.networking.k8s.io/${old ? 'v1alpha1' : 'v1alpha2'}`,
    kind,
    metadata: { name },
    spec: {
      ...place,
      subject: whole
        ? { namespaces: random.percent(65) ? {} : makeSelector(random, useEstate, NAMESPACE_KEYS) }
        : { pods: makePods(making) },
      ...(egress === undefined ? {} : { egress }),
      ...(ingress === undefined ? {} : { ingress }),
    },
  }
}

const makePods = ({ random, useEstate }: Making): Json => ({
  namespaceSelector: makeSelector(random, useEstate, NAMESPACE_KEYS),
  podSelector: makeSelector(random, useEstate, POD_KEYS),
})

const makeRules = (making: Making, field: 'to' | 'from', baseline: boolean): readonly Json[] | undefined => {
  const { random, use } = making
  switch (random.pick(['absent', 'empty', 'some', 'some', 'some', 'some', 'some', 'some', 'some'] as const)) {
    case 'absent':
      use('rules absent')
      return undefined
    case 'empty':
      use('rules empty')
      return []
    case 'some':
      return Array.from({ length: 1 + random.below(4) }, () => makeRule(making, field, baseline))
  }
}

const makeRule = (making: Making, field: 'to' | 'from', baseline: boolean): Json => {
  const { random, use, old } = making
  const allow = old ? 'Allow' : 'Accept'
  // The old Baseline has nothing to pass to.
  const action = random.pick(baseline && old ? ([allow, 'Deny'] as const) : ([allow, 'Deny', 'Pass'] as const))
  use(`action ${action}`)
  const peers = Array.from({ length: 1 + random.below(2) }, () =>
    makePeer(making, field, action === allow && !(baseline && old)),
  )
  const pods = peers.every(peer => 'namespaces' in peer || 'pods' in peer)
  const ports = random.percent(40)
    ? undefined
    : Array.from({ length: 1 + random.below(2) }, () => makePort(making, pods))
  if (ports === undefined) use(old ? 'ports absent' : 'protocols absent')
  return {
    action,
    [field]: peers,
    ...(ports === undefined ? {} : { [old ? 'ports' : 'protocols']: ports }),
  }
}

const makePeer = (making: Making, field: 'to' | 'from', names: boolean): { readonly [key: string]: Json } => {
  const { random, use, useEstate } = making
  const kinds = ['namespaces', 'namespaces', 'pods', 'pods', 'foreign'] as const
  const toward = ['nodes', 'networks', 'networks', 'networks', 'odd', ...(names ? (['names'] as const) : [])] as const
  const kind = random.pick(field === 'to' ? [...kinds, ...toward] : kinds)
  switch (kind) {
    case 'namespaces':
      use('peer namespaces')
      return { namespaces: makeSelector(random, useEstate, NAMESPACE_KEYS) }
    case 'pods':
      use('peer pods')
      return { pods: makePods(making) }
    case 'nodes':
      use('peer nodes')
      return { nodes: makeSelector(random, useEstate, NODE_KEYS) }
    case 'networks':
      use('peer networks')
      return { networks: random.some(BLOCKS, 1, 2) }
    case 'odd':
      if (random.percent(70)) {
        use('peer networks')
        return { networks: random.some(BLOCKS, 1, 3) }
      }
      use('peer networks unreadable')
      return { networks: [random.pick(UNREADABLE_BLOCKS)] }
    case 'names':
      use('peer domainNames')
      return { domainNames: [random.pick([...NAMES, '*.example.com', '*.test'])] }
    case 'foreign':
      if (random.percent(70)) {
        use('peer namespaces')
        return { namespaces: {} }
      }
      use('peer of unknown kind')
      return random.percent(50) ? {} : { planets: ['mars'] }
  }
}

const makePort = (making: Making, pods: boolean): Json => {
  const { random, use, old } = making
  const protocol = random.pick(['TCP', 'TCP', 'UDP', 'SCTP'] as const)
  const kind = random.pick(pods ? (['number', 'range', 'named'] as const) : (['number', 'range'] as const))
  const [start, end] = random.pick(RANGES)
  const port = random.pick(PORTS)
  if (kind === 'named') {
    use(old ? 'namedPort' : 'protocols destinationNamedPort')
    return { [old ? 'namedPort' : 'destinationNamedPort']: random.pick(PORT_NAMES) }
  }
  use(`protocol ${protocol}`)
  if (old) {
    use(kind === 'number' ? 'portNumber' : 'portRange')
    return kind === 'number' ? { portNumber: { protocol, port } } : { portRange: { protocol, start, end } }
  }
  use(kind === 'number' ? 'protocols destinationPort number' : 'protocols destinationPort range')
  return {
    [protocol.toLowerCase()]: { destinationPort: kind === 'number' ? { number: port } : { range: { start, end } } },
  }
}
