import type { Use } from './constructs.ts'
import { ENDPOINT_KEYS, makeCalicoSelector, NAMESPACE_KEYS } from './generate-calico-selectors.ts'
import { PORT_NAMES } from './generate-estate.ts'
import { BLOCKS, HOLES, ODD_BLOCKS, PORTS, RANGES, UNREADABLE_BLOCKS } from './generate-values.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

export interface MakingCalico {
  readonly random: Random
  readonly use: Use<'calico'>
  readonly useEstate: Use<'estate'>
}

type Fields = { readonly [key: string]: Json }

/** A rule that Calico's API would take: nets of one family, ports and messages with the protocol that has them. */
export const makeCalicoRule = (making: MakingCalico, direction: 'egress' | 'ingress'): Fields => {
  const { random, use } = making
  const action = random.pick(['Allow', 'Allow', 'Allow', 'Allow', 'Deny', 'Deny', 'Pass', 'Log'] as const)
  use(`action ${action}`)
  if (random.percent(8)) {
    use('rule of an action only')
    return { action }
  }
  const family = random.pick([4, 4, 6] as const)
  const isV4 = family === 4
  const version = random.percent(12) ? { ipVersion: family } : {}
  if ('ipVersion' in version) use(`ipVersion ${family}`)
  const [own, other] = direction === 'egress' ? ['source', 'destination'] : ['destination', 'source']
  const { protocol, hasPorts } = makeProtocol(making, isV4, 'ipVersion' in version)
  const peer = makeEntity(making, isV4)
  const mine = random.percent(20) ? makeOwn(making, isV4) : {}
  const ports = hasPorts && random.percent(75) ? makePorts(making) : {}
  const from = hasPorts && random.percent(4) ? { ports: [random.pick(PORTS)] } : {}
  if ('ports' in from) use('source ports')
  const ends: Record<string, Fields> = { [other]: peer, [own]: mine }
  const source = { ...ends['source'], ...from }
  const destination = { ...ends['destination'], ...ports }
  return {
    action,
    ...version,
    ...protocol,
    ...(Object.keys(source).length === 0 ? {} : { source }),
    ...(Object.keys(destination).length === 0 ? {} : { destination }),
  }
}

const makeProtocol = (
  { random, use }: MakingCalico,
  isV4: boolean,
  saysFamily: boolean,
): { readonly protocol: Fields; readonly hasPorts: boolean } => {
  switch (random.pick(['absent', 'absent', 'ports', 'ports', 'ports', 'ICMP', 'ICMP', 'number', 'not'] as const)) {
    case 'absent':
      use('protocol absent')
      return { protocol: {}, hasPorts: false }
    case 'ports': {
      const protocol = random.pick(['TCP', 'TCP', 'TCP', 'UDP', 'UDP', 'SCTP'] as const)
      use(`protocol ${protocol}`)
      return { protocol: { protocol }, hasPorts: true }
    }
    case 'number': {
      const protocol = random.pick([6, 17, 47, 132])
      use('protocol number')
      return { protocol: { protocol }, hasPorts: false }
    }
    case 'not': {
      const notProtocol = random.pick(['TCP', 'UDP', 'ICMP', 47])
      if (saysFamily && !isV4 && notProtocol === 'ICMP') return { protocol: {}, hasPorts: false }
      use('notProtocol')
      return { protocol: { notProtocol }, hasPorts: false }
    }
    case 'ICMP': {
      const protocol = isV4 ? 'ICMP' : 'ICMPv6'
      use(`protocol ${protocol}`)
      const type = random.pick(isV4 ? [8, 0, 3] : [128, 129, 1])
      const message = random.percent(50) ? { type } : { type, code: random.below(2) }
      switch (random.pick(['absent', 'icmp', 'icmp', 'notICMP'] as const)) {
        case 'absent':
          return { protocol: { protocol }, hasPorts: false }
        case 'icmp':
          use('code' in message ? 'icmp type and code' : 'icmp type')
          return { protocol: { protocol, icmp: message }, hasPorts: false }
        case 'notICMP':
          use('code' in message ? 'notICMP type and code' : 'notICMP type')
          return { protocol: { protocol, notICMP: message }, hasPorts: false }
      }
    }
  }
}

/** Numbers and names as they come; a range is a text. */
const makePorts = ({ random, use }: MakingCalico): Fields => {
  const port = (): Json => {
    switch (random.pick(['number', 'number', 'range', 'named'] as const)) {
      case 'number':
        use('port number')
        return random.pick(PORTS)
      case 'range': {
        use('port range')
        const [first, last] = random.pick(RANGES)
        return `${first}:${last}`
      }
      case 'named':
        use('port named')
        return random.pick(PORT_NAMES)
    }
  }
  const several = (): readonly Json[] => Array.from({ length: 1 + random.below(2) }, port)
  switch (random.pick(['ports', 'ports', 'ports', 'notPorts', 'both'] as const)) {
    case 'ports':
      return { ports: several() }
    case 'notPorts':
      use('notPorts')
      return { notPorts: several() }
    case 'both':
      use('ports and notPorts')
      return { ports: several(), notPorts: several() }
  }
}

const makeEntity = (making: MakingCalico, isV4: boolean): Fields => {
  const { random, use } = making
  switch (random.pick(['none', 'nets', 'nets', 'nets', 'chosen', 'chosen', 'chosen', 'chosen', 'both'] as const)) {
    case 'none':
      use('peer absent')
      return {}
    case 'nets':
      return makeNets(making, isV4)
    case 'chosen':
      return makeChosen(making)
    case 'both':
      use('nets and selector')
      return { ...makeNets(making, isV4), ...makeChosen(making) }
  }
}

const makeNets = ({ random, use }: MakingCalico, isV4: boolean): Fields => {
  const ofFamily = (blocks: readonly string[]): readonly string[] =>
    blocks.filter(block => block.includes(':') !== isV4)
  switch (random.pick(['nets', 'nets', 'nets', 'odd', 'not', 'not', 'holes', 'holes', 'unreadable'] as const)) {
    case 'nets':
      use('nets')
      return { nets: random.some(ofFamily(BLOCKS), 1, 2) }
    case 'odd':
      use('nets with host bits')
      return { nets: [random.pick(ofFamily(ODD_BLOCKS))] }
    case 'not':
      use('notNets')
      return { notNets: random.some(ofFamily(BLOCKS.filter(block => !block.endsWith('/0'))), 1, 2) }
    case 'holes': {
      use('nets and notNets')
      const [net, holes] = random.pick(HOLES.filter(([block]) => block.includes(':') !== isV4))
      return { nets: [net], notNets: random.some(holes, 1, 2) }
    }
    case 'unreadable':
      if (random.percent(90)) {
        use('nets')
        return { nets: [random.pick(ofFamily(BLOCKS))] }
      }
      use('nets unreadable')
      return { nets: [random.pick(UNREADABLE_BLOCKS)] }
  }
}

const makeChosen = (making: MakingCalico): Fields => {
  const { random, use } = making
  const selector = (): string => makeCalicoSelector(random, use, ENDPOINT_KEYS)
  const kinds = ['selector', 'selector', 'not', 'not', 'minus', 'namespace', 'namespace', 'global', 'accounts'] as const
  switch (random.pick(kinds)) {
    case 'selector':
      use('peer selector')
      return { selector: selector() }
    case 'not':
      use('peer notSelector')
      return { notSelector: selector() }
    case 'minus':
      use('peer selector and notSelector')
      return { selector: selector(), notSelector: selector() }
    case 'namespace':
      use('peer namespaceSelector')
      return {
        namespaceSelector: makeCalicoSelector(random, use, NAMESPACE_KEYS),
        ...(random.percent(50) ? { selector: selector() } : random.percent(25) ? { notSelector: selector() } : {}),
      }
    case 'global':
      use('peer namespaceSelector global()')
      return { namespaceSelector: 'global()', ...(random.percent(60) ? { selector: selector() } : {}) }
    case 'accounts':
      use('peer serviceAccounts')
      return {
        serviceAccounts: { names: random.some(['default', 'robot'], 1, 2) },
        ...(random.percent(30) ? { namespaceSelector: 'all()' } : {}),
      }
  }
}

/** The rule's own end: the pod that the policy is about. */
const makeOwn = (making: MakingCalico, isV4: boolean): Fields => {
  if (making.random.percent(40)) {
    making.use('own nets')
    return makeNets(making, isV4)
  }
  making.use('own selectors')
  return makeChosen(making)
}
