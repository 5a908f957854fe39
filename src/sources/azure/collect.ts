import type { CoverageNote, SupportState } from '../../model/coverage.ts'
import { field, isObject, type Json, type JsonObject, text } from '../../model/json.ts'
import { type DocumentPath, pathText } from '../../model/provenance.ts'
import { compareItems } from '../aws/item.ts'
import type { RawDocument } from '../files/read.ts'
import { oncePerPlace } from '../once-per-place.ts'
import type { Item } from './item.ts'
import { idOf, itemsIn } from './property.ts'
import { isServiceTags, listIn, type Wrapper, wrapperOf } from './recognise.ts'
import { modelId, type ResourceId, readResourceId } from './resource-id.ts'
import { type EvaluatedType, isEvaluated, isPart, ONLY_LISTED } from './schema.ts'

/** What the documents hold, by type, each in the order of its place. */
export interface Collected {
  readonly in: (type: EvaluatedType) => readonly Item[]
  /** The first by place of an object. */
  readonly get: (id: string) => Item | undefined
  /** Outputs that somebody wrapped with what they are of, by the model’s id of that. */
  readonly wrapped: (key: Wrapper['key'], subject: string) => readonly Wrapped[]
  readonly serviceTags: readonly JsonObject[]
  readonly notes: readonly CoverageNote[]
  readonly counts: Readonly<Record<SupportState, number>>
}

export interface Wrapped {
  readonly body: Json
  readonly at: DocumentPath
}

/** Sorts what was read by type. Everything that is of none gets a note that names it. */
export const collect = (documents: readonly RawDocument[]): Collected => {
  const items = new Map<string, Item[]>()
  const byId = new Map<string, Item>()
  const wrapped = new Map<string, Wrapped[]>()
  const serviceTags: JsonObject[] = []
  const notes: CoverageNote[] = []
  const counts = { understood: 0, ignorable: 0, partly: 0, notImplemented: 0, unrecognised: 0 }
  const note = (state: SupportState, document: RawDocument, object: string | null, why: string): void => {
    counts[state]++
    notes.push({ state, object, file: document.origin.file, line: document.origin.line, why })
  }
  const parts: { readonly document: RawDocument; readonly resource: ResourceId }[] = []
  const add = (document: RawDocument, body: Json, at: DocumentPath): void => {
    const resource = readResourceId(text(field(body, 'id')) ?? '')
    if (resource === null || !isObject(body)) {
      note('unrecognised', document, null, `\`${pathText(at)}\` is no resource of Azure with an \`id\``)
      return
    }
    const { type } = resource
    if (!isEvaluated(type)) {
      if (isPart(type)) parts.push({ document, resource })
      else note('notImplemented', document, modelId(resource), `\`${type}\`: not evaluated`)
      return
    }
    if (isOnlyListed(body)) {
      note('ignorable', document, modelId(resource), 'it is only listed, without anything that it is made of')
      return
    }
    const found = items.get(type) ?? []
    items.set(type, found)
    found.push({ id: modelId(resource), resource, body, origin: document.origin, at })
    for (const key of INSIDE[type] ?? [])
      for (const inner of itemsIn(body, key)) add(document, inner.body, [...at, ...inner.at])
  }
  for (const document of oncePerPlace(documents)) {
    const { body } = document
    const wrapper = wrapperOf(body)
    const listed = listIn(body)
    if (wrapper !== null) {
      const key = `${wrapper.key} ${idOf(wrapper.subject)}`
      wrapped.set(key, [
        ...(wrapped.get(key) ?? []),
        ...wrapper.items.map((inner, i) => ({ body: inner, at: ['value', i] })),
      ])
      counts.understood++
    } else if (isServiceTags(body)) {
      serviceTags.push(body)
      counts.understood++
    } else if (listed === null) add(document, body, [])
    else for (const [i, inner] of listed.items.entries()) add(document, inner, [listed.key, i])
  }
  for (const found of items.values()) {
    found.sort(compareItems)
    for (const item of found) if (!byId.has(item.id)) byId.set(item.id, item)
  }
  for (const { document, resource } of parts) {
    const around = modelId({
      ...resource,
      type: resource.type.replace(/\/[^/]+$/, ''),
      names: resource.names.slice(0, -1),
    })
    if (byId.has(around)) counts.understood++
    else
      note('notImplemented', document, modelId(resource), `it is read as a part of \`${around}\`, which was not read`)
  }
  return {
    in: type => items.get(type) ?? [],
    get: id => byId.get(id),
    wrapped: (key, subject) => wrapped.get(`${key} ${subject}`) ?? [],
    serviceTags,
    notes,
    counts,
  }
}

/** Resources that the command line prints inside others. */
const INSIDE: Readonly<Partial<Record<EvaluatedType, readonly string[]>>> = {
  'microsoft.network/virtualnetworks': ['subnets', 'virtualNetworkPeerings'],
}

/** As `az resource list` prints them. */
const isOnlyListed = (body: JsonObject): boolean => {
  const said = (value: Json | undefined): readonly string[] =>
    isObject(value)
      ? Object.keys(value)
          .filter(key => value[key] !== null)
          .map(key => key.toLowerCase())
      : []
  const inner = said(body).filter(key => key !== 'properties')
  return (
    Object.hasOwn(body, 'type') &&
    !/\/applicationsecuritygroups\//i.test(text(body['id']) ?? '') &&
    [...inner, ...said(field(body, 'properties'))].every(key => ONLY_LISTED.includes(key))
  )
}
