import type { Grant } from '../inventory/access.ts'
import type { HostUse } from '../inventory/host-privilege.ts'
import type { Cluster, Estate } from '../model/cluster.ts'
import type { Family, Hop, Severity } from '../model/finding.ts'
import type { ClusterInventory, HostPrivilegedWorkload } from '../model/inventory.ts'
import type { DocumentPath, Sourced } from '../model/provenance.ts'
import type { PossibleView } from './possible-view.ts'

/** What a page tells of a check, whatever it looks at. */
export interface CheckTexts {
  readonly id: `PST-${Family}${number}`
  readonly title: string
  /** The usual severity; a hit may say another. */
  readonly severity: Severity
  /** Why it matters: two sentences for somebody who has not met it yet. */
  readonly why: string
  /** The change in general; each hit names the object and the change. */
  readonly remedy: string
  readonly references: readonly string[]
}

/**
 * A check looks at one cluster and says what is wrong there. It is pure, and it never reports what it cannot know: a
 * resource that was not read (`cluster.unread`) makes it silent, and the gap itself stands in the coverage.
 */
export interface Check extends CheckTexts {
  readonly run: (view: ClusterView) => Iterable<Hit>
}

export interface ClusterView {
  readonly estate: Estate
  readonly cluster: Cluster
  /** `2026-11-20`: what expires is judged by the day. */
  readonly today: string
  readonly inventory: ClusterInventory
  readonly uses: readonly HostUse[]
  readonly grants: readonly Grant[]
  /** Who answers for an object of this cluster. */
  readonly ownerOf: (object: Sourced) => string | null
  /** The inventory's entry of each host-privileged workload, by id. */
  readonly hostEntries: ReadonlyMap<string, HostPrivilegedWorkload>
  /** What policy lets leave; worked out when the first check asks. */
  readonly possible: () => PossibleView
}

/** What a check says of an object of some kind. */
export interface HitOf<T> {
  readonly object: T
  /** The place in the object's document that shows it. */
  readonly at: DocumentPath
  /** Tells hits of one check on one object apart; free of positions and order. */
  readonly key: string
  readonly severity: Severity | null
  /** What is so here: one sentence or two. */
  readonly says: string
  readonly remedy: string
  readonly witness: string | null
  readonly path: readonly Hop[]
  /** Who answers for it, where the document says so of the place; null: whoever answers for the object. */
  readonly owner: string | null
}

export type Hit = HitOf<Sourced>

/** What a hit may say beside what every one says. */
export type MoreOf<T> = Partial<Omit<HitOf<T>, 'object' | 'says' | 'remedy'>>

/** A hit with the usual silences filled in. */
export const hit = <T = Sourced>(object: T, says: string, remedy: string, more: MoreOf<T> = {}): HitOf<T> => ({
  object,
  says,
  remedy,
  at: more.at ?? [],
  key: more.key ?? '',
  severity: more.severity ?? null,
  witness: more.witness ?? null,
  path: more.path ?? [],
  owner: more.owner ?? null,
})

/** `a`, `b` and 3 more */
export const several = (names: readonly string[], most = 3): string => {
  const shown = names.slice(0, most).map(name => `\`${name}\``)
  const rest = names.length - shown.length
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '')
}
