import { routesIn } from '../engine/egress-gateways.ts'
import type { OutsideSpace } from '../engine/outside.ts'
import type { Reached } from '../engine/relay-closure.ts'
import type { NodeGrant } from '../engine/relay-nodes.ts'
import { throughRelays } from '../engine/relay-through.ts'
import { matchesOne } from '../intent/subjects.ts'
import { gatewayRelays } from '../inventory/gateway-relays.ts'
import { proxyRelays } from '../inventory/proxy-relays.ts'
import { serviceRelays } from '../inventory/service-relays.ts'
import { idOf } from '../model/identity.ts'
import type { ApprovedExit, IntentDocuments } from '../model/intent.ts'
import { compareText } from '../model/order.ts'
import type { Sourced } from '../model/provenance.ts'
import type { Relay } from '../model/relay.ts'
import { bothFamilies } from '../sets/addresses.ts'
import type { Family } from '../sets/cidr.ts'
import { readNamePattern } from '../sets/name-pattern.ts'
import type { Region } from '../sets/region.ts'
import { waysMeantIn } from './declared-exits.ts'
import { directWays, regionTo, relayedWays, trafficToName, type Ways } from './declared-ways.ts'
import type { PossibleView } from './possible-view.ts'
import { nameOf } from './signatures.ts'

/** A proxy or a mesh’s gateway that none of some exits names, with who certainly gets further on the internet by it. */
export interface RelayBesides {
  readonly of: Sourced
  /** Names, sorted. */
  readonly senders: readonly string[]
}

/**
 * Ways out by forwarders that are none of the exits. Those who may send the same directly are left out: for them it is no way
 * more. Where an exit is of a cloud, an address or a tag, what a forwarder sends may go through it, and nothing is claimed.
 */
export const relaysBesides = (
  view: PossibleView,
  exits: readonly ApprovedExit[],
  documents: IntentDocuments,
  hasIpv6: boolean,
): readonly RelayBesides[] => {
  if (!exits.every(isOfClustersAlone)) return []
  const { engine, zones } = view
  const { cluster } = engine
  const forwarders = [...proxyRelays(cluster), ...gatewayRelays(cluster)]
  const relays = [...forwarders, ...serviceRelays(cluster)]
  const waysMeant = waysMeantIn(cluster, relays, documents)
  const named = new Set(exits.flatMap(({ ref }) => waysMeant(ref.name).relays))
  const besides = new Set(forwarders.filter(relay => !named.has(relay)))
  // What goes through a named one is within the decision, so that one is no way here.
  const through =
    besides.size === 0
      ? null
      : throughRelays(
          engine,
          zones,
          relays.filter(relay => !named.has(relay)),
        )
  if (through === null) return []
  const isCarried = carriedBy(view, exits)
  const found = new Map<Relay, Set<string>>()
  for (const { stacks, subjects } of view.signatures) {
    const direct = directWays(view, stacks)
    const known = new Map<NodeGrant, boolean>()
    const isFurther = (one: Reached): boolean => {
      const { grant } = one
      const answer =
        known.get(grant) ??
        (!isCarried(grant) && leadsFurther(view, relayedWays(view, through, [one]), direct, hasIpv6))
      known.set(grant, answer)
      return answer
    }
    for (const subject of subjects) {
      for (const one of through.reached(subject, engine.rowOf(subject), () => true)) {
        const { relay } = one.node
        if (!one.certain || !besides.has(relay) || !isFurther(one)) continue
        found.set(relay, (found.get(relay) ?? new Set()).add(nameOf(subject)))
      }
    }
  }
  return [...found].map(([{ of }, senders]) => ({ of, senders: [...senders].sort(compareText) }))
}

/** Each of its ids is an object of some cluster, and it is nothing else. */
const isOfClustersAlone = ({ ids, names, tags, addresses, faults }: ApprovedExit): boolean =>
  faults.length === 0 &&
  ids.length > 0 &&
  names.length === 0 &&
  tags.size === 0 &&
  bothFamilies.isEmpty(addresses) &&
  ids.every(id => id.split('/').length === ID_PARTS && !CLOUD.test(id))

const ID_PARTS = 4
const CLOUD = /^[a-z]+:/

/** Whether a gateway that is one of the exits may take what a forwarder sends. */
const carriedBy = (
  { engine, zones, gatewaysAreOn }: PossibleView,
  exits: readonly ApprovedExit[],
): ((grant: NodeGrant) => boolean) => {
  const routes = routesIn(engine, gatewaysAreOn)
  return ({ sender }) =>
    sender !== null &&
    routes(sender, {
      to: { kind: 'addresses', zone: 'internet', addresses: zones.internet },
      traffic: engine.table.full,
      verdict: 'allowed',
      enforcement: 'enforced',
    }).some(({ route }) => route !== null && exits.some(({ ids }) => matchesOne(ids, idOf(route.policy.ref))))
}

const leadsFurther = (view: PossibleView, ways: Ways, direct: Ways, hasIpv6: boolean): boolean => {
  const { engine, zones } = view
  const { spaces, table } = engine
  const isFurtherIn = <F extends Family>(
    space: OutsideSpace<F>,
    { must }: { readonly must: Region<F> },
    { plain }: { readonly plain: Region<F> },
  ): boolean => {
    const { regions, algebra } = space
    const internet = regionTo(space, zones.internet, table.full)
    return !algebra.isEmpty(regions.subtract(regions.intersect(must, internet), plain))
  }
  return (
    isFurtherIn(spaces.v4, ways.v4, direct.v4) ||
    (hasIpv6 && isFurtherIn(spaces.v6, ways.v6, direct.v6)) ||
    ways.names.some(({ patterns, certain }) =>
      patterns.some(text => {
        const read = readNamePattern(text)
        return read.kind === 'read' && !table.isSubset(certain, trafficToName(view, direct, read.value).may)
      }),
    )
  )
}
