import type { ConfigMap, Estate } from '../../model/cluster.ts'
import type { CoverageNote, Diagnostic, Gap, SupportState } from '../../model/coverage.ts'
import { coverageOf, inOrder } from '../../model/coverage-order.ts'
import type { ExceptionDocument } from '../../model/exception.ts'
import { idOf, keyOf } from '../../model/identity.ts'
import { at, field, textMap } from '../../model/json.ts'
import type { NodeFacts } from '../../model/node-facts.ts'
import { compareText } from '../../model/order.ts'
import { compareOrigins } from '../../model/provenance.ts'
import type { Standard } from '../../model/standard.ts'
import type { RawDocument } from '../files/read.ts'
import { isOfNetworks, networksIn, type PlanTime } from '../networks.ts'
import { intentDocumentsOf } from '../postern/documents.ts'
import { lowerException, lowerStandard, withoutContradictions } from '../postern/lower.ts'
import { assemble, type Draft, isRead } from './assemble.ts'
import { foreignDocument } from './foreign.ts'
import { type KindSupport, supportOf } from './kinds.ts'
import { type ApiObject, identify, sourced } from './object.ts'
import { prunedFields } from './pruned.ts'
import { isController, lowerController, lowerPod, type Owners, withPartsOf } from './workloads.ts'
import { wrongType } from './wrong-types.ts'

/**
 * Collects documents of any number of clusters and gives the estate. What it answers depends on the documents alone,
 * never on their order: everything is sorted before it leaves.
 */
export interface EstateBuilder {
  readonly add: (document: RawDocument) => void
  readonly note: (note: CoverageNote) => void
  /** Something read that needs no note. */
  readonly count: (state: SupportState) => void
  readonly gap: (gap: Gap) => void
  readonly report: (diagnostic: Diagnostic) => void
  readonly serverVersion: (cluster: string, version: string) => void
  readonly nodeFacts: (cluster: string, facts: NodeFacts) => void
  readonly finish: () => Estate
}

/** Tells whether two documents for one object say the same, apart from what the server writes; reads them again. */
export type SameDocument = (one: RawDocument['origin'], other: RawDocument['origin']) => boolean

/** A ConfigMap value longer than this is no setting anybody reads. */
const MAX_SETTING = 1024 * 1024

const STATES = [
  'understood',
  'ignorable',
  'partly',
  'notImplemented',
  'unrecognised',
] as const satisfies readonly SupportState[]

/** One object and the places of every document that says something else about it. */
interface Seen {
  readonly id: string
  readonly support: KindSupport
  readonly origins: RawDocument['origin'][]
}

export const createEstateBuilder = (
  sameDocument: SameDocument,
  owners: Owners = 'topmost',
  when: PlanTime = 'after',
): EstateBuilder => {
  const drafts = new Map<string, Draft>()
  const seen = new Map<string, Seen>()
  const exceptions: ExceptionDocument[] = []
  const declared: ApiObject[] = []
  /** What speaks of networks belongs to no cluster, and hangs together. */
  const ofNetworks: RawDocument[] = []
  const standards: { readonly key: string; readonly standard: Standard }[] = []
  const counts: Record<SupportState, number> = {
    understood: 0,
    ignorable: 0,
    partly: 0,
    notImplemented: 0,
    unrecognised: 0,
  }
  const notes: CoverageNote[] = []
  const gaps: Gap[] = []
  const diagnostics: Diagnostic[] = []

  const draftOf = (name: string): Draft => {
    const known = drafts.get(name)
    if (known) return known
    const draft: Draft = {
      name,
      controllers: [],
      pods: [],
      podOf: new Map(),
      objects: new Map(),
      pruned: [],
      configMaps: [],
      facts: [],
      unread: new Set(),
      counted: new Map(),
      version: null,
    }
    drafts.set(name, draft)
    return draft
  }

  const count = (state: SupportState, note: CoverageNote | null): void => {
    counts[state]++
    if (note) notes.push(note)
  }

  const add = (document: RawDocument): void => {
    const { body, origin, cluster } = document
    if (isOfNetworks(document)) {
      ofNetworks.push(document)
      return
    }
    const foreign = foreignDocument(body)
    if (foreign !== null) {
      if (foreign.version !== null) draftOf(cluster).version = foreign.version
      const { state, why } = foreign
      if (state === null) return
      count(state, state === 'understood' ? null : { state, object: null, file: origin.file, line: origin.line, why })
      return
    }
    const kind = String(field(body, 'kind'))
    const group = groupOf(String(field(body, 'apiVersion')))
    const support = supportOf(group, kind)
    // Nobody knows the scope of an unknown kind: without a namespace it is taken for cluster-scoped.
    const unplaced = support.state === 'unrecognised' && !at(body, 'metadata', 'namespace')
    // Exceptions and the standard speak about clusters and belong to none.
    const home = group === 'postern.dev' ? '-' : cluster
    const identified = identify(home, body, origin, support.clusterScoped || unplaced)
    const why =
      identified.kind === 'refused' ? identified.why : whyRefused(group, kind, support, body, identified.object)
    if (identified.kind === 'refused' || why !== null) {
      diagnostics.push({ severity: 'error', file: origin.file, line: origin.line, column: null, message: why ?? '' })
      return
    }
    const { object } = identified
    const key = keyOf(object.ref)
    const known = seen.get(key)
    // What has no name (a kustomization, a tool's settings) is no object of a cluster: two of them are two.
    if (known === undefined || object.ref.name === '') {
      const place = object.ref.name === '' ? `${key}|${seen.size}` : key
      seen.set(place, { id: idOf(object.ref), support, origins: [origin] })
    } else {
      if (known.origins.some(before => sameDocument(before, origin))) return
      known.origins.push(origin)
    }
    keep(draftOf(cluster), object)
  }

  const keepPod = ({ pods, podOf }: Draft, object: ApiObject): void => {
    const fresh = lowerPod(object)
    const owner = fresh.owner === null ? '' : keyOf(fresh.owner)
    const pod = withPartsOf(podOf.get(owner), fresh)
    podOf.set(owner, pod)
    pods.push(pod)
  }

  const keep = (draft: Draft, object: ApiObject): void => {
    const { group, kind } = object.ref
    if (group === 'postern.dev') declared.push(object)
    for (const fact of prunedFields(object.body)) draft.pruned.push({ ...sourced(object), ...fact })
    if (isController(group, kind)) draft.controllers.push(lowerController(object))
    else if (group === '' && kind === 'Pod') keepPod(draft, object)
    else if (group === '' && kind === 'ConfigMap') draft.configMaps.push(lowerConfigMap(object))
    else if (group === 'postern.dev' && kind.endsWith('Exception')) exceptions.push(lowerException(object))
    else if (group === 'postern.dev' && kind === 'Standard')
      standards.push({ key: keyOf(object.ref), standard: lowerStandard(object) })
    else if (group === 'postern.dev') return
    else if (isRead(group, kind)) {
      const name = `${group}/${kind}`
      const known = draft.objects.get(name)
      if (known) known.push(object)
      else draft.objects.set(name, [object])
    } else {
      const name = group === '' ? kind : `${kind}.${group}`
      const known = draft.counted.get(name)
      if (known) known.push(object.ref)
      else draft.counted.set(name, [object.ref])
    }
  }

  const finish = (): Estate => {
    for (const { id, support, origins } of seen.values()) {
      const [first, ...others] = origins.sort(compareOrigins)
      if (first === undefined) continue
      const { file, line } = first
      if (others.length > 0) {
        const why = `differs from the document at ${others.map(placeOf).join(' and at ')}: all are taken as possible`
        count('partly', { state: 'partly', object: id, file, line, why })
      } else {
        const { state, why } = support
        count(state, why === null ? null : { state, object: id, file, line, why })
      }
    }
    const clusters = [...drafts.values()]
      .filter(draft => holdsSomething(draft) || gaps.some(gap => gap.cluster === draft.name))
      .map(draft => assemble(draft, owners))
      .sort((a, b) => compareText(a.name, b.name))
    const networks = networksIn(ofNetworks, when)
    for (const state of STATES) counts[state] += networks.counts[state]
    notes.push(...networks.notes)
    diagnostics.push(...networks.diagnostics)
    exceptions.sort((a, b) => compareText(keyOf(a.ref), keyOf(b.ref)))
    standards.sort((a, b) => compareText(a.key, b.key))
    return {
      clusters,
      exceptions: withoutContradictions(exceptions),
      standard: standards[0]?.standard ?? null,
      intents: intentDocumentsOf(declared),
      fabric: networks.fabric,
      planned: networks.planned,
      coverage: coverageOf(counts, notes, gaps),
      diagnostics: inOrder(diagnostics),
    }
  }

  return {
    add,
    note: note => count(note.state, note),
    count: state => count(state, null),
    gap: gap => {
      gaps.push(gap)
      if (gap.cluster !== null) draftOf(gap.cluster).unread.add(gap.resource ?? '*')
    },
    report: diagnostic => diagnostics.push(diagnostic),
    serverVersion: (cluster, version) => {
      draftOf(cluster).version = version
    },
    nodeFacts: (cluster, facts) => draftOf(cluster).facts.push(facts),
    finish,
  }
}

/** Why the API server would not have stored the object; null for kinds that nobody here knows. */
const whyRefused = (
  group: string,
  kind: string,
  support: KindSupport,
  body: RawDocument['body'],
  object: ApiObject,
): string | null => {
  if (support.state === 'unrecognised') return null
  if (object.ref.name === '') return '`metadata.name` is missing: name the object'
  const wrong = wrongType(group, kind, body)
  return wrong === null ? null : `\`${wrong.path}\` is ${wrong.is}, the API wants ${wrong.wants}`
}

const placeOf = ({ file, line }: RawDocument['origin']): string => (line === null ? file : `${file}:${line}`)

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''

const holdsSomething = (draft: Draft): boolean =>
  draft.controllers.length +
    draft.pods.length +
    draft.configMaps.length +
    draft.objects.size +
    draft.counted.size +
    draft.facts.length >
  0

const lowerConfigMap = (object: ApiObject): ConfigMap => ({
  ...sourced(object),
  data: new Map([...textMap(at(object.body, 'data'))].filter(([, value]) => value.length <= MAX_SETTING)),
})
