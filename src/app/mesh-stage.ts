import {
  type CooperativeRegions,
  cooperativeRegions,
  cutByMesh,
  type MeshWord,
  meshWordOn,
  saysSomething,
} from '../engine/cooperative.ts'
import { namePartsOf, rowPartsOf } from '../engine/cooperative-names.ts'
import type { Entry } from '../engine/entries.ts'
import type { Subject } from '../engine/population.ts'
import { meshViewsOf } from '../inventory/mesh-view.ts'
import type { MeshView } from '../model/mesh.ts'
import type { Exit, ReachEntry, WayHop } from '../model/reach.ts'
import { addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { readAddress } from '../sets/cidr.ts'
import type { LoadedEstate } from './load.ts'
import { meshWordsIn } from './mesh-words.ts'
import type { Possible, PossibleOptions } from './possible.ts'
import type { Reasons } from './reasons.ts'

/** A region with what the mesh makes of it. */
export interface MeshPart {
  readonly entry: Entry
  /** The level at which policies let it out: their reasons are those of this level. */
  readonly as: Entry['enforcement']
  /** null: nothing of a mesh is asked, and nothing changes. */
  readonly told: MeshTold | null
}

export interface MeshTold {
  readonly word: MeshWord
  readonly reasons: Reasons
  /** A gateway of the mesh through which it leaves. */
  readonly through: WayHop | null
}

export interface MeshStage {
  /** Rows with different keys may differ by the mesh; empty where it changes nothing. */
  readonly keyOf: (subject: Subject) => string
  /** Regions of a row: what the mesh refuses or sends elsewhere stands apart. */
  readonly inRow: (subject: Subject, entries: readonly Entry[]) => readonly MeshPart[]
  /** Regions of a question, each with what the mesh says; \`name\`: the name that was asked for, else null. */
  readonly inQuestion: (subject: Subject, entries: readonly Entry[], name: string | null) => readonly MeshPart[]
}

/** `compat`: a tool that knows of no mesh is followed in that. */
export const meshStageIn = (
  { engine, zones }: Possible,
  lineOf: LoadedEstate['lineOf'],
  compat: PossibleOptions['compat'],
): MeshStage => {
  const { spaces, table, cluster } = engine
  const viewOf: (subject: Subject) => MeshView | null = compat === null ? meshViewsOf(cluster) : () => null
  const words = meshWordsIn(table, lineOf)
  const regions = new WeakMap<MeshView, CooperativeRegions>()
  const regionsOf = (view: MeshView): CooperativeRegions => {
    const made = regions.get(view) ?? cooperativeRegions(spaces, table, view)
    regions.set(view, made)
    return made
  }
  const hasV6 = clusterSendsV6(cluster.pods)
  const places: Addresses = hasV6 ? bothFamilies.full : { ...bothFamilies.full, v6: addresses6.empty }
  const inRow: MeshStage['inRow'] = (subject, entries) => {
    const view = viewOf(subject)
    if (view === null || !saysSomething(view)) return entries.map(untold)
    const own = regionsOf(view)
    return cutByMesh(spaces, zones, own, entries).flatMap(({ entry, as }): readonly MeshPart[] => {
      const { to } = entry
      if (to.kind === 'names') return inNames(view, entry, to.patterns, true)
      if (to.kind !== 'addresses' || entry.verdict !== 'allowed') return [untold(entry)]
      if (entry.enforcement === 'cooperative')
        return [{ entry, as, told: { word: 'refused', reasons: words.refused(view), through: null } }]
      const word = meshWordOn(spaces, own, { addresses: to.addresses, traffic: entry.traffic })
      return [
        word === 'open'
          ? { entry, as, told: { word, reasons: words.open(view, to.addresses, entry.traffic), through: null } }
          : { entry, as, told: null },
      ]
    })
  }
  /** `inRows`: what passes and what is open differ in nothing that a row tells apart, and stay one. */
  const inNames = (view: MeshView, entry: Entry, patterns: readonly string[], inRows: boolean): readonly MeshPart[] => {
    const parts = namePartsOf(table, view, places, patterns, entry.traffic)
    const kept = inRows ? rowPartsOf(table, parts) : parts
    return kept.map(({ patterns: some, traffic, word, detour }): MeshPart => {
      const to = entry.to.kind === 'names' && some.length < patterns.length ? { ...entry.to, patterns: some } : entry.to
      const isAllowed = entry.verdict === 'allowed'
      const isTaken = isAllowed && (word === 'refused' || detour !== null)
      const part: Entry = { ...entry, to, traffic, enforcement: isTaken ? 'cooperative' : entry.enforcement }
      const through = detour === null ? null : { hop: detour.through.hop, id: detour.through.id }
      const reasons =
        detour !== null
          ? words.detour(view, detour)
          : word === 'refused'
            ? words.refused(view)
            : words.named(view, some, places, traffic, word)
      const isTold = !inRows || (isAllowed && (isTaken || word === 'open'))
      return { entry: part, as: entry.enforcement, told: isTold ? { word, reasons, through } : null }
    })
  }
  const inQuestion: MeshStage['inQuestion'] = (subject, entries, name) => {
    const view = viewOf(subject)
    if (view === null) return entries.map(untold)
    return entries.flatMap((entry): readonly MeshPart[] => {
      const { to } = entry
      if (to.kind === 'names' || (to.kind === 'addresses' && name !== null))
        return inNames(view, entry, to.kind === 'names' && name === null ? to.patterns : [name ?? ''], false)
      if (to.kind !== 'addresses') return [untold(entry)]
      const own = regionsOf(view)
      return cutByMesh(spaces, zones, own, [entry]).map(({ entry: part, as }): MeshPart => {
        const asked = {
          addresses: part.to.kind === 'addresses' ? part.to.addresses : to.addresses,
          traffic: part.traffic,
        }
        const word = meshWordOn(spaces, own, asked)
        const reasons =
          word === 'refused'
            ? words.refused(view)
            : word === 'open'
              ? words.open(view, asked.addresses, asked.traffic)
              : words.passed(view, asked.addresses, asked.traffic)
        return { entry: part, as, told: { word, reasons, through: null } }
      })
    })
  }
  return {
    keyOf: subject => {
      const view = viewOf(subject)
      return view !== null && saysSomething(view) ? view.key : ''
    },
    inRow,
    inQuestion,
  }
}

const untold = (entry: Entry): MeshPart => ({ entry, as: entry.enforcement, told: null })

/** The way out of a part that a gateway of the mesh takes. */
export const throughMesh = (entry: ReachEntry, told: MeshTold | null): ReachEntry => {
  if (told === null || told.through === null) return entry
  const exit: Exit = { kind: 'egress-gateway', id: told.through.id, sourceAddresses: [] }
  return { ...entry, path: [...entry.path, told.through], exit }
}

/** Where no pod has an address yet, either family may be. */
const clusterSendsV6 = (pods: readonly { readonly addresses: readonly string[] }[]): boolean => {
  const addresses = pods.flatMap(pod => pod.addresses)
  return (
    addresses.length === 0 ||
    addresses.some(text => {
      const read = readAddress(text)
      return read.kind === 'read' && read.value.family === 6
    })
  )
}
