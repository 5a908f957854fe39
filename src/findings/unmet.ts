import type { Subject } from '../engine/population.ts'
import { type ThroughRelays, throughRelays } from '../engine/relay-through.ts'
import type { Stacks } from '../engine/verdict.ts'
import { withEndpoint } from '../intent/declared.ts'
import { relaysOf } from '../inventory/relays.ts'
import type { Allowance, IntentDocuments } from '../model/intent.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { type WaysMeant, waysMeantIn } from './declared-exits.ts'
import { insideMeetingsIn } from './declared-inside.ts'
import { joinedMeeting, type Meeting, meetingWith } from './declared-meeting.ts'
import { directWays, noWays, regionTo, relayedWays, together, trafficToName, type Ways } from './declared-ways.ts'
import type { PossibleView } from './possible-view.ts'

export type { Meeting } from './declared-meeting.ts'

/** What the Possible of a cluster makes of declarations. */
export interface Unmet {
  /** How policy meets an entry for a subject. */
  readonly meetingOf: (subject: Subject, stacks: Stacks, allowance: Allowance) => Meeting
  readonly waysMeant: (via: string | null) => WaysMeant
  readonly directWays: (stacks: Stacks) => Ways
}

/**
 * Declared less Possible: a declared dependency that policy stops. Outside the cluster it is met directly, through relays, or
 * through the relay that the entry names alone; a name is met by a rule about names that includes it, or by the whole internet on
 * its ports. Inside, both ends must let it pass.
 */
export const unmetIn = (view: PossibleView, documents: IntentDocuments): Unmet => {
  const { engine, zones } = view
  const relays = relaysOf(engine.cluster)
  const waysMeant = waysMeantIn(engine.cluster, relays, documents)
  const through = once(() => throughRelays(engine, zones, relays))
  const inside = insideMeetingsIn(view)
  const direct = memo((stacks: Stacks) => directWays(view, stacks))
  const relayed = relayedIn(view, through)
  const leavingBy = memo((ways: Ways) =>
    memo((allowance: Allowance) => outside(view, ways, withEndpoint(allowance, documents))),
  )
  const joined = memo((stacks: Stacks) => memo((ways: Ways) => together(engine, direct(stacks), ways)))

  return {
    waysMeant,
    directWays: direct,
    meetingOf: (subject, stacks, allowance) => {
      const meant = waysMeant(allowance.via)
      // A relay that is the exit itself leaves directly.
      const isDirect = meant.direct || meant.relays.some(({ of }) => of === subject.workload)
      const alone = leavingBy(direct(stacks))(allowance)
      const needsRelays = alone !== null && meant.relays.length > 0 && !(isDirect && alone === 'met')
      const ways = needsRelays ? relayed(subject, meant.relays) : null
      const leaving = ways === null ? alone : leavingBy(isDirect ? joined(stacks)(ways) : ways)(allowance)
      return (
        joinedMeeting([
          ...(leaving === null ? [] : [leaving === 'met' || !meant.isOpen ? leaving : 'open']),
          ...(hasInside(allowance) ? inside(engine.rowOf(subject), allowance, subject.workload.namespace) : []),
        ]) ?? 'met'
      )
    },
  }
}

/** What ways make of the places outside the cluster; null: there are none. */
const outside = (view: PossibleView, ways: Ways, allowance: Allowance): Meeting | null => {
  const { table, spaces, ground } = view.engine
  const addresses = bothFamilies.subtract(allowance.addresses, ground.own)
  const traffic = table.idOf(allowance.traffic)
  const v4 = regionTo(spaces.v4, addresses, traffic)
  const v6 = regionTo(spaces.v6, addresses, traffic)
  return joinedMeeting([
    ...(spaces.v4.algebra.isEmpty(v4) ? [] : [meetingWith(spaces.v4.algebra, v4, ways.v4)]),
    ...(spaces.v6.algebra.isEmpty(v6) ? [] : [meetingWith(spaces.v6.algebra, v6, ways.v6)]),
    ...allowance.names.map(pattern => meetingWith(table, traffic, trafficToName(view, ways, pattern))),
  ])
}

/** For who is no pod: directly, and outside the cluster. Whether a node uses a relay that an entry names is not asked. */
export const meetingOf = (
  view: PossibleView,
  stacks: Stacks,
  allowance: Allowance,
  documents: IntentDocuments,
): Meeting => {
  const { cluster } = view.engine
  const meant = allowance.via === null ? null : waysMeantIn(cluster, relaysOf(cluster), documents)(allowance.via)
  if (meant !== null && !meant.direct) return 'open'
  const leaving = outside(view, directWays(view, stacks), withEndpoint(allowance, documents)) ?? 'met'
  return leaving !== 'met' && meant?.isOpen === true ? 'open' : leaving
}

const hasInside = ({ services, workloads }: Allowance): boolean => services.length + workloads.length > 0

/** Subjects that reach the same of the same relays share their ways. */
const relayedIn = (view: PossibleView, through: () => ThroughRelays | null) => {
  const numbers = new Map<object, number>()
  const numberOf = (one: object): number => {
    const known = numbers.get(one) ?? numbers.size
    numbers.set(one, known)
    return known
  }
  const known = new Map<string, Ways>()
  return (subject: Subject, meant: WaysMeant['relays']): Ways => {
    const relays = through()
    if (relays === null) return noWays(view.engine)
    const wanted = new Set(meant)
    const reached = relays.reached(subject, view.engine.rowOf(subject), relay => wanted.has(relay))
    const key = reached.map(({ grant, certain }) => `${numberOf(grant)}${certain ? '' : '?'}`).join()
    const ways = known.get(key) ?? relayedWays(view, relays, reached)
    known.set(key, ways)
    return ways
  }
}

const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const memo = <K extends object, V>(make: (key: K) => V): ((key: K) => V) => {
  const known = new WeakMap<K, { readonly value: V }>()
  return key => {
    const made = known.get(key) ?? { value: make(key) }
    known.set(key, made)
    return made.value
  }
}
