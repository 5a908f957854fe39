import { type Route, type Routed, routesIn } from '../engine/egress-gateways.ts'
import type { Entry, Target } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import type { Hop } from '../model/finding.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Because, Exit, ReachEntry, ReachTarget, Unknown } from '../model/reach.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Bits, membersOf } from '../sets/bit-set.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import { type TrafficElement, trafficElements } from '../sets/traffic-text.ts'
import type { Possible } from './possible.ts'
import { joined, type StageReasons } from './reasons.ts'

/** Writes regions of one cluster as results. */
export const entryWriter = ({ engine, gatewaysAreOn }: Possible) => {
  const { table, population } = engine
  const idsIn = idLists(population.subjects)
  const targets = new WeakMap<Target, Written>()
  /** A region that several subjects share is printed once. */
  const writtenTarget = (to: Target): Written => {
    const known = targets.get(to)
    if (known !== undefined) return known
    const made = { to: targetOf(to), example: destinationOf(to) }
    targets.set(to, made)
    return made
  }
  const traffics = new Map<TrafficId, WrittenTraffic>()
  const writtenTraffic = (id: TrafficId): WrittenTraffic => {
    const known = traffics.get(id)
    if (known !== undefined) return known
    const traffic = table.trafficOf(id)
    const made = { elements: trafficElements(traffic), example: exampleOf(traffic) }
    traffics.set(id, made)
    return made
  }
  const targetOf = (to: Target): ReachTarget => {
    switch (to.kind) {
      case 'addresses':
        return { kind: 'addresses', zone: to.zone, ranges: printAddresses(to.addresses) }
      case 'workloads':
        return { kind: 'workloads', ids: idsIn(to.members) }
      case 'names':
        return { kind: 'names', patterns: to.patterns }
      case 'service':
        return { kind: 'service', id: idOf(to.service.ref) }
      case 'nodes':
      case 'apiserver':
        return to
    }
  }
  const destinationOf = (to: Target): string | null => {
    switch (to.kind) {
      case 'addresses':
        return exampleAddress(to.addresses)
      case 'workloads':
        return idsIn(to.members)[0] ?? null
      case 'names':
        return to.patterns[0] ?? null
      case 'service':
        return idOf(to.service.ref)
      case 'nodes':
        return `${to.nodes} node`
      case 'apiserver':
        return 'kube-apiserver'
    }
  }
  const routes = routesIn(engine, gatewaysAreOn)
  const becauseLists = oneOfEach<Because>()
  const unknownLists = oneOfEach<Unknown>()
  /** One entry for each way out. */
  return (subject: Subject, entry: Entry, reasons: StageReasons): readonly ReachEntry[] =>
    (entry.verdict === 'denied' ? [{ entry, route: null }] : routes(subject, entry)).map(routed =>
      writeOne(subject, routed, reasons),
    )

  function writeOne(subject: Subject, { entry, route }: Routed, reasons: StageReasons): ReachEntry {
    const { because, unknowns } = joined([reasons.egress, reasons.ingress])
    const leaves = entry.to.kind === 'addresses' || entry.to.kind === 'names'
    const { elements, example } = writtenTraffic(entry.traffic)
    const { to, example: destination } = writtenTarget(entry.to)
    return {
      to,
      traffic: elements,
      verdict: entry.verdict,
      enforcement: entry.enforcement,
      path: leaves ? [...pathOf(subject), ...gatewayHops(route)] : [],
      exit: leaves ? exitBy(route) : IN_CLUSTER,
      because: becauseLists(route === null ? because : [...because, gatewayReason(route)]),
      unknowns: unknownLists(
        leaves && entry.verdict !== 'denied'
          ? [...unknowns, ...(route?.applies === 'unknown' ? [GATEWAY_OPEN] : []), NO_FABRIC]
          : unknowns,
      ),
      witness:
        destination === null || example === null ? null : `${sourceOf(subject)} -> ${packetTo(destination, example)}`,
    }
  }
}

const gatewayHops = (route: Route | null): readonly Hop[] =>
  route === null || route.applies !== 'yes' ? [] : route.gateways.map(id => ({ hop: 'egress-gateway', id }))

const exitBy = (route: Route | null): Exit => {
  if (route === null || route.applies !== 'yes') return UNKNOWN_EXIT
  const id = idOf(route.policy.ref)
  return route.gateways.length === 0
    ? { kind: 'blackhole', id, sourceAddresses: [] }
    : { kind: 'egress-gateway', id, sourceAddresses: route.policy.egressAddresses }
}

const gatewayReason = ({ policy, gateways, applies }: Route): Because => ({
  kind: applies === 'yes' ? 'rule' : 'missing',
  object: idOf(policy.ref),
  file: policy.origin.file,
  line: policy.origin.line,
  rule: 'spec.destinationCIDRs',
  says:
    applies !== 'yes'
      ? 'it may leave through this egress gateway'
      : gateways.length === 0
        ? 'it is routed to an egress gateway, and no node matches: dropped'
        : 'it leaves through this egress gateway',
})

const GATEWAY_OPEN: Unknown = {
  stage: 'node',
  why: 'whether the egress gateway takes these packets is open',
  settledBy: 'the nodes, and the settings of the network plugin',
}

interface Written {
  readonly to: ReachTarget
  /** Something of it, as a witness names it. */
  readonly example: string | null
}

interface WrittenTraffic {
  readonly elements: readonly TrafficElement[]
  readonly example: string | null
}

/** Lists of the same reasons are one list, in memory and for whoever writes them as text. */
const oneOfEach = <T extends object>(): ((list: readonly T[]) => readonly T[]) => {
  const numbers = new Map<T, number>()
  const numberOf = (value: T): number => {
    const known = numbers.get(value)
    if (known !== undefined) return known
    numbers.set(value, numbers.size)
    return numbers.size - 1
  }
  const lists = new Map<string, readonly T[]>()
  return list => {
    const key = list.map(numberOf).join(',')
    const known = lists.get(key)
    if (known === undefined) lists.set(key, list)
    return known ?? list
  }
}

/** The sorted ids of the workloads that identities stand for; equal sets give one list. */
const idLists = (subjects: readonly Subject[]): ((members: Bits) => readonly string[]) => {
  const ids = [...new Set(subjects.map(({ workload }) => idOf(workload.ref)))].sort(compareText)
  const places = new Map(ids.map((id, place) => [id, place]))
  const placesOf = Map.groupBy(
    subjects.filter(({ identity }) => identity !== null),
    ({ identity }) => identity,
  )
  const byIdentity = new Map(
    [...placesOf].map(([identity, all]) => [identity, all.map(({ workload }) => places.get(idOf(workload.ref)) ?? 0)]),
  )
  const lists = new Map<string, readonly string[]>()
  return members => {
    const key = members.join(',')
    const known = lists.get(key)
    if (known !== undefined) return known
    const found = new Set([...membersOf(members)].flatMap(member => byIdentity.get(member) ?? []))
    const list = Array.from(Uint32Array.from(found).sort(), place => ids[place] as string)
    lists.set(key, list)
    return list
  }
}

export const sourceOf = ({ pods, workload }: Subject): string =>
  pods.find(pod => pod.addresses.length > 0)?.addresses[0] ?? idOf(workload.ref)

/** The node, where all pods run on one. */
export const pathOf = ({ pods, workload }: Subject): readonly Hop[] => {
  const [only, ...more] = new Set(pods.flatMap(pod => pod.node ?? []))
  return only === undefined || more.length > 0 ? [] : [{ hop: 'node', id: `${workload.ref.cluster}/-/Node/${only}` }]
}

export const IN_CLUSTER: Exit = { kind: 'in-cluster', id: null, sourceAddresses: [] }
export const UNKNOWN_EXIT: Exit = { kind: 'unknown', id: null, sourceAddresses: [] }

export const NO_FABRIC: Unknown = {
  stage: 'fabric',
  why: 'not assessed: no document of the network under the cluster was read',
  settledBy: 'saved output of the cloud’s own command line, or a Terraform plan or state',
}
