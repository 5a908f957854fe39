import type { AddressPool } from '../../model/dialects.ts'
import { field } from '../../model/json.ts'
import type { Sourced } from '../../model/provenance.ts'
import {
  type CalicoPlace,
  type Direction,
  type Doubt,
  EVERY,
  type HopPlace,
  type Peer,
  type Rule,
  type RulePolicy,
  type Section,
  type Selector,
} from '../../model/rule.ts'
import { sourced } from '../kubernetes/object.ts'
import { ALL_TRAFFIC, both, silent } from '../kubernetes/rule-parts.ts'
import type { HostEndpoint } from './context.ts'
import type { Failsafe } from './failsafe.ts'
import type { HostPolicy } from './host-policy.ts'
import type { HostWay } from './host-ways.ts'
import { SO_REFUSED } from './lower-rules.ts'

/** The parts that policies for hosts are put together from: where each stands, for whom, and what it leaves alone. */

/** Nodes whose host endpoints meet the same policies in the same way. */
export interface HostClass {
  readonly key: string
  readonly nodes: readonly string[]
  readonly ways: readonly (HostWay & { readonly policies: readonly HostPolicy[] })[]
  readonly failsafe: Readonly<Record<Direction, Failsafe>>
}

export type ClassWay = HostClass['ways'][number]

/** Where policies stand, and for whose packets. */
export interface Seat {
  /** null: in the host's own tiers. */
  readonly hop: Pick<HopPlace, 'hop' | 'end'> | null
  readonly selects: RulePolicy['selects']
  readonly subject: Selector
}

/** The order of what a host asks: what is none of its business, what stays open, and then its policies. */
export const STAGES = {
  scope: -9,
  unread: -8,
  failsafe: -3,
  untracked: -2,
  'before-translation': -1,
  normal: 0,
  profiles: 1,
} as const

export const nodesNamed = (values: readonly string[]): Selector => ({
  kind: 'label',
  of: 'node',
  requirement: { key: '', operator: 'In', values },
})

type Sections = Readonly<Record<Direction, Section>>

const policyAt = (seat: Seat, of: Sourced, within: CalicoPlace, sections: Sections): RulePolicy => ({
  ...of,
  dialect: 'calico',
  place: seat.hop === null ? within : { tier: 'hop', ...seat.hop, within },
  selects: seat.selects,
  subject: seat.subject,
  ...sections,
  inert: null,
})

const placeOf = (stage: keyof typeof STAGES, end: CalicoPlace['end']): CalicoPlace => ({
  tier: 'calico',
  stage: STAGES[stage],
  name: stage,
  tierOrder: 0,
  end,
  order: 0,
  names: [stage],
})

export const inDirection = (direction: Direction, section: Section): Sections => ({
  egress: silent('egress'),
  ingress: silent('ingress'),
  [direction]: section,
})

const rulesOnly = (rules: readonly Rule[]): Section => ({ rules, isolates: false, isolatesAt: ['spec'] })

/** What stays open whatever policies say, by settings or by default. */
export const failsafePolicy = (
  seat: Seat,
  { endpoint }: ClassWay,
  { from, rules }: Failsafe,
  change: (rule: Rule) => Rule = rule => rule,
): readonly RulePolicy[] =>
  rules.length === 0
    ? []
    : [
        policyAt(
          seat,
          from ?? sourced(endpoint.object),
          placeOf('failsafe', 'pass'),
          inDirection('egress', rulesOnly(rules.map(change))),
        ),
      ]

/** What these policies have nothing to do with, and what may pass them by. */
export const scopePolicy = (
  seat: Seat,
  { endpoint }: ClassWay,
  rules: Partial<Readonly<Record<Direction, readonly Rule[]>>>,
): readonly RulePolicy[] => {
  const section = (direction: Direction): Section => rulesOnly(rules[direction] ?? [])
  return (rules.egress ?? []).length + (rules.ingress ?? []).length === 0
    ? []
    : [
        policyAt(seat, sourced(endpoint.object), placeOf('scope', 'pass'), {
          egress: section('egress'),
          ingress: section('ingress'),
        }),
      ]
}

export const leavesAlone = (...peers: readonly Peer[]): Rule => ({
  action: 'allow',
  peers,
  traffic: ALL_TRAFFIC,
  limit: null,
  at: ['spec'],
  doubt: null,
  isScope: true,
})

export const mayPassBy = (doubt: Doubt, ...peers: readonly Peer[]): Rule => ({
  ...leavesAlone(...peers),
  at: ['spec', 'interfaceName'],
  doubt,
})

/** Failsafe ports come before policies before translation, and only before those: elsewhere they are asked like any others. */
export const pastFailsafe = ({ rules }: Failsafe, from: Direction): readonly Rule[] =>
  rules.map(({ own, ...rule }): Rule => {
    const ends =
      from === 'egress' ? (own === undefined ? {} : { own }) : { peers: own === undefined ? rule.peers : [own] }
    return { ...rule, ...ends, action: 'pass', isScope: true }
  })

/** One policy with what it says in each direction; `direction` is the one that it is written for. */
export const hostPolicyAt = (
  seat: Seat,
  policy: HostPolicy,
  direction: Direction,
  seenFrom: readonly Direction[],
  change: (rule: Rule) => Rule = rule => rule,
  failsafe: Failsafe | null = null,
): RulePolicy => {
  const { object, place, stage, opaque, refused } = policy
  const { end, earlier } = place
  const section = (from: Direction): Section =>
    seenFrom.includes(from)
      ? {
          rules: [
            ...(failsafe === null ? [] : pastFailsafe(failsafe, from)),
            ...policy.rules(direction, from).map(change),
          ],
          isolates: opaque ? 'unknown' : earlier?.tierOrder === null ? 'unknown' : end === 'deny',
          isolatesAt: field(object.spec, 'types') === undefined ? ['spec'] : ['spec', 'types'],
        }
      : silent(from)
  const subject =
    refused === null ? seat.subject : both(seat.subject, { kind: 'unknown', why: `${refused}${SO_REFUSED}` })
  const made = policyAt(
    { ...seat, subject },
    sourced(object),
    { ...place, stage: opaque ? STAGES.unread : STAGES[stage] },
    {
      egress: section('egress'),
      ingress: section('ingress'),
    },
  )
  return opaque ? { ...made, opaque } : made
}

/** After the last tier the profiles of the endpoint: what none of them allows is closed. */
export const closingPolicy = (seat: Seat, { endpoint }: ClassWay): readonly RulePolicy[] => {
  const end = endOfProfiles(endpoint)
  if (end === 'open') return []
  const rules: readonly Rule[] =
    end === 'closed'
      ? []
      : (['allow', 'deny'] as const).map(action => ({
          ...mayPassBy(PROFILE_UNREAD, { kind: 'everything' }),
          action,
          at: ['spec', 'profiles'],
        }))
  const section: Section = { rules, isolates: true, isolatesAt: ['spec'] }
  return [policyAt(seat, sourced(endpoint.object), placeOf('profiles', 'deny'), inDirection('egress', section))]
}

/** Source: libcalico-go, resources/profile.go, DefaultAllowProfile; conversion, NamespaceToProfile: both allow everything. */
export const endOfProfiles = ({ profiles }: HostEndpoint): 'open' | 'closed' | 'unknown' => {
  const [first] = profiles
  if (first === undefined) return 'closed'
  return first === 'projectcalico-default-allow' || first.startsWith('kns.') ? 'open' : 'unknown'
}

const PROFILE_UNREAD: Doubt = {
  level: 'unknown',
  why: 'the host endpoint has a profile whose rules are not read',
  settledBy: 'policies in its place, or the profile `projectcalico-default-allow`',
}

/** Whether what hosts and pods send to pods of other nodes goes through a tunnel device; null: some of it, or nobody knows. */
export const tunnelsIn = (pools: readonly AddressPool[]): boolean | null => {
  const tunnels = new Set(pools.map(({ encapsulation }) => encapsulation))
  if (tunnels.size === 0 || [...tunnels].some(one => one?.includes('CrossSubnet'))) return null
  return tunnels.has(null) ? (tunnels.size === 1 ? false : null) : true
}

/**
 * Whom a packet reaches, or comes from, without passing an interface that has a name of its own: pods of other nodes, and where
 * a pod receives it their nodes, through a tunnel; pods of the same node.
 */
export const besideInterface = (tunnels: boolean | null, seenFrom: Direction): readonly Rule[] => {
  const pods: Peer = { kind: 'pods', selector: EVERY }
  const far: readonly Peer[] =
    seenFrom === 'egress' ? [pods] : [pods, { kind: 'nodes', which: 'every', selector: EVERY }]
  return [
    ...(tunnels === false ? [] : [tunnels === null ? mayPassBy(TUNNEL_OPEN, ...far) : leavesAlone(...far)]),
    leavesAlone({ ...pods, sameNode: true }),
  ]
}

/**
 * What takes the interface that has an endpoint of its own beside `*`: all but pods of other nodes, and where a pod receives it
 * their nodes, through a tunnel, and what stays on the node.
 */
export const besideTheRest = (tunnels: boolean | null, seenFrom: Direction): readonly Rule[] => {
  const pods: Peer = { kind: 'pods', selector: EVERY }
  const nodes = (which: 'own' | 'every'): Peer => ({ kind: 'nodes', which, selector: EVERY })
  const far: readonly Peer[] = seenFrom === 'egress' ? [pods] : [pods, nodes('every')]
  return [
    leavesAlone({ kind: 'not', of: { kind: 'any', of: [...far, nodes('own')] } }),
    ...(tunnels === true ? [] : [tunnels === false ? leavesAlone(...far) : mayPassBy(TUNNEL_OPEN, ...far)]),
  ]
}

const TUNNEL_OPEN: Doubt = {
  level: 'unknown',
  why: 'whether packets to pods of other nodes leave by this interface or by a tunnel is not in the documents',
  settledBy: 'the IPPool documents, with `ipipMode` and `vxlanMode`',
}

/** The first doubt counts. */
export const doubtedFor =
  (isOpen: (rule: Rule) => boolean, doubt: Doubt) =>
  (rule: Rule): Rule => {
    if (!isOpen(rule)) return rule
    const { own, ...rest } = rule
    return { ...rest, doubt: rule.doubt ?? doubt }
  }
