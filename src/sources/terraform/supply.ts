import type { CoverageNote, SupportState } from '../../model/coverage.ts'
import type { NextHop } from '../../model/fabric.ts'
import { isObject, type JsonObject } from '../../model/json.ts'
import type { Supplied } from '../aws/collect.ts'
import { type Item, idFor } from '../aws/item.ts'
import { isCollectionName } from '../aws/schema.ts'
import type { Resource } from './resource.ts'

/** Gathers what resources come to, in the form that the command line of AWS prints. */
export interface Supply {
  /** An object of the list under that key. */
  readonly put: (key: string, id: string, body: JsonObject, resource: Resource) => void
  /** A list whose output does not name whose it is. */
  readonly wrap: (id: string, body: JsonObject, resource: Resource) => void
  /** Where routes lead that name this as their target. */
  readonly lead: (target: string, hop: NextHop) => void
  /** A resource that is part of another object: what of it is open. */
  readonly part: (resource: Resource, whys?: readonly string[]) => void
  /** Something about an object that is there. */
  readonly say: (resource: Resource, why: string) => void
  /** Resources of one type that become nothing. */
  readonly leave: (state: 'notImplemented' | 'ignorable', first: Resource, objects: number, why: string) => void
  readonly block: () => void
  readonly all: () => Supplied
}

export const supply = (): Supply => {
  const items: { readonly key: string; readonly item: Item }[] = []
  const wrapped: Item[] = []
  const hops = new Map<string, NextHop>()
  const notes: { readonly of: Resource | null; readonly note: CoverageNote }[] = []
  const idsOf = new Map<Resource, string>()
  const counts: Record<SupportState, number> = {
    understood: 0,
    ignorable: 0,
    partly: 0,
    notImplemented: 0,
    unrecognised: 0,
  }
  let isBlocked = false
  const note = (state: SupportState, of: Resource | null, { origin }: Resource, why: string): void => {
    notes.push({ of, note: { state, object: null, file: origin.file, line: origin.line, why } })
  }
  const itemOf = (id: string, body: JsonObject, { origin, at }: Resource): Item => ({ id, body, origin, at })
  return {
    put: (key, id, body, of) => {
      items.push({ key, item: itemOf(id, body, of) })
      if (isCollectionName(key) && !idsOf.has(of)) idsOf.set(of, idFor(key, id))
    },
    wrap: (id, body, resource) => wrapped.push(itemOf(id, body, resource)),
    lead: (target, hop) => hops.set(target, hop),
    part: (resource, whys = []) => {
      counts[whys.length === 0 ? 'understood' : 'partly']++
      for (const why of whys) note('partly', resource, resource, why)
    },
    say: (resource, why) => note('partly', resource, resource, why),
    leave: (state, first, objects, why) => {
      counts[state] += objects
      note(state, null, first, why)
    },
    block: () => {
      isBlocked = true
    },
    all: () => ({
      items,
      wrapped,
      hops,
      notes: notes.map(({ of, note }) => (of === null ? note : { ...note, object: idsOf.get(of) ?? of.address })),
      counts,
      isBlocked,
    }),
  }
}

/** Tags as AWS prints them; `tags_all` holds those of the provider’s defaults, too. Source: AWS provider, “Resource Tagging”. */
export const tagsOf = ({ values }: Resource): JsonObject => {
  const all = [values['tags'], values['tags_all']].flatMap(tags => (isObject(tags) ? Object.entries(tags) : []))
  const Tags = [...new Map(all)].flatMap(([Key, Value]) => (typeof Value === 'string' ? [{ Key, Value }] : []))
  return Tags.length === 0 ? {} : { Tags }
}
