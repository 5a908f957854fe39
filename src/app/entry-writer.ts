import { type Route, type Routed, routesIn } from '../engine/egress-gateways.ts'
import type { Entry, Target } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import { exampleAddress, exampleOf, packetTo } from '../engine/witness.ts'
import type { Hop } from '../model/finding.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Because, Exit, ReachEntry, ReachTarget, Unknown } from '../model/reach.ts'
import { printAddresses } from '../sets/address-text.ts'
import { membersOf } from '../sets/bit-set.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { joined, type StageReasons } from './because.ts'
import type { Possible } from './possible.ts'

/** Writes regions of one cluster as results. */
export const entryWriter = ({ engine, gatewaysAreOn }: Possible) => {
  const { table, population } = engine
  const idsOf = idsByIdentity(population.subjects)
  const targetOf = (to: Target): ReachTarget => {
    switch (to.kind) {
      case 'addresses':
        return { kind: 'addresses', zone: to.zone, ranges: printAddresses(to.addresses) }
      case 'workloads':
        return { kind: 'workloads', ids: idsIn(to) }
      case 'names':
        return { kind: 'names', patterns: to.patterns }
      case 'service':
        return { kind: 'service', id: idOf(to.service.ref) }
      case 'nodes':
      case 'apiserver':
        return to
    }
  }
  const idsIn = ({ members }: Target & { kind: 'workloads' }): readonly string[] =>
    [...new Set([...membersOf(members)].flatMap(member => idsOf.get(member) ?? []))].sort(compareText)
  const destinationOf = (to: Target): string | null => {
    switch (to.kind) {
      case 'addresses':
        return exampleAddress(to.addresses)
      case 'workloads':
        return idsIn(to)[0] ?? null
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
  /** One entry for each way out. */
  return (subject: Subject, entry: Entry, reasons: StageReasons): readonly ReachEntry[] =>
    (entry.verdict === 'denied' ? [{ entry, route: null }] : routes(subject, entry)).map(routed =>
      writeOne(subject, routed, reasons),
    )

  function writeOne(subject: Subject, { entry, route }: Routed, reasons: StageReasons): ReachEntry {
    const { because, unknowns } = joined([reasons.egress, reasons.ingress])
    const leaves = entry.to.kind === 'addresses' || entry.to.kind === 'names'
    const traffic = table.trafficOf(entry.traffic)
    const example = exampleOf(traffic)
    const destination = destinationOf(entry.to)
    return {
      to: targetOf(entry.to),
      traffic: trafficElements(traffic),
      verdict: entry.verdict,
      enforcement: entry.enforcement,
      path: leaves ? [...pathOf(subject), ...gatewayHops(route)] : [],
      exit: leaves ? exitBy(route) : IN_CLUSTER,
      because: route === null ? because : [...because, gatewayReason(route)],
      unknowns:
        leaves && entry.verdict !== 'denied'
          ? [...unknowns, ...(route?.applies === 'unknown' ? [GATEWAY_OPEN] : []), NO_FABRIC]
          : unknowns,
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

const idsByIdentity = (subjects: readonly Subject[]): ReadonlyMap<number, readonly string[]> => {
  const ids = new Map<number, string[]>()
  for (const { identity, workload } of subjects) {
    if (identity === null) continue
    const known = ids.get(identity)
    if (known === undefined) ids.set(identity, [idOf(workload.ref)])
    else known.push(idOf(workload.ref))
  }
  return ids
}

export const sourceOf = ({ pods, workload }: Subject): string =>
  pods.find(pod => pod.addresses.length > 0)?.addresses[0] ?? idOf(workload.ref)

/** The node, where all pods run on one. */
const pathOf = ({ pods, workload }: Subject): readonly Hop[] => {
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
