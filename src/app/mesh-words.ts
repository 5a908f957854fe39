import { passesThere } from '../engine/cooperative.ts'
import { knows } from '../engine/cooperative-names.ts'
import type { MeshDetour, MeshReason, MeshView } from '../model/mesh.ts'
import type { Because, Unknown } from '../model/reach.ts'
import type { Doubt } from '../model/rule.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { meetTraffic, type Traffic } from '../sets/traffic.ts'
import type { TrafficId, TrafficTable } from '../sets/traffic-table.ts'
import type { LoadedEstate } from './load.ts'
import type { Reasons } from './reasons.ts'
import { placeWords } from './rule-words.ts'

/** What a mesh does to a region, in words, with the places of its documents. */
export const meshWordsIn = (table: TrafficTable, lineOf: LoadedEstate['lineOf']) => {
  const worded = new WeakMap<MeshReason, Because>()
  const wordOf = (reason: MeshReason): Because => {
    const before = worded.get(reason)
    if (before !== undefined) return before
    const { of, at, says } = reason
    const made: Because =
      of === null
        ? { kind: 'profile', object: null, file: null, line: null, rule: null, says }
        : placeWords(of, at, says, lineOf)
    worded.set(reason, made)
    return made
  }
  const asked = new WeakMap<Doubt, Unknown>()
  const openOf = (doubt: Doubt): Unknown => {
    const made = asked.get(doubt) ?? { stage: 'mesh', why: doubt.why, settledBy: doubt.settledBy }
    asked.set(doubt, made)
    return made
  }
  const refusals = new WeakMap<MeshView, Reasons>()
  /** The way past it stands beside what refuses: it is refused by consent. */
  const refused = (view: MeshView): Reasons => {
    const made = refusals.get(view) ?? {
      because: [
        ...view.because.map(wordOf),
        COOPERATIVE,
        ...view.around.map(wordOf),
        ...view.gaps.filter(({ doubt }) => doubt === null).map(({ because }) => wordOf(because)),
      ],
      unknowns: [],
    }
    refusals.set(view, made)
    return made
  }
  const touching = (addresses: Addresses, id: TrafficId) => {
    const traffic = table.trafficOf(id)
    return (part: { readonly addresses: Addresses; readonly traffic: Traffic }): boolean =>
      meetTraffic(part.traffic, traffic) && !bothFamilies.isEmpty(bothFamilies.intersect(part.addresses, addresses))
  }
  /** Why nobody can tell: what is not read, what may be captured or not, and names whose addresses no document says. */
  const open = (view: MeshView, addresses: Addresses, traffic: TrafficId): Reasons => {
    const touches = touching(addresses, traffic)
    const doubts = [
      ...view.doubts,
      ...view.gaps.flatMap(gap => (gap.doubt !== null && touches(gap) ? [gap.doubt] : [])),
    ]
    const byName = view.grants
      .filter(grant => grant.holds === 'resolved' && touches(grant))
      .map(({ because }) => because)
    const byVersion = view.grants
      .filter(grant => grant.holds === 'by-version' && touches(grant))
      .map(({ because }) => because)
    const parts = [...byVersion, ...byName]
    const told = parts.slice(0, MOST_TOLD)
    const more = parts.length - told.length
    return {
      because: [
        ...view.because.map(wordOf),
        ...told.map(wordOf),
        ...(more > 0
          ? [wordOf({ of: null, at: [], says: `${more} more entries of the registry have a part in it` })]
          : []),
      ],
      unknowns: [
        ...[...new Set(doubts)].map(openOf),
        ...(byVersion.length > 0 ? [BY_VERSION] : []),
        ...(byName.length > 0 ? [RESOLVED] : []),
      ],
    }
  }
  const passed = (view: MeshView, addresses: Addresses, traffic: TrafficId): Reasons => {
    const touches = touching(addresses, traffic)
    const past = view.gaps.filter(gap => gap.doubt === null && touches(gap)).map(({ because }) => because)
    const known = view.grants.filter(grant => passesThere(grant) && touches(grant)).map(({ because }) => because)
    const reasons = past.length > 0 ? past : view.otherwise === 'passed' ? view.because : known.slice(0, MOST_TOLD)
    return { because: reasons.length > 0 ? reasons.map(wordOf) : [NOT_CAPTURED], unknowns: [] }
  }
  /** The same of names: what the registry says of them, or of others on the same ports. */
  const named = (
    view: MeshView,
    patterns: readonly string[],
    places: Addresses,
    id: TrafficId,
    word: 'open' | 'passed',
  ): Reasons => {
    if (view.otherwise === 'passed') return passed(view, places, id)
    const traffic = table.trafficOf(id)
    const there = view.grants.filter(grant => meetTraffic(grant.traffic, traffic))
    const own = there.filter(grant => knows(grant, patterns))
    if (word === 'passed') {
      const past = view.gaps.filter(gap => gap.doubt === null && meetTraffic(gap.traffic, traffic))
      const told = (own.length > 0 ? own : past).map(({ because }) => wordOf(because)).slice(0, MOST_TOLD)
      return { because: told.length > 0 ? told : [NOT_CAPTURED], unknowns: [] }
    }
    const gaps = view.gaps.flatMap(gap =>
      meetTraffic(gap.traffic, traffic) && !bothFamilies.isEmpty(bothFamilies.intersect(places, gap.addresses))
        ? [gap]
        : [],
    )
    const others = there.filter(grant => !own.includes(grant) && grant.holds !== 'resolved')
    const doubts = [...view.doubts, ...gaps.flatMap(({ doubt }) => doubt ?? [])]
    const byVersion = others.some(({ holds }) => holds === 'by-version') ? [BY_VERSION] : []
    return {
      because: [...view.because, ...[...others, ...gaps].map(({ because }) => because).slice(0, MOST_TOLD)].map(wordOf),
      unknowns:
        others.length + gaps.length + doubts.length === 0
          ? [RESOLVED]
          : [...new Set(doubts)]
              .map(openOf)
              .concat(byVersion)
              .concat(others.length > 0 ? [OTHER_NAMES] : gaps.length > 0 ? [SOME_PLACES] : []),
    }
  }
  const detour = (view: MeshView, { because }: MeshDetour): Reasons => ({
    because: [...because.map(wordOf), DIRECT, ...view.around.map(wordOf)],
    unknowns: [],
  })
  return { refused, open, passed, named, detour }
}

/** Of the entries that may let a region pass, as many are told. */
const MOST_TOLD = 5

const PRODUCT = { kind: 'profile', object: null, file: null, line: null, rule: null } as const

const COOPERATIVE: Because = {
  ...PRODUCT,
  says: 'the mesh refuses it, and that is cooperative: nothing but the proxy beside the pod holds it back',
}
const DIRECT: Because = {
  ...PRODUCT,
  says: 'the direct way stays possible past the proxy: only a policy closes it',
}
const NOT_CAPTURED: Because = { ...PRODUCT, says: 'the mesh captures TCP and nothing else' }

const OTHER_NAMES: Unknown = {
  stage: 'mesh',
  why: 'the registry does not know the name, and what it knows on this port passes wherever it goes: the sender says which name it is',
  settledBy: 'entries of the registry that resolve their hosts',
}
const SOME_PLACES: Unknown = {
  stage: 'mesh',
  why: 'some addresses are reached past the sidecar, and which the name has is not known',
  settledBy: 'the addresses of the name',
}
const BY_VERSION: Unknown = {
  stage: 'mesh',
  why: 'an entry that resolves nothing names another target port: the proxy connects to it since Istio 1.22, and before to the port that was asked for',
  settledBy: 'the version of the control plane, and its `ENABLE_RESOLUTION_NONE_TARGET_PORT`',
}
const RESOLVED: Unknown = {
  stage: 'mesh',
  why: 'the proxy passes it on only where a host that its registry knows resolves to it',
  settledBy: 'the addresses of these hosts',
}
