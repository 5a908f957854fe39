import { type Wanted, within } from '../engine/ask.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import { type Entry, entriesOf } from '../engine/entries.ts'
import { addressesOfTexts } from '../engine/ground.ts'
import { everywhere } from '../engine/names.ts'
import type { Subject } from '../engine/population.ts'
import { idOf } from '../model/identity.ts'
import type { Verdict } from '../model/reach.ts'
import type { Service } from '../model/service.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Possible } from './possible.ts'
import type { Question } from './target.ts'

/** The regions of the sender's row that the question falls into. */
export const partsOf = (possible: Possible, subject: Subject, question: Question): readonly Entry[] => {
  const { engine, zones } = possible
  const row = engine.rowOf(subject)
  const entries = entriesOf(engine, subject, row, zones)
  const traffic = engine.table.idOf(question.traffic)
  const parts = entries.flatMap(
    entry => within(engine, entry, { ...wantedBy(possible, subject, question), traffic }) ?? [],
  )
  if (question.target.kind !== 'name') return parts
  return nameParts(possible, subject, question.target.name, parts, traffic)
}

const NOTHING: Omit<Wanted, 'traffic' | 'members'> = {
  addresses: bothFamilies.empty,
  ownNode: false,
  otherNode: false,
  apiserver: false,
  services: [],
  name: null,
}

/** The nodes that a question is about, by name; empty where it is about none, or about all. */
export const nodesAskedFor = (
  { engine: { cluster, population } }: Possible,
  { target }: Question,
): readonly string[] => {
  switch (target.kind) {
    case 'node':
      return target.cluster === cluster.name ? [target.name] : []
    case 'workload': {
      const pods = target.pod === null ? target.workload.pods : [target.pod]
      const isOnHost = population.subjects.some(
        ({ workload, identity }) => workload === target.workload && identity === null,
      )
      const names = pods.flatMap(({ node }) => node ?? [])
      return isOnHost && names.length === pods.length ? [...new Set(names)] : []
    }
    case 'addresses': {
      const holds = (texts: readonly string[]): boolean =>
        !bothFamilies.isEmpty(bothFamilies.intersect(addressesOfTexts(texts), target.addresses))
      return cluster.nodes.flatMap(({ ref, internalAddresses, externalAddresses }) =>
        holds([...internalAddresses, ...externalAddresses]) ? [ref.name] : [],
      )
    }
    default:
      return []
  }
}

/** Where a question points, as parts of a row. */
export const wantedBy = ({ engine }: Possible, subject: Subject, { target }: Question): Omit<Wanted, 'traffic'> => {
  const { selection, population, cluster, ground } = engine
  const nothing = { ...NOTHING, members: selection.bits.empty }
  switch (target.kind) {
    case 'addresses': {
      const holds = (texts: readonly string[]): boolean =>
        !bothFamilies.isEmpty(bothFamilies.intersect(addressesOfTexts(texts), target.addresses))
      // An address of the API server is that first, though it may be a node's as well.
      const isApiserver = !bothFamilies.isEmpty(bothFamilies.intersect(ground.apiserver, target.addresses))
      const others = bothFamilies.subtract(target.addresses, ground.apiserver)
      const nodes = cluster.nodes.filter(
        ({ internalAddresses, externalAddresses }) =>
          !bothFamilies.isEmpty(
            bothFamilies.intersect(addressesOfTexts([...internalAddresses, ...externalAddresses]), others),
          ),
      )
      return {
        ...nothing,
        addresses: target.addresses,
        members: selection.bits.of(
          population.identities.filter(identity => holds(identity.addresses)).map(identity => identity.number),
        ),
        ...nodesWanted(
          subject,
          nodes.map(node => node.ref.name),
        ),
        apiserver: isApiserver,
        services: cluster.services.filter(({ clusterIPs, externalIPs, loadBalancerAddresses }) =>
          holds([...clusterIPs, ...externalIPs, ...loadBalancerAddresses]),
        ),
      }
    }
    case 'workload': {
      const { workload, pod } = target
      const subjects = population.subjects.filter(
        one => one.workload === workload && (pod === null || one.pods.some(({ ref }) => idOf(ref) === idOf(pod.ref))),
      )
      const members = subjects.flatMap(({ identity }) => identity ?? [])
      const onHost = subjects.filter(({ identity }) => identity === null)
      return {
        ...nothing,
        members: selection.bits.of(members),
        ...(onHost.length === 0
          ? {}
          : nodesWanted(
              subject,
              (pod === null ? onHost.flatMap(({ pods }) => pods) : [pod]).flatMap(one => one.node ?? []),
            )),
      }
    }
    case 'service': {
      const { service } = target
      // A headless Service is a name for its pods: they are asked, at the port that was asked for.
      return service.headless && service.selector !== null
        ? { ...nothing, members: selection.bits.of(membersBehind(engine, service)) }
        : { ...nothing, services: [service] }
    }
    case 'node':
      return target.cluster === cluster.name ? { ...nothing, ...nodesWanted(subject, [target.name]) } : nothing
    case 'name': {
      const service = serviceOfName(engine, target.name)
      return service === null ? { ...nothing, name: target.name } : { ...nothing, services: [service] }
    }
  }
}

const membersBehind = ({ population }: ClusterEngine, { namespace, selector }: Service): readonly number[] =>
  population.subjects.flatMap(({ workload, shape, identity }) =>
    identity !== null &&
    workload.namespace === namespace &&
    [...(selector ?? [])].every(([key, value]) => shape.labels.get(key) === value)
      ? [identity]
      : [],
  )

/** Nodes as the sender sees them: its own, or another; either where its place is not known. */
const nodesWanted = (
  { pods }: Subject,
  names: readonly string[],
): { readonly ownNode: boolean; readonly otherNode: boolean } => {
  const own = new Set(pods.flatMap(pod => pod.node ?? []))
  return {
    ownNode: names.some(name => own.size === 0 || own.has(name)),
    otherNode: names.some(name => own.size !== 1 || !own.has(name)),
  }
}

/** `web.shop.svc.cluster.local`, and its forms without the cluster's domain. */
const serviceOfName = ({ cluster }: ClusterEngine, name: string) => {
  const [service, namespace, svc, ...domain] = name.split('.')
  const isOwn = svc === 'svc' && (domain.length === 0 || domain.join('.') === 'cluster.local')
  return isOwn || (svc === undefined && namespace !== undefined && cluster.namespaces.has(namespace))
    ? (cluster.services.find(one => one.ref.name === service && one.namespace === namespace) ?? null)
    : null
}

/**
 * A name stands for whatever it resolves to: an address that the pod itself pins to it, or else any. What a rule about names
 * allows is certain, and so is what the whole internet agrees on; whatever any address outside might let pass is open.
 */
const nameParts = (
  possible: Possible,
  subject: Subject,
  name: string,
  ruled: readonly Entry[],
  traffic: Wanted['traffic'],
): readonly Entry[] => {
  const { engine, zones } = possible
  const { table, spaces } = engine
  if (ruled.some(entry => entry.to.kind === 'service')) return ruled
  const allowed = ruled.filter(entry => entry.verdict === 'allowed')
  const rest = table.subtract(traffic, allowed.map(entry => entry.traffic).reduce(table.union, table.empty))
  const pinned = subject.shape.hostAliases.filter(alias => alias.hostnames.includes(name)).map(alias => alias.ip)
  if (pinned.length > 0) {
    const wanted = {
      ...NOTHING,
      members: engine.selection.bits.empty,
      addresses: addressesOfTexts(pinned),
      traffic: rest,
    }
    const there = entriesOf(engine, subject, engine.rowOf(subject), zones).flatMap(
      entry => within(engine, entry, wanted) ?? [],
    )
    return [...allowed, ...there]
  }
  const likely = zones.internet
  const anywhere = NAMED_ZONES.map(zone => zones[zone]).reduce(bothFamilies.union)
  const stacks = engine.stacksOf(subject, 'egress')
  const both = (pick: 'must' | 'may', of: Addresses): Wanted['traffic'] => {
    const join = pick === 'may' ? table.union : table.intersect
    const families = [
      ...(addresses4.isEmpty(of.v4) ? [] : [everywhere(spaces.v4, stacks, of, table)[pick]]),
      ...(addresses6.isEmpty(of.v6) ? [] : [everywhere(spaces.v6, stacks, of, table)[pick]]),
    ]
    return families.length === 0 ? table.empty : families.reduce(join)
  }
  const must = both('must', likely)
  const may = both('may', anywhere)
  const part = (id: Wanted['traffic'], verdict: Verdict, addresses: Addresses): readonly Entry[] =>
    id === table.empty
      ? []
      : [
          {
            to: { kind: 'addresses', zone: 'internet', addresses },
            traffic: id,
            verdict,
            enforcement: verdict === 'unknown' ? 'unknown' : 'enforced',
          },
        ]
  return [
    ...allowed,
    ...part(table.intersect(rest, must), 'allowed', likely),
    ...part(table.subtract(table.intersect(rest, may), must), 'unknown', anywhere),
    ...part(table.subtract(rest, table.union(must, may)), 'denied', likely),
  ]
}

/** Where the address of a name may lie. */
const NAMED_ZONES = ['internet', 'network', 'peer-network', 'on-premises', 'private'] as const
