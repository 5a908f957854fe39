import { bothFamilies } from '../sets/addresses.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import type { ClusterEngine, Row } from './cluster-engine.ts'
import { addressesOfTexts, coverOf } from './ground.ts'
import { includesName } from './names.ts'
import type { Subject } from './population.ts'
import { type Arrival, arrivesAt, NO_ARRIVAL, type NodeGrant, type RelayNode } from './relay-nodes.ts'

/** Whether what a relay sends on arrives at another one. */
export const onwardTo = (
  engine: ClusterEngine,
  rowOf: (sender: Subject | null) => Row,
  { grant, sender, traffic }: NodeGrant,
  node: RelayNode,
): Arrival => {
  const { to } = grant
  if (to.kind === 'backends') return NO_ARRIVAL
  const arrival = arrivesAt(engine, { row: rowOf(sender), subject: sender, cap: traffic }, node)
  if (!arrival.may) return NO_ARRIVAL
  if (to.kind === 'names') {
    const patterns = to.patterns.map(printNamePattern)
    return namesOf(engine, node).some(name => includesName(patterns, name)) ? arrival : NO_ARRIVAL
  }
  if (bothFamilies.equals(to.addresses, bothFamilies.full)) return arrival
  const cover = coverOf(addressesOf(engine, node), to.addresses)
  return cover === 'all' ? arrival : cover === 'none' ? NO_ARRIVAL : { ...arrival, must: false }
}

const addressesOf = ({ ground }: ClusterEngine, { subject, relay }: RelayNode) => {
  const own = relay.entrances.flatMap(({ at }) => (at.kind === 'addresses' ? [at.addresses] : []))
  const [first, ...more] = own
  if (first !== undefined) return more.reduce(bothFamilies.union, first)
  return subject === null || subject.identity === null
    ? ground.nodes
    : addressesOfTexts(subject.pods.flatMap(pod => pod.addresses))
}

/** Names by which Services lead to a relay, as clients write them. Source: kubernetes.io, "DNS for Services and Pods". */
const namesOf = ({ cluster }: ClusterEngine, { subject }: RelayNode): readonly string[] =>
  subject === null
    ? []
    : cluster.services.flatMap(({ namespace, selector, ref }) =>
        selector !== null && isSelected(selector, namespace, subject)
          ? ['', '.svc', '.svc.cluster.local'].map(end => `${ref.name}.${namespace}${end}`)
          : [],
      )

const isSelected = (selector: ReadonlyMap<string, string>, namespace: string, { workload, shape }: Subject): boolean =>
  workload.namespace === namespace && [...selector].every(([key, value]) => shape.labels.get(key) === value)
