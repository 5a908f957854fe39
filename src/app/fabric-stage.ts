import { createHash } from 'node:crypto'
import type { Entry } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import { keepsInterfaceAddress, ownAddressOf } from '../inventory/own-address.ts'
import { compareText } from '../model/order.ts'
import type { Unknown } from '../model/reach.ts'
import type { Pod } from '../model/workload.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { printAddress } from '../sets/cidr.ts'
import { NO_FABRIC } from './entry-writer.ts'
import { fabricCutIn, type PartWithWay } from './fabric-cut.ts'
import { type PodSites, type Site, sitesIn } from './fabric-sites.ts'
import { type Both, type FabricWays, fabricWaysIn } from './fabric-ways.ts'
import type { LoadedEstate } from './load.ts'
import type { Possible, PossibleOptions } from './possible.ts'

/** Pods of a subject whose packets leave the same way, and what becomes of them. */
export interface FabricPlace {
  /** The subject with its pods here. */
  readonly subject: Subject
  /** The subject's own, and what tells this place from its others; null where neither has to be told. */
  readonly variant: string | null
  /** Rows with different keys may differ by the network. */
  readonly key: string
  /** Parts of a region, each with the way that it takes. */
  readonly cut: (entry: Entry) => readonly PartWithWay[]
}

/** The places of a subject. Without a document of a network, one of which nothing is known. */
export type FabricStage = (subject: Subject) => readonly FabricPlace[]

/** `compat`: a tool that knows of no network is followed in that. */
export const fabricStageIn = (
  { estate: { fabric } }: LoadedEstate,
  { engine, zones }: Possible,
  compat: PossibleOptions['compat'],
): FabricStage => {
  if (fabric.interfaces.length === 0 || compat !== null) return subject => [nowhere(subject, NO_FABRIC)]
  const { table, cluster, population } = engine
  const sitesOf = sitesIn(fabric, cluster, population.subjects)
  const ways = { 4: fabricWaysIn(fabric, 4, table), 6: fabricWaysIn(fabric, 6, table) }
  const cutBy = fabricCutIn(table, zones, ways)
  const sites = new Map<string, Both>()
  const fromSite = ({ key, sender }: Site): Both => {
    const known = sites.get(key)
    if (known !== undefined) return known
    const start = { kind: 'interface', of: sender } as const
    const made = { 4: ways[4].from(start), 6: ways[6].from(start) }
    sites.set(key, made)
    return made
  }
  const settings = ownAddressOf(cluster)
  const keepsOwn = keepsInterfaceAddress(cluster)
  const eitherOf = (a: Both, b: Both): Both => ({
    4: ways[4].either(a[4], b[4], BY_ADDRESS),
    6: ways[6].either(a[6], b[6], BY_ADDRESS),
  })
  const fromOwn = (node: Both, own: Both, isOnNode: boolean): Both => {
    if (!isOnNode && keepsOwn === true) return own
    if (settings === null || (!isOnNode && keepsOwn === null)) return eitherOf(node, own)
    if (settings.kind === 'kept') return own
    const kept = bothFamilies.union(cluster.around.network, settings.more)
    return { 4: ways[4].split(kept.v4, own[4], node[4]), 6: own[6] }
  }
  const bySites = new Map<string, Outcomes>()
  const fromPod = ({ node, own, isOnNode }: PodSites): Outcomes => {
    const key = JSON.stringify([isOnNode, node.key, ...own.map(site => site.key)])
    const known = bySites.get(key)
    if (known !== undefined) return known
    const [first, ...more] = own.map(fromSite)
    const theirs = more.reduce<Both | undefined>((all, one) => (all === undefined ? one : eitherOf(all, one)), first)
    const both = theirs === undefined ? fromSite(node) : fromOwn(fromSite(node), theirs, isOnNode)
    const made = { key, both, outcome: hashed(`${ways[4].keyOf(both[4])} ${ways[6].keyOf(both[6])}`) }
    bySites.set(key, made)
    return made
  }
  const joined = new Map<string, Both>()
  const together = (all: readonly Outcomes[]): { readonly key: string; readonly both: Both } => {
    const distinct = [...new Map(all.map(one => [one.key, one])).values()].sort((a, b) => compareText(a.key, b.key))
    const key = hashed(distinct.map(one => one.key).join(' '))
    const both = joined.get(key) ?? jointly(ways, distinct)
    joined.set(key, both)
    return { key, both }
  }
  const zoneOf = new Map(fabric.subnets.map(({ id, zone }) => [id, zone]))
  // Subjects that share a region and a place share what becomes of it.
  const cutsByPlace = new Map<string, WeakMap<Entry, readonly PartWithWay[]>>()
  const placeFor = (subject: Subject, pods: readonly Pod[], entered: readonly PodSites[]): FabricPlace => {
    const { key, both } = together(entered.map(fromPod))
    const own = new Set(
      entered.flatMap(({ interfaces }) =>
        interfaces.flatMap(({ addresses, publicAddresses }) =>
          [...addresses, ...publicAddresses.map(({ seenAs }) => seenAs)].map(printAddress),
        ),
      ),
    )
    const ownKey = hashed(`${key} ${[...own].sort(compareText).join(' ')}`)
    const cuts = cutsByPlace.get(ownKey) ?? new WeakMap<Entry, readonly PartWithWay[]>()
    cutsByPlace.set(ownKey, cuts)
    return {
      subject: pods.length === subject.pods.length ? subject : { ...subject, pods },
      variant: subject.variant,
      key: ownKey,
      cut: entry => {
        const known = cuts.get(entry)
        if (known !== undefined) return known
        const made = cutBy(both, own, entry)
        cuts.set(entry, made)
        return made
      },
    }
  }
  return subject => {
    const groups = Map.groupBy(subject.pods, pod => {
      const entered = sitesOf(pod)
      return entered === null ? '' : fromPod(entered).outcome
    })
    if (groups.size === 0) return [nowhere(subject, UNJOINED)]
    const places = [...groups].map(([outcome, pods]) => {
      const entered = pods.flatMap(pod => sitesOf(pod) ?? [])
      const at = entered.map(({ node }) => zoneOf.get(node.sender.subnet) ?? '')
      const place = outcome === '' ? nowhere({ ...subject, pods }, UNJOINED) : placeFor(subject, pods, entered)
      return {
        place,
        zones: [...new Set(at)].sort(compareText),
        nodes: [...new Set(pods.flatMap(one => one.node ?? []))],
      }
    })
    const all = places.flatMap(one => one.zones)
    const zonesTell = places.every(one => one.zones.length > 0) && new Set(all).size === all.length && !all.includes('')
    const told = places.map(({ place, zones: in_, nodes }) => ({
      ...place,
      variant:
        places.length === 1 ? subject.variant : joinedNames(subject.variant, zonesTell ? in_.join(', ') : named(nodes)),
    }))
    return told.sort((a, b) => compareText(a.variant ?? '', b.variant ?? ''))
  }
}

interface Outcomes {
  readonly key: string
  readonly both: Both
  readonly outcome: string
}

const jointly = (ways: { readonly 4: FabricWays<4>; readonly 6: FabricWays<6> }, all: readonly Outcomes[]): Both => ({
  4: ways[4].together(all.map(({ both }) => both[4])),
  6: ways[6].together(all.map(({ both }) => both[6])),
})

const joinedNames = (variant: string | null, place: string): string =>
  variant === null ? place : `${variant}, ${place}`

/** For packets that never leave the pod. */
export const atHome = (subject: Subject): FabricPlace => ({
  subject,
  variant: subject.variant,
  key: '',
  cut: entry => [{ entry, way: null }],
})

const nowhere = (subject: Subject, unsaid: Unknown): FabricPlace => ({
  ...atHome(subject),
  cut: entry => [{ entry, way: { unsaid } }],
})

const named = (nodes: readonly string[]): string =>
  nodes.length > 3 ? `on ${nodes[0]} and ${nodes.length - 1} more` : `on ${nodes.join(', ') || 'no node'}`

const hashed = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

const UNJOINED: Unknown = {
  stage: 'fabric',
  why: 'not assessed: no document joins the nodes of its pods with the network that was read',
  settledBy: 'the Node documents, and the interfaces of the machines',
}

const BY_ADDRESS: Unknown = {
  stage: 'fabric',
  why: 'whether the pod’s own address is exchanged for its node’s is not known, and the two go different ways',
  settledBy: 'the settings of masquerading',
}
