import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import { resolversOf } from '../findings/possible.ts'
import { declarationsFor, declaredBy } from '../intent/declared.ts'
import { type Places, splitDeclared } from '../intent/split.ts'
import { ownerOf } from '../inventory/owner.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { RegionChange } from '../model/diff.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { DeclaredChange, OwnedChange, ProposedChange } from '../model/pr.ts'
import type { ReachTarget } from '../model/reach.ts'
import type { Workload } from '../model/workload.ts'
import { printAddresses, readRanges } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { readTraffic, trafficElements } from '../sets/traffic-text.ts'
import { diffOf, type NamedEstate } from './diff.ts'
import { dayOf } from './intent.ts'
import type { PossibleOptions } from './possible.ts'

/** What of a change is declared once it is made. Errors: none; what could not be read stands in `diagnostics`. */
export const proposedChange = (
  before: NamedEstate,
  after: NamedEstate,
  options: PossibleOptions & { readonly now: string },
): ProposedChange => {
  const { gained, lost, coverage, diagnostics } = diffOf(before, after, options)
  const owned = (estate: Estate) => {
    const find = workloadsOf(estate)
    return (change: RegionChange): OwnedChange => ({ ...change, owner: find(change.workload)?.owner ?? null })
  }
  const { estate } = after.loaded
  const judged = judgement(estate, dayOf(options.now))
  const asOwned = owned(estate)
  const outside = gained.filter(change => leaves(change.to)).map(change => judged(asOwned(change)))
  return {
    schema: 'postern.dev/change/v1',
    now: options.now,
    before: before.source,
    after: after.source,
    intents: estate.intents.intents.length,
    undeclared: outside.flatMap(one => one.undeclared),
    declared: outside.flatMap(one => one.declared),
    inside: gained.filter(change => !leaves(change.to)).map(asOwned),
    closed: lost.map(owned(before.loaded.estate)),
    coverage,
    diagnostics,
  }
}

const leaves = (to: ReachTarget): boolean => to.kind === 'addresses' || to.kind === 'names'

interface Found {
  readonly cluster: Cluster
  readonly workload: Workload
  readonly owner: string | null
}

const workloadsOf = (estate: Estate): ((id: string) => Found | null) => {
  const byId = new Map(
    estate.clusters.flatMap(cluster =>
      cluster.workloads.map((workload): [string, Found] => [
        idOf(workload.ref),
        { cluster, workload, owner: ownerOf(workload, cluster, estate.standard, workload.shape)?.owner ?? null },
      ]),
    ),
  )
  return id => byId.get(id) ?? null
}

/** Cuts what was gained into what is declared and what is not. */
const judgement = (estate: Estate, today: string) => {
  const find = workloadsOf(estate)
  return (
    change: OwnedChange,
  ): { readonly undeclared: readonly OwnedChange[]; readonly declared: readonly DeclaredChange[] } => {
    const found = find(change.workload)
    const traffic = readTraffic(change.traffic)
    if (found === null || traffic.kind === 'refused') return { undeclared: [change], declared: [] }
    const { cluster, workload } = found
    const declarations = declarationsFor(estate.intents, workload, workload.shape, today)
    const declared = declaredBy(declarations, estate.intents, cluster.name, resolversOf(cluster))
    const wanted = wantedBy(change.to)
    const { known, left } = splitDeclared(declared, { ...wanted, traffic: traffic.value })
    const part = (rest: Places): OwnedChange => {
      const to = targetOf(change.to, rest)
      return { ...change, to, traffic: trafficElements(rest.traffic), witness: witnessOf(change, rest) }
    }
    const intents = [...new Set(declarations.map(({ intent }) => idOf(intent.ref).replace(/^-\//, '')))].sort(
      compareText,
    )
    return {
      undeclared: left.map(part),
      declared: known.map(one => ({ ...part(one), intents })),
    }
  }
}

const wantedBy = (to: ReachTarget) => {
  if (to.kind === 'names') return { addresses: bothFamilies.empty, names: to.patterns }
  const read = to.kind === 'addresses' ? readRanges(to.ranges) : null
  return { addresses: read?.kind === 'read' ? read.value : bothFamilies.empty, names: [] }
}

/** A packet of the part, from where the whole region’s came from. */
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
