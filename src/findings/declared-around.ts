import { cooperativeRegions, meshWordOn } from '../engine/cooperative.ts'
import { namePartsOf } from '../engine/cooperative-names.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import type { Subject } from '../engine/population.ts'
import type { Stacks } from '../engine/verdict.ts'
import { withEndpoint } from '../intent/declared.ts'
import { meshViewsOf } from '../inventory/mesh-view.ts'
import { shortIdOf } from '../model/identity.ts'
import type { Allowance, IntentDocuments } from '../model/intent.ts'
import type { MeshView } from '../model/mesh.ts'
import { addresses6 } from '../sets/address-set.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import type { Traffic } from '../sets/traffic.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { certainToName, regionTo } from './declared-ways.ts'
import type { PossibleView } from './possible-view.ts'
import type { Unmet } from './unmet.ts'

/** What an entry sends through relays of the cluster, and policy certainly lets leave without them. */
export interface WayAround {
  /** The relays that were meant. */
  readonly relays: readonly string[]
  readonly places: readonly string[]
  /** One of the places that are addresses, with its traffic. */
  readonly example: { readonly addresses: Addresses; readonly traffic: Traffic } | null
  /** A proxy beside the sender keeps all of it from the direct way: only who leaves past the proxy has that. */
  readonly isKeptByMesh: boolean
}

export const wayAroundIn = (
  view: PossibleView,
  documents: IntentDocuments,
  { waysMeant, directWays }: Unmet,
): ((subject: Subject, stacks: Stacks, allowance: Allowance) => WayAround | null) => {
  const { engine } = view
  const { table, spaces, ground } = engine
  const meshOf = meshViewsOf(engine.cluster)
  return (subject, stacks, declared) => {
    const { direct, relays } = waysMeant(declared.via)
    if (direct || relays.some(({ of }) => of === subject.workload)) return null
    const allowance = withEndpoint(declared, documents)
    const traffic = table.idOf(allowance.traffic)
    const wanted = bothFamilies.subtract(allowance.addresses, ground.own)
    const ways = directWays(stacks)
    const v4 = spaces.v4.regions.intersect(regionTo(spaces.v4, wanted, traffic), ways.v4.must)
    const v6 = spaces.v6.regions.intersect(regionTo(spaces.v6, wanted, traffic), ways.v6.must)
    const addresses: Addresses = { v4: spaces.v4.regions.addressesOf(v4), v6: spaces.v6.regions.addressesOf(v6) }
    const names = allowance.names.flatMap(pattern => {
      const open = table.intersect(traffic, certainToName(view, ways, pattern))
      return open === table.empty ? [] : [{ text: printNamePattern(pattern), traffic: open }]
    })
    if (names.length === 0 && bothFamilies.isEmpty(addresses)) return null
    const boxes = [
      ...spaces.v4.regions
        .boxesOf(v4)
        .map(box => ({ id: box.id, addresses: { ...bothFamilies.empty, v4: box.addresses } })),
      ...spaces.v6.regions
        .boxesOf(v6)
        .map(box => ({ id: box.id, addresses: { ...bothFamilies.empty, v6: box.addresses } })),
    ]
    const [first] = boxes
    const mesh = meshOf(subject)
    return {
      relays: relays.map(({ of }) => shortIdOf(of.ref)),
      places: [...names.map(({ text }) => text), ...printAddresses(addresses)],
      example: first === undefined ? null : { addresses: first.addresses, traffic: table.trafficOf(first.id) },
      isKeptByMesh:
        mesh !== null &&
        names.every(({ text, traffic: id }) => keepsName(view, mesh, text, id)) &&
        boxes.every(box => keepsAddresses(view, mesh, box.addresses, box.id)),
    }
  }
}

/** Sent through a gateway of the mesh instead, or refused. */
const keepsName = (
  { engine: { table, cluster }, zones: { internet } }: PossibleView,
  mesh: MeshView,
  name: string,
  traffic: TrafficId,
): boolean => {
  const own = addressesOfTexts(cluster.pods.flatMap(pod => pod.addresses))
  // Where no pod has an address yet, either family may be.
  const isV4Only = !bothFamilies.isEmpty(own) && addresses6.isEmpty(own.v6)
  const places = isV4Only ? { ...internet, v6: addresses6.empty } : internet
  return namePartsOf(table, mesh, places, [name], traffic).every(
    ({ detour, word }) => detour !== null || word === 'refused',
  )
}

const keepsAddresses = (
  { engine: { spaces, table } }: PossibleView,
  mesh: MeshView,
  addresses: Addresses,
  traffic: TrafficId,
): boolean => meshWordOn(spaces, cooperativeRegions(spaces, table, mesh), { addresses, traffic }) === 'refused'
