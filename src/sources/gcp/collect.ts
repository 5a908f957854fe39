import type { CoverageNote, SupportState } from '../../model/coverage.ts'
import type { CloudObject } from '../../model/fabric.ts'
import { type Json, text } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import type { DocumentPath, Origin } from '../../model/provenance.ts'
import { compareItems, type Item } from '../aws/item.ts'
import type { RawDocument } from '../files/read.ts'
import { oncePerPlace } from '../once-per-place.ts'
import { idFor, idOf, type Link, regionOf } from './links.ts'
import { recognise } from './recognise.ts'
import type { Noun } from './schema.ts'

/** One object, with its place. Its id is that of the model. */
export interface GcpItem extends Item {
  readonly link: Link
  /** Documents say different things of it: the first by place stands here. */
  readonly isDisputed: boolean
}

/** What a lowering could not read or does not evaluate, by object. */
export interface Fault {
  readonly id: string
  readonly why: string
}

export interface Collected {
  /** Each object once, sorted by id. */
  readonly in: (noun: Noun) => readonly GcpItem[]
  /** What applies to a network, wrapped; by network, then region. */
  readonly firewalls: readonly EffectiveFirewalls[]
  /** By router. */
  readonly statusOf: (router: string) => GcpItem | null
  readonly all: readonly GcpItem[]
  readonly notes: readonly CoverageNote[]
  readonly counts: Readonly<Record<Extract<SupportState, 'notImplemented' | 'unrecognised'>, number>>
}

export interface EffectiveFirewalls extends GcpItem {
  readonly network: string
  readonly region: string | null
}

/** Sorts what was read by what it is. Everything that is nothing known gets a note that names it. */
export const collect = (documents: readonly RawDocument[]): Collected => {
  const items = new Map<string, GcpItem[]>()
  const notes: CoverageNote[] = []
  const counts = { notImplemented: 0, unrecognised: 0 }
  const firewallsOf = new Map<string, { readonly network: string; readonly region: string | null }>()
  const note = ({ file, line }: Origin, state: 'notImplemented' | 'unrecognised', why: string): void => {
    counts[state] += 1
    notes.push({ state, object: null, file, line, why })
  }
  const add = (key: string, id: string, { body, origin }: RawDocument, link: Link): void => {
    const found = items.get(`${key} ${id}`) ?? []
    items.set(`${key} ${id}`, found)
    found.push({ id, body, origin, at: [], link, isDisputed: false })
  }
  for (const document of oncePerPlace(documents)) {
    const known = recognise(document.body)
    switch (known?.kind) {
      case 'object':
        add(known.noun, idOf(known.link), document, known.link)
        break
      case 'firewalls': {
        const id = idFor('effective-firewalls', known.link.project, known.link.name, known.region)
        firewallsOf.set(id, known)
        add('firewalls', id, document, known.link)
        break
      }
      case 'status':
        add('status', idFor('router-status', known.router.project, known.router.place, known.router.name), document, {
          ...known.router,
        })
        break
      case 'later':
        note(document.origin, 'notImplemented', known.why ?? `${known.what}: not evaluated`)
        break
      default:
        note(document.origin, 'unrecognised', 'not an output of gcloud that is known')
    }
  }
  const unique = new Map([...items].map(([key, found]) => [key, onlyOne(found)]))
  const under = (key: string): readonly GcpItem[] =>
    [...unique]
      .flatMap(([name, item]) => (name.startsWith(`${key} `) ? [item] : []))
      .toSorted((a, b) => compareText(a.id, b.id))
  const statuses = new Map(under('status').map(item => [idOf(item.link), item]))
  const byNoun = new Map<string, readonly GcpItem[]>()
  return {
    in: noun => {
      const known = byNoun.get(noun) ?? under(noun)
      byNoun.set(noun, known)
      return known
    },
    firewalls: under('firewalls').flatMap(item => {
      const of = firewallsOf.get(item.id)
      return of === undefined ? [] : [{ ...item, network: of.network, region: of.region }]
    }),
    statusOf: router => statuses.get(router) ?? null,
    all: [...unique.values()].toSorted((a, b) => compareText(a.id, b.id) || compareItems(a, b)),
    notes,
    counts,
  }
}

/** The first by place; of one place, the first by what stands there, so that the order of documents never counts. */
const onlyOne = (found: readonly GcpItem[]): GcpItem => {
  const sorted = found.toSorted((a, b) => compareItems(a, b) || compareText(contentOf(a.body), contentOf(b.body)))
  const first = sorted[0] as GcpItem
  return { ...first, isDisputed: new Set(sorted.map(({ body }) => contentOf(body))).size > 1 }
}

/** What is said of an object, whatever the order, without what changes by itself or tells who asked. */
const contentOf = (value: Json): string =>
  JSON.stringify(value, (key, inner: Json) => {
    if (ABOUT.test(key)) return undefined
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => compareText(a, b)))
  }) ?? ''

const ABOUT = /fingerprint$|^etag$|timestamp$|^lastStart|^selfLink|^uptime/i

/** What every object has. */
export const cloudObject = (
  { id, link, origin, at }: GcpItem,
  more: { readonly id?: string; readonly name?: string | null; readonly at?: DocumentPath } = {},
): CloudObject => ({
  id: more.id ?? id,
  name: more.name === undefined ? link.name : more.name,
  account: link.project,
  region: regionOf(link.place),
  origin,
  at: more.at ?? at,
})

export const textOf = (value: Json | undefined): string | null => {
  const word = text(value)
  return word === undefined || word === '' ? null : word
}
