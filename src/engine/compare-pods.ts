import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { cutByVerdict, type Entry } from './entries.ts'
import { type Column, columnsOf } from './pairs.ts'
import { isOne } from './verdict.ts'

/**
 * Pods as destinations, by the workloads that they belong to: identities are numbers of one engine, and a workload is the same
 * before and after. Traffic to a workload is traffic to any of its pods.
 */
export interface Destinations {
  readonly engine: ClusterEngine
  /** Ids of the workloads of both sides, sorted; a destination is a place in this list. */
  readonly ids: readonly string[]
  readonly workloadsOf: readonly (readonly number[])[]
  readonly identitiesOf: readonly (readonly number[])[]
}

export const workloadIdsOf = (engines: readonly ClusterEngine[]): readonly string[] =>
  [...new Set(engines.flatMap(({ population }) => population.subjects.map(({ workload }) => idOf(workload.ref))))].sort(
    compareText,
  )

export const destinationsIn = (engine: ClusterEngine, ids: readonly string[]): Destinations => {
  const numbers = new Map(ids.map((id, number) => [id, number]))
  const workloadsOf = engine.population.identities.map((): number[] => [])
  const identitiesOf = ids.map((): number[] => [])
  for (const { workload, identity } of engine.population.subjects) {
    const number = numbers.get(idOf(workload.ref))
    if (identity === null || number === undefined) continue
    const mine = identitiesOf[number] as number[]
    if (mine.includes(identity)) continue
    mine.push(identity)
    workloadsOf[identity]?.push(number)
  }
  return { engine, ids, workloadsOf, identitiesOf }
}

/** A relation over identities as one id a workload, in the table that its ids are of. */
export const workloadColumn = (
  { ids, workloadsOf }: Destinations,
  relation: Relation<TrafficId>,
  { empty, union }: TrafficTable,
): Column => {
  const column = new Uint32Array(ids.length)
  for (const [id, members] of relation) {
    if (id === empty) continue
    for (let w = 0; w < members.length; w++) {
      let word = members[w] as number
      while (word !== 0) {
        const low = word & -word
        word ^= low
        for (const workload of workloadsOf[32 * w + 31 - Math.clz32(low)] as readonly number[])
          column[workload] = union(column[workload] as TrafficId, id)
      }
    }
  }
  return column
}

/** A region toward workloads; its entry's members are the identities that they have on their own side. */
export interface PodChange {
  readonly entry: Entry
  readonly ids: readonly string[]
}

/** What a row lets pass to workloads that none of the other columns has. */
export const podsBeyond = (
  destinations: Destinations,
  row: Row,
  mine: Column,
  others: readonly Column[],
): readonly PodChange[] => {
  const { ids, identitiesOf, engine } = destinations
  const { table, selection } = engine
  const { bits } = selection
  const cutAt = cutterAt(engine, row)
  const found = new Map<string, { entry: Omit<Entry, 'to'>; workloads: number[]; identities: number[] }>()
  for (let workload = 0; workload < mine.length; workload++) {
    let left = mine[workload] as TrafficId
    for (const other of others) left = table.subtract(left, other[workload] as TrafficId)
    if (left === table.empty) continue
    const all = (identitiesOf[workload] as readonly number[]).map(identity => ({ identity, parts: cutAt(identity) }))
    for (let kind = 0; left !== table.empty && kind < MOST_KINDS; kind++) {
      let told = table.empty
      const identities: number[] = []
      for (const { identity, parts } of all) {
        const part = table.intersect(left, parts[kind]?.set ?? table.empty)
        if (part === table.empty) continue
        told = table.union(told, part)
        identities.push(identity)
      }
      const judged = all[0]?.parts[kind]
      if (told === table.empty || judged === undefined) continue
      // What one pod certainly takes is not told again because another one may.
      left = table.subtract(left, told)
      const key = `${kind} ${told}`
      const { verdict, enforcement } = judged
      const known = found.get(key) ?? { entry: { traffic: told, verdict, enforcement }, workloads: [], identities: [] }
      found.set(key, known)
      known.workloads.push(workload)
      known.identities.push(...identities)
    }
  }
  return [...found.values()].map(({ entry, workloads, identities }) => ({
    entry: { ...entry, to: { kind: 'workloads', members: bits.of(identities) } },
    ids: workloads.map(workload => ids[workload] as string),
  }))
}

/** The verdicts that let something pass, the firmest first; `denied` comes after them. */
const MOST_KINDS = 4

type Parts = ReturnType<typeof cutByVerdict<TrafficId>>

/** What passes to one identity, by verdict. */
const cutterAt = ({ table, selection }: ClusterEngine, row: Row): ((identity: number) => Parts) => {
  const columns = columnsOf(row.pods, selection.bits.size)
  const known = new Map<number | string, Parts>()
  const one = isOne(columns)
  return identity => {
    const at = (part: keyof typeof columns): TrafficId => columns[part][identity] as TrafficId
    const key = one ? at('must') : `${at('must')} ${at('lenient')} ${at('may')} ${at('written')}`
    let parts = known.get(key)
    if (parts === undefined) {
      parts = cutByVerdict(table, { must: at('must'), lenient: at('lenient'), may: at('may'), written: at('written') })
      known.set(key, parts)
    }
    return parts
  }
}
