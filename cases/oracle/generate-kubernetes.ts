import type { Use } from './constructs.ts'
import { NAMESPACES_OFTEN, PORT_NAMES } from './generate-estate.ts'
import {
  BLOCKS,
  HOLES,
  makeSelector,
  NAMESPACE_KEYS,
  ODD_BLOCKS,
  POD_KEYS,
  PORTS,
  RANGES,
  UNREADABLE_BLOCKS,
} from './generate-values.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

interface Making {
  readonly random: Random
  readonly use: Use<'kubernetes'>
  readonly useEstate: Use<'estate'>
}

/** NetworkPolicies that an API server would take. */
export const makeNetworkPolicies = (making: Making): readonly Json[] =>
  Array.from({ length: 2 + making.random.below(4) }, (_, index) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: making.random.pick(NAMESPACES_OFTEN), name: `np${index}` },
    spec: makeSpec(making),
  }))

const makeSpec = (making: Making): Json => {
  const { random, use, useEstate } = making
  const types = random.pick([undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress'], ['Egress']])
  use(
    types === undefined
      ? 'policyTypes absent'
      : types.length === 2
        ? 'policyTypes both'
        : types[0] === 'Egress'
          ? 'policyTypes Egress'
          : 'policyTypes Ingress',
  )
  const egress = makeRules(making, 'to', types)
  const ingress = makeRules(making, 'from', types)
  if (types?.join() === 'Ingress' && egress !== undefined && egress.length > 0)
    use('policyTypes Ingress with egress rules')
  const everyPod = random.percent(15)
  if (everyPod) use('podSelector absent')
  return {
    ...(everyPod ? {} : { podSelector: random.percent(40) ? {} : makeSelector(random, useEstate, POD_KEYS) }),
    ...(types === undefined ? {} : { policyTypes: types }),
    ...(egress === undefined ? {} : { egress }),
    ...(ingress === undefined ? {} : { ingress }),
  }
}

const makeRules = (
  making: Making,
  field: 'to' | 'from',
  types: readonly string[] | undefined,
): readonly Json[] | undefined => {
  const { random, use } = making
  switch (random.pick(['absent', 'empty', 'some', 'some', 'some'] as const)) {
    case 'absent':
      use('rules absent')
      return undefined
    case 'empty':
      use(types === undefined ? 'rules empty without policyTypes' : 'rules empty')
      return []
    case 'some':
      return Array.from({ length: 1 + random.below(2) }, () => makeRule(making, field))
  }
}

const makeRule = (making: Making, field: 'to' | 'from'): Json => {
  const { random, use } = making
  if (random.percent(8)) {
    use('rule empty')
    return {}
  }
  const peers = random.pick(['absent', 'empty', 'some', 'some', 'some', 'some', 'some'] as const)
  const ports = random.pick(['absent', 'absent', 'empty', 'some', 'some', 'some'] as const)
  if (peers !== 'some') use(peers === 'absent' ? 'peers absent' : 'peers empty')
  if (ports !== 'some') use(ports === 'absent' ? 'ports absent' : 'ports empty')
  const several = <T>(make: () => T): readonly T[] => Array.from({ length: 1 + random.below(2) }, make)
  return {
    ...(peers === 'absent' ? {} : { [field]: peers === 'empty' ? [] : several(() => makePeer(making)) }),
    ...(ports === 'absent' ? {} : { ports: ports === 'empty' ? [] : several(() => makePort(making)) }),
  }
}

const makePeer = ({ random, use, useEstate }: Making): Json => {
  const pods = (): Json => makeSelector(random, useEstate, POD_KEYS)
  const namespaces = (): Json => makeSelector(random, useEstate, NAMESPACE_KEYS)
  switch (random.pick(['pods', 'namespaces', 'both', 'block', 'block', 'except', 'odd', 'unreadable'] as const)) {
    case 'pods':
      use('peer podSelector')
      return { podSelector: pods() }
    case 'namespaces':
      use('peer namespaceSelector')
      return { namespaceSelector: namespaces() }
    case 'both':
      use('peer podSelector and namespaceSelector')
      return { podSelector: pods(), namespaceSelector: namespaces() }
    case 'block':
      use('peer ipBlock')
      return { ipBlock: { cidr: random.pick(BLOCKS) } }
    case 'except': {
      use('peer ipBlock except')
      const [cidr, holes] = random.pick(HOLES)
      return { ipBlock: { cidr, except: random.some(holes, 1, 2) } }
    }
    case 'odd':
      use('peer ipBlock with host bits')
      return { ipBlock: { cidr: random.pick(ODD_BLOCKS) } }
    case 'unreadable':
      if (random.percent(60)) {
        use('peer ipBlock')
        return { ipBlock: { cidr: random.pick(BLOCKS) } }
      }
      use('peer ipBlock unreadable')
      return { ipBlock: { cidr: random.pick(UNREADABLE_BLOCKS) } }
  }
}

const makePort = ({ random, use }: Making): Json => {
  const protocol = random.pick([undefined, 'TCP', 'TCP', 'UDP', 'SCTP'] as const)
  use(protocol === undefined ? 'protocol absent' : `protocol ${protocol}`)
  const written = protocol === undefined ? {} : { protocol }
  switch (random.pick(['number', 'number', 'range', 'named', 'absent'] as const)) {
    case 'number':
      use('port number')
      return { ...written, port: random.pick(PORTS) }
    case 'range': {
      use('port range')
      const [port, endPort] = random.pick(RANGES)
      return { ...written, port, endPort }
    }
    case 'named':
      use('port named')
      return { ...written, port: random.pick(PORT_NAMES) }
    case 'absent':
      use('port absent')
      return written
  }
}
