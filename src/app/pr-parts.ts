import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import { resolversOf } from '../findings/possible.ts'
import { type Declaration, type Declared, declarationsFor, declaredBy } from '../intent/declared.ts'
import type { Places } from '../intent/split.ts'
import { ownerOf } from '../inventory/owner.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { RegionChange } from '../model/diff.ts'
import { idOf } from '../model/identity.ts'
import type { OwnedChange } from '../model/pr.ts'
import type { ReachTarget } from '../model/reach.ts'
import type { Workload } from '../model/workload.ts'
import { printAddresses, readRanges } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { readTraffic, trafficElements } from '../sets/traffic-text.ts'

/** What one side of a proposed change says of a workload. */
export interface SaidOf {
  readonly owner: string | null
  readonly declarations: readonly Declaration[]
  readonly declared: Declared
}

/** By a workload's id; null for one that is not there. */
export const saidIn = (estate: Estate, today: string): ((workload: string) => SaidOf | null) => {
  const byId = new Map(
    estate.clusters.flatMap(cluster =>
      cluster.workloads.map((workload): [string, readonly [Cluster, Workload]] => [
        idOf(workload.ref),
        [cluster, workload],
      ]),
    ),
  )
  const known = new Map<string, SaidOf>()
  return id => {
    const found = byId.get(id)
    if (found === undefined) return null
    const [cluster, workload] = found
    const before = known.get(id)
    if (before !== undefined) return before
    const declarations = declarationsFor(estate.intents, workload, workload.shape, today)
    const said = {
      owner: ownerOf(workload, cluster, estate.standard, workload.shape)?.owner ?? null,
      declarations,
      declared: declaredBy(declarations, estate.intents, cluster.name, resolversOf(cluster)),
    }
    known.set(id, said)
    return said
  }
}

/** The places of a region outside the cluster; null where its traffic cannot be read back. */
export const placesOf = ({ to, traffic: elements }: RegionChange): Places | null => {
  const traffic = readTraffic(elements)
  if (traffic.kind === 'refused') return null
  if (to.kind === 'names') return { addresses: bothFamilies.empty, names: to.patterns, traffic: traffic.value }
  const read = to.kind === 'addresses' ? readRanges(to.ranges) : null
  return { addresses: read?.kind === 'read' ? read.value : bothFamilies.empty, names: [], traffic: traffic.value }
}

/** A part of a region, with a packet of its own from where the whole one's came. */
export const partOf = <T extends OwnedChange>(change: T, places: Places): T => ({
  ...change,
  to: targetOf(change.to, places),
  traffic: trafficElements(places.traffic),
  witness: witnessOf(change, places),
})

const witnessOf = ({ witness }: OwnedChange, { addresses, names, traffic }: Places): string | null => {
  const [source] = witness?.split(' -> ') ?? []
  const [place, example] = [exampleAddress(addresses) ?? names[0] ?? null, exampleOf(traffic)]
  return source === undefined || place === null || example === null ? null : `${source} -> ${packetTo(place, example)}`
}

const targetOf = (to: ReachTarget, part: Places): ReachTarget =>
  to.kind === 'addresses'
    ? { ...to, ranges: printAddresses(part.addresses) }
    : to.kind === 'names'
      ? { ...to, patterns: part.names }
      : to
