import { selectsWorkload } from '../inventory/services.ts'
import type { Cluster } from '../model/cluster.ts'
import { globMatches } from '../model/glob.ts'
import { idOf } from '../model/identity.ts'
import type { ApprovedExit, IntentDocuments } from '../model/intent.ts'
import type { Relay } from '../model/relay.ts'
import type { Workload } from '../model/workload.ts'
import { bothFamilies } from '../sets/addresses.ts'

/** By which ways of a cluster an entry of an intent may be met. */
export interface WaysMeant {
  /** Without any relay: an exit outside the cluster has no other way to it. */
  readonly direct: boolean
  readonly relays: readonly Relay[]
  /** The exit names a workload of which nobody knows what it forwards: one that is none of the relays here, or was not read here. */
  readonly isOpen: boolean
}

/**
 * What the `via` of an entry means in a cluster: nothing means every way, and an exit whose ids are relays of the cluster means
 * those alone. Any other exit is reached directly, as far as anybody can tell here.
 */
export const waysMeantIn = (
  cluster: Cluster,
  relays: readonly Relay[],
  { exits }: IntentDocuments,
): ((via: string | null) => WaysMeant) => {
  const known = new Map<string, WaysMeant>()
  return via => {
    if (via === null) return { direct: true, relays, isOpen: false }
    const exit = exits.find(({ ref }) => ref.name === via)
    const made = known.get(via) ?? (exit === undefined ? ELSEWHERE : waysOf(exit, cluster, relays))
    known.set(via, made)
    return made
  }
}

const ELSEWHERE: WaysMeant = { direct: true, relays: [], isOpen: false }

const waysOf = (exit: ApprovedExit, cluster: Cluster, relays: readonly Relay[]): WaysMeant => {
  if (exit.faults.length > 0) return ELSEWHERE
  const here = exit.ids
    .filter(id => !isOfAnother(id, cluster))
    .map(id => ({ id, of: relaysNamed(id, cluster, relays) }))
  const meant = new Set(here.flatMap(({ of }) => of))
  const more = exit.names.length > 0 || exit.tags.size > 0 || !bothFamilies.isEmpty(exit.addresses)
  const strangers = here.filter(({ id, of }) => of.length === 0 && workloadsNamed(id, cluster).length > 0)
  // A glob may name relays and others beside them.
  const besides = here.some(({ id, of }) =>
    workloadsNamed(id, cluster).some(workload => of.length > 0 && !of.some(relay => relay.of === workload)),
  )
  const others = here.some(({ id, of }) =>
    of.length === 0 ? !strangers.some(one => one.id === id) : isWider(id, cluster),
  )
  return {
    direct: meant.size === 0 || more || others,
    relays: relays.filter(relay => meant.has(relay)),
    isOpen: strangers.length > 0 || besides || (meant.size === 0 && exit.ids.some(mayForward)),
  }
}

/** `cluster/namespace/Kind/name` of another cluster. */
const isOfAnother = (id: string, { name }: Cluster): boolean => {
  const parts = id.split('/')
  return parts.length >= ID_PARTS && !globMatches(parts[0] ?? '', name)
}

const ID_PARTS = 4

/** A glob that may name something of a cloud, too, or a gateway that packets are routed to. */
const isWider = (id: string, { egressGateways }: Cluster): boolean =>
  id.split('/').length < ID_PARTS || egressGateways.some(({ ref }) => globMatches(id, idOf(ref)))

/** By its own id, or by that of a Service that leads to it. */
const relaysNamed = (id: string, cluster: Cluster, relays: readonly Relay[]): readonly Relay[] => {
  const behind = workloadsBehind(id, cluster)
  return relays.filter(({ of }) => globMatches(id, idOf(of.ref)) || behind.some(workload => workload === of))
}

const workloadsBehind = (id: string, { services, workloads }: Cluster): readonly Workload[] =>
  services
    .filter(({ ref }) => globMatches(id, idOf(ref)))
    .flatMap(service =>
      workloads.filter(workload => workload.namespace === service.namespace && selectsWorkload(service, workload)),
    )

const workloadsNamed = (id: string, cluster: Cluster): readonly Workload[] => [
  ...cluster.workloads.filter(({ ref }) => globMatches(id, idOf(ref))),
  ...workloadsBehind(id, cluster),
]

/**
 * Of a namespace of some cluster, so no gateway that packets are routed to without being sent there, and nothing of a cloud. A
 * proxy of another cluster, or one whose manifests were not read, is reached by an address, and the direct way may well be closed.
 */
const mayForward = (id: string): boolean => {
  const [cluster = '', namespace, ...rest] = id.split('/')
  return rest.length === ID_PARTS - 2 && namespace !== '-' && !/^[a-z]+:/.test(cluster)
}
