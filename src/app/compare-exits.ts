import { type Entry, sharedEntries } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import type { ExitChange } from '../model/diff.ts'
import { idOf } from '../model/identity.ts'
import type { Exit } from '../model/reach.ts'
import { printAddresses, readRanges } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { entryWriter } from './entry-writer.ts'
import type { Possible } from './possible.ts'

/** Addresses outside with one way out. */
interface Way {
  readonly zone: string
  readonly addresses: Addresses
  readonly traffic: Traffic
  readonly exit: Exit
}

/**
 * Regions that may be reached before and after, and leave by another way. So far only egress gateways tell a way out apart:
 * without one on either side there is nothing to compare.
 */
export const compareExits = (before: Possible, after: Possible): readonly ExitChange[] => {
  if (before.engine.cluster.egressGateways.length + after.engine.cluster.egressGateways.length === 0) return []
  const [old, now] = [waysIn(before), waysIn(after)]
  const known = new Map(before.engine.population.subjects.map(subject => [keyOf(subject), subject]))
  return after.engine.population.subjects.flatMap(subject => {
    const earlier = known.get(keyOf(subject))
    return earlier === undefined ? [] : changesOf(subject, old(earlier), now(subject))
  })
}

const keyOf = ({ workload, variant }: Subject): string => JSON.stringify([idOf(workload.ref), variant])

/** Subjects of one identity have one row, and gateways select identities. */
const waysIn = (possible: Possible): ((subject: Subject) => readonly Way[]) => {
  const { engine, zones } = possible
  const write = entryWriter(possible)
  const known = new Map<number | null, readonly Way[]>()
  const waysOf = (subject: Subject): readonly Way[] =>
    sharedEntries(engine, subject, engine.rowOf(subject), zones).flatMap((entry: Entry): readonly Way[] =>
      entry.to.kind !== 'addresses' || entry.verdict === 'denied'
        ? []
        : write(subject, entry, NO_REASONS).flatMap(({ to, exit }): readonly Way[] => {
            if (to.kind !== 'addresses') return []
            const read = readRanges(to.ranges)
            if (read.kind === 'refused') throw new Error(read.why)
            return [{ zone: to.zone, addresses: read.value, traffic: engine.table.trafficOf(entry.traffic), exit }]
          }),
    )
  return subject => {
    const ways = known.get(subject.identity) ?? waysOf(subject)
    known.set(subject.identity, ways)
    return ways
  }
}

const NO_REASONS = { egress: { because: [], unknowns: [] }, ingress: { because: [], unknowns: [] } }

/** One change for all addresses of a zone that share traffic and both ways out. */
const changesOf = (subject: Subject, before: readonly Way[], after: readonly Way[]): readonly ExitChange[] => {
  const found = new Map<string, { change: Omit<ExitChange, 'to'>; zone: string; addresses: Addresses }>()
  for (const old of before)
    for (const now of after) {
      if (JSON.stringify(old.exit) === JSON.stringify(now.exit)) continue
      const traffic = traffics.intersect(old.traffic, now.traffic)
      const addresses = bothFamilies.intersect(old.addresses, now.addresses)
      if (traffics.isEmpty(traffic) || bothFamilies.isEmpty(addresses)) continue
      const change = {
        workload: idOf(subject.workload.ref),
        variant: subject.variant,
        traffic: trafficElements(traffic),
        before: old.exit,
        after: now.exit,
      }
      const key = JSON.stringify([now.zone, change])
      const same = found.get(key)
      found.set(key, {
        change,
        zone: now.zone,
        addresses: same === undefined ? addresses : bothFamilies.union(same.addresses, addresses),
      })
    }
  return [...found.values()].map(({ change, zone, addresses }) => ({
    ...change,
    to: { kind: 'addresses', zone, ranges: printAddresses(addresses) },
  }))
}
