import type { Entry } from '../engine/entries.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import type { Across } from '../engine/mesh.ts'
import type { Place } from '../engine/mesh-places.ts'
import type { Subject } from '../engine/population.ts'
import { idOf } from '../model/identity.ts'
import { rangesIn } from '../sets/address-points.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Bits } from '../sets/bit-set.ts'
import { printAddress } from '../sets/cidr.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { type Clusters, placesOf, withoutAddresses } from './across.ts'
import { type AcrossEntry, ADDRESS_TAKEN, acrossEntries, acrossWithin, acrossWriter } from './across-writer.ts'
import { isOutcome, type WayTold, withWay } from './fabric-cut.ts'
import { fabricStageIn } from './fabric-stage.ts'
import type { LoadedEstate } from './load.ts'
import type { Possible, PossibleOptions } from './possible.ts'
import type { Part } from './question-stages.ts'
import type { StageReasons } from './reasons.ts'
import type { Question } from './target.ts'

/** What a question asks of clusters other than the sender's. */
export interface AcrossQuestion {
  readonly asked: readonly { readonly across: Across; readonly members: Bits }[]
  /** What is left of the sender's own row: an address of another cluster is told there. */
  readonly left: (entries: readonly Entry[]) => readonly Entry[]
  /** Reasons with the one that makes an address of the sender's own cluster uncertain. */
  readonly doubted: (entry: Entry, reasons: StageReasons) => StageReasons
}

const NOTHING: AcrossQuestion = { asked: [], left: entries => entries, doubted: (_, reasons) => reasons }

export const acrossQuestion = (
  clusters: Clusters,
  from: Possible,
  { target }: Question,
  { compat }: PossibleOptions,
): AcrossQuestion => {
  // That tool knows of one cluster.
  if (compat !== null) return NOTHING
  const ask = (to: Possible, only: Addresses | undefined, isMeant: (place: Place) => boolean) => {
    const across = clusters.between(from, to, only)
    const members = across.bits.of(across.places.flatMap((place, i) => (isMeant(place) ? [i] : [])))
    return { across, members }
  }
  const elsewhere = (name: string): Possible | null => (name === from.engine.cluster.name ? null : clusters.of(name))
  switch (target.kind) {
    case 'workload': {
      const { workload, pod } = target
      const to = elsewhere(workload.ref.cluster)
      if (to === null) return NOTHING
      const only = pod === null || pod.addresses.length === 0 ? undefined : addressesOfTexts(pod.addresses)
      const isMeant = (place: Place): boolean =>
        pod === null ? place.workloads.includes(idOf(workload.ref)) : place.pods.has(idOf(pod.ref))
      return { ...NOTHING, asked: [ask(to, only, isMeant)] }
    }
    case 'node': {
      const to = elsewhere(target.cluster)
      return to === null
        ? NOTHING
        : { ...NOTHING, asked: [ask(to, undefined, place => place.node?.ref.name === target.name)] }
    }
    case 'addresses':
      return atAddresses(clusters, from, target.addresses, ask)
    default:
      return NOTHING
  }
}

/**
 * An address is asked of the sender’s row, and a row speaks of other clusters only where settings show that a mesh may be. Who
 * asks for one address alone is told of a mesh that nothing shows, too: there a policy about addresses may not hold. An address
 * that the sender's own cluster has is its own, unless a mesh may have it, too.
 */
const atAddresses = (
  clusters: Clusters,
  from: Possible,
  addresses: Addresses,
  ask: (
    to: Possible,
    only: Addresses,
    isMeant: (place: Place) => boolean,
  ) => { readonly across: Across; readonly members: Bits },
): AcrossQuestion => {
  const isOwn = !bothFamilies.isEmpty(bothFamilies.intersect(addresses, from.engine.ground.own))
  const single = isSingle(addresses)
  const found = clusters.holdersOf(from, addresses)
  const told = clusters.toldBy(from)
  const holders = found.filter(one => told.includes(one) || (single && !isOwn && clusters.mayShareMesh(from, one)))
  const meant = (place: Place): boolean => place.addresses.length > 0
  const asked = holders
    .map(to => ask(to, addresses, meant))
    .map(({ across, members }) => ({ across, members: withoutHosts(across, members) }))
  // Members of a mesh know each other: what is outside of it does not come into question.
  const known = asked.filter(({ across }) => across.terms.sender.knowsPods === 'yes')
  const candidates =
    known.length === 0 || !single ? asked : asked.filter(({ across }) => across.terms.sender.knowsPods !== 'no')
  const theirs = holders.map(placesOf).reduce(bothFamilies.union, bothFamilies.empty)
  const isDoubtful = single && isOwn && candidates.length > 0
  return {
    asked: candidates,
    left: entries =>
      withoutAddresses(entries, theirs).map(entry =>
        isDoubtful && entry.to.kind !== 'addresses' && entry.verdict !== 'denied'
          ? { ...entry, verdict: 'unknown', enforcement: 'unknown' }
          : entry,
      ),
    doubted: (entry, reasons) =>
      isDoubtful && entry.verdict === 'unknown'
        ? { ...reasons, egress: { ...reasons.egress, unknowns: [...reasons.egress.unknowns, ADDRESS_TAKEN] } }
        : reasons,
  }
}

/** A pod on the host network is asked as its node, where that was read. */
const withoutHosts = ({ places, bits }: Across, members: Bits): Bits => {
  const here = (kind: Place['kind']): readonly (readonly [number, Place])[] =>
    [...places.entries()].filter(([i, place]) => place.kind === kind && bits.has(members, i))
  const nodes = new Set(here('node').flatMap(([, { addresses }]) => addresses.map(printAddress)))
  const told = here('host').filter(([, { addresses }]) => addresses.every(one => nodes.has(printAddress(one))))
  return bits.subtract(members, bits.of(told.map(([i]) => i)))
}

const isSingle = ({ v4, v6 }: Addresses): boolean => {
  const [only, ...more] = [...rangesIn(v4), ...rangesIn(v6)]
  return only !== undefined && more.length === 0 && printAddress(only.first) === printAddress(only.last)
}

/** The regions of other clusters that are asked about. */
export const acrossParts = (
  from: Possible,
  loaded: LoadedEstate,
  subjects: readonly Subject[],
  { asked }: AcrossQuestion,
  traffic: TrafficId,
  compat: PossibleOptions['compat'],
): readonly Part[] => {
  const fabric = fabricStageIn(loaded, from, compat)
  return asked.flatMap(({ across, members }) => {
    const { explain, write } = acrossWriter(from, across, loaded, from.engine.ground.own)
    return subjects.flatMap(subject =>
      acrossEntries(across, across.rowOf(subject)).flatMap((whole): readonly Part[] => {
        const entry = acrossWithin(across, whole, members, traffic)
        if (entry === null) return []
        const { verdict, enforcement } = entry
        const toPods = across.places.some((place, i) => place.ingress !== null && across.bits.has(entry.members, i))
        const { reasons, ends } = explain(subject, entry)
        return [
          {
            subject,
            verdict,
            enforcement,
            toPods,
            reasons,
            ends,
            results: fabric(subject).flatMap(place => {
              const ways = carried(across) === 'no' ? place.cut(asAddresses(across, entry)) : [{ way: CARRIED }]
              return ways.flatMap(({ way }) =>
                write(place.subject, entry, reasons).map(told => ({
                  entry: isOutcome(way) ? withWay(told, way, loaded.lineOf) : told,
                  variant: place.variant,
                  way,
                })),
              )
            }),
          },
        ]
      }),
    )
  })
}

/** Whether a mesh takes packets of one cluster to the other in its own tunnels. */
const carried = ({ terms }: Across): Across['terms']['sender']['knowsPods'] => terms.sender.knowsPods

/** The pods and nodes of a region as the network sees them. */
const asAddresses = ({ places, bits }: Across, { members, traffic, verdict, enforcement }: AcrossEntry): Entry => ({
  to: {
    kind: 'addresses',
    zone: 'private',
    addresses: addressesOfTexts(
      places.flatMap((place, i) => (bits.has(members, i) ? place.addresses.map(printAddress) : [])),
    ),
  },
  traffic,
  verdict,
  enforcement,
})

const CARRIED: WayTold = {
  unsaid: {
    stage: 'fabric',
    why: 'not assessed: the two clusters share a mesh, or may, whose tunnels carry it from node to node',
    settledBy: 'the settings of the mesh at both ends',
  },
}
