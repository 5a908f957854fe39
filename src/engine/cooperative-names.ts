import type { MeshDetour, MeshGrant, MeshView } from '../model/mesh.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { type NamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { nameSets } from '../sets/name-set.ts'
import { TCP } from '../sets/protocol.ts'
import { protocolTraffic } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { MeshWord } from './cooperative.ts'

const names = nameSets()

/** A part of what is sent to names, by what a proxy beside the sender makes of it. */
export interface NamePart {
  readonly patterns: readonly string[]
  readonly traffic: TrafficId
  readonly word: MeshWord
  /** It goes through a gateway of the mesh instead of directly. */
  readonly detour: MeshDetour | null
}

/**
 * By name a proxy can tell more than by address: a host that its registry has is passed on. A host that it has not is refused,
 * unless something else passes on that port wherever it goes. \`places\`: where the names may lie.
 */
export const namePartsOf = (
  table: TrafficTable,
  view: MeshView,
  places: Addresses,
  patterns: readonly string[],
  traffic: TrafficId,
): readonly NamePart[] => {
  const groups = new Map<MeshDetour | null, string[]>()
  const parts: NamePart[] = []
  for (const pattern of patterns) {
    const first =
      view.detours.find(
        detour => covers(detour.names, pattern) && table.intersect(traffic, table.idOf(detour.traffic)) !== table.empty,
      ) ?? null
    groups.set(first, [...(groups.get(first) ?? []), pattern])
  }
  for (const [detour, some] of groups) {
    const words = wordsOn(table, view, places, some.flatMap(patternOf), traffic)
    const redirected =
      detour === null
        ? table.empty
        : table.subtract(table.intersect(traffic, table.idOf(detour.traffic)), gapsOf(table, view, places, 'maybe'))
    const put = (id: TrafficId, word: MeshWord, way: MeshDetour | null): void => {
      if (id !== table.empty) parts.push({ patterns: some, traffic: id, word, detour: way })
    }
    put(redirected, 'passed', detour)
    for (const word of ['refused', 'open', 'passed'] as const) put(table.subtract(words[word], redirected), word, null)
  }
  return parts
}

/** The same for a row, which does not tell apart what passes and what may: that is one part, open if any of it is. */
export const rowPartsOf = (table: TrafficTable, parts: readonly NamePart[]): readonly NamePart[] => {
  const found = new Map<string, NamePart>()
  const byPatterns = Map.groupBy(parts, ({ patterns, word, detour }) => {
    const what = detour === null ? (word === 'refused' ? 'refused' : 'left') : detour.through.id
    return JSON.stringify([patterns, what])
  })
  for (const same of byPatterns.values()) {
    const [first] = same as [NamePart, ...NamePart[]]
    const traffic = same.map(part => part.traffic).reduce(table.union)
    const word = same.some(part => part.word === 'open') ? 'open' : first.word
    const key = JSON.stringify([traffic, word === 'refused', first.detour?.through.id ?? null])
    const before = found.get(key)
    found.set(key, {
      patterns: [...(before?.patterns ?? []), ...first.patterns].sort(),
      traffic,
      word: before?.word === 'open' ? 'open' : word,
      detour: first.detour,
    })
  }
  return [...found.values()]
}

const wordsOn = (
  table: TrafficTable,
  view: MeshView,
  places: Addresses,
  patterns: readonly NamePattern[],
  traffic: TrafficId,
): Readonly<Record<MeshWord, TrafficId>> => {
  if (view.otherwise === 'passed') return { refused: table.empty, open: table.empty, passed: traffic }
  const union = (grants: readonly MeshGrant[]): TrafficId =>
    grants.map(grant => table.idOf(grant.traffic)).reduce(table.union, table.empty)
  const captured = table.intersect(traffic, table.idOf(protocolTraffic(TCP)))
  const may = union(view.grants.filter(grant => grant.holds !== 'resolved' || mayMean(grant, patterns)))
  const must = union(
    view.grants.filter(
      grant =>
        (grant.names !== null && patterns.every(pattern => coversPattern(grant.names ?? [], pattern))) ||
        (grant.holds === 'certainly' && bothFamilies.isSubset(places, grant.addresses)),
    ),
  )
  const rest = table.subtract(captured, table.union(must, gapsOf(table, view, places, 'certainly')))
  const refused =
    view.otherwise === 'unknown'
      ? table.empty
      : table.subtract(captured, table.union(may, gapsOf(table, view, places, 'maybe')))
  return { refused, open: table.subtract(rest, refused), passed: table.subtract(traffic, rest) }
}

/** Traffic that is not captured toward all of the places, or toward some. */
const gapsOf = (table: TrafficTable, { gaps }: MeshView, places: Addresses, how: 'certainly' | 'maybe'): TrafficId =>
  gaps
    .filter(({ addresses, doubt }) =>
      how === 'certainly'
        ? doubt === null && bothFamilies.isSubset(places, addresses)
        : !bothFamilies.isEmpty(bothFamilies.intersect(places, addresses)),
    )
    .map(({ traffic }) => table.idOf(traffic))
    .reduce(table.union, table.empty)

/** Whether the names of a grant are known to hold all of the patterns. */
export const knows = ({ names: own }: MeshGrant, patterns: readonly string[]): boolean =>
  own !== null && patterns.every(pattern => covers(own, pattern))

const mayMean = ({ names: own }: MeshGrant, patterns: readonly NamePattern[]): boolean =>
  own === null || names.isEmpty(names.intersect(names.ofPatterns(own), names.ofPatterns(patterns))) !== 'yes'

const covers = (own: readonly NamePattern[], pattern: string): boolean =>
  patternOf(pattern).some(one => coversPattern(own, one))

const coversPattern = (own: readonly NamePattern[], pattern: NamePattern): boolean =>
  names.isSubset(names.ofPatterns([pattern]), names.ofPatterns(own)) === 'yes'

const patternOf = (text: string): readonly NamePattern[] => {
  const read = readNamePattern(text)
  return read.kind === 'read' ? [read.value] : []
}
