import type { Entry } from '../engine/entries.ts'
import { addressesOfTexts, LOOPBACK } from '../engine/ground.ts'
import type { Subject } from '../engine/population.ts'
import { towardsNodes } from '../engine/towards-nodes.ts'
import type { Answer, AnswerPart } from '../model/answer.ts'
import { idOf } from '../model/identity.ts'
import type { Enforcement, Exit, ReachEntry, Unknown, Verdict } from '../model/reach.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { clustersIn } from './across.ts'
import { reasonsIn } from './because.ts'
import { canFromFabric } from './can-fabric.ts'
import { entryWriter, IN_CLUSTER, UNKNOWN_EXIT } from './entry-writer.ts'
import { withWay } from './fabric-cut.ts'
import { atHome, fabricStageIn } from './fabric-stage.ts'
import type { LoadedEstate } from './load.ts'
import { meshStageIn, throughMesh } from './mesh-stage.ts'
import { openedBy } from './opened-by.ts'
import { type Possible, type PossibleOptions, possibleIn } from './possible.ts'
import { type AcrossQuestion, acrossParts, acrossQuestion } from './question-across.ts'
import { nodesAskedFor, partsOf, wantedBy } from './question-parts.ts'
import { agreed, endsOf, type Part, stagesOf } from './question-stages.ts'
import { joined, type Reasons, type StageReasons } from './reasons.ts'
import { type RelayedOptions, relayedWithin, relayingIn } from './relayed.ts'
import { isNamed, type Question, QuestionError, readQuestion, several } from './target.ts'

export type CanOptions = PossibleOptions & Partial<RelayedOptions>

/** One question. Errors: QuestionError where FROM or TO names nothing, or several. */
export const can = (loaded: LoadedEstate, from: string, to: string, options: CanOptions): Answer => {
  const ofCloud = canFromFabric(loaded, from, to)
  if (ofCloud !== null) return ofCloud
  const question = readQuestion(to, loaded.estate)
  const all = possibleIn(loaded.estate, options)
  const ask = (clusters: readonly Possible[]): Asked => answerIn(loaded, clusters, from, question, to, options)
  const answer = ask(all)
  const opening = (clusters: readonly Possible[]): Answer['verdict'] => ask(clusters).verdict
  return { ...answer, openedBy: answer.verdict === 'denied' ? openedBy(answer.stages, all, options, opening) : [] }
}

type Asked = Omit<Answer, 'openedBy'>

const answerIn = (
  loaded: LoadedEstate,
  all: readonly Possible[],
  from: string,
  question: Question,
  to: string,
  options: CanOptions,
): Asked => {
  const { id, possible, subjects } = senderNamed(all, from)
  const across = acrossQuestion(clustersIn(all, loaded.estate.intents), possible, question, options)
  const own = ownPartsIn(possible, loaded, question, across, options.compat)
  const parts = [
    ...subjects.flatMap(own),
    ...acrossParts(possible, loaded, subjects, across, possible.engine.table.idOf(question.traffic), options.compat),
  ]
  const written = parts.flatMap(part => part.results.map(({ entry, variant }) => ({ variant, result: entry })))
  const verdict = agreed<Verdict | 'mixed'>(
    written.map(({ result }) => result.verdict),
    'mixed',
    'unknown',
  )
  const leaves =
    across.asked.length > 0 ||
    written.some(({ result }) => result.to.kind === 'addresses' || result.to.kind === 'names')
  const passing = written.filter(({ result }) => result.verdict !== 'denied')
  return {
    schema: 'postern.dev/answer/v1',
    from: id,
    to,
    verdict,
    enforcement: agreed<Enforcement>(
      written.map(({ result }) => result.enforcement),
      'unknown',
      'unknown',
    ),
    stages: stagesOf(parts, leaves, loaded.lineOf),
    exit: exitOf(
      (passing.length > 0 ? passing : written).map(({ result }) => result.exit),
      leaves,
    ),
    relays: relaysOf(possible, loaded, subjects, question, options),
    witness: written.find(({ result }) => result.verdict === verdict || verdict === 'mixed')?.result.witness ?? null,
    unknowns: [
      ...joined(written.map(({ result }): Reasons => ({ because: [], unknowns: result.unknowns }))).unknowns,
      ...(parts.length === 0 ? [nothingThere(question)] : []),
      ...(question.target.kind === 'name' && parts.some(part => part.verdict === 'unknown') ? [RESOLUTION] : []),
    ],
    parts: written.map(({ variant, result }) => partOf(variant, result)),
    coverage: loaded.estate.coverage,
    diagnostics: loaded.estate.diagnostics,
  }
}

/** The regions of the sender’s own row that are asked about. */
const ownPartsIn = (
  whole: Possible,
  loaded: LoadedEstate,
  question: Question,
  across: AcrossQuestion,
  compat: CanOptions['compat'],
) => {
  // One line of a row stands for all other nodes: a question about some of them is answered for those.
  const possible = { ...whole, engine: towardsNodes(whole.engine, nodesAskedFor(whole, question)) }
  const { engine } = possible
  const reasons = reasonsIn(engine, loaded.lineOf)
  const write = entryWriter(possible)
  const mesh = meshStageIn(possible, loaded.lineOf, compat)
  const fabric = fabricStageIn(loaded, possible, compat)
  const name = question.target.kind === 'name' ? question.target.name : null
  return (subject: Subject): readonly Part[] => {
    const inside = staysInside(subject, question)
    const entries = inside ? [insidePart(possible, question)] : across.left(partsOf(possible, subject, question))
    const parts = inside
      ? entries.map(entry => ({ entry, as: entry.enforcement, told: null }))
      : mesh.inQuestion(subject, entries, name)
    return parts.map(({ entry, as, told }): Part => {
      const why = inside ? INSIDE : across.doubted(entry, reasons(subject, { ...entry, enforcement: as }))
      const { verdict, enforcement } = entry
      const all = told === null ? why : { ...why, egress: joined([why.egress, told.reasons]) }
      return {
        subject,
        verdict,
        enforcement,
        reasons: why,
        mesh: told,
        ends: inside ? { egress: verdict, ingress: 'allowed' } : endsOf(engine, subject, entry),
        toPods: entry.to.kind === 'workloads' || entry.to.kind === 'service',
        results: (inside ? [atHome(subject)] : fabric(subject)).flatMap(place =>
          place.cut(entry).flatMap(({ entry: piece, way }) =>
            write(place.subject, piece, all).map(result => ({
              entry: withWay(throughMesh(result, told), way, loaded.lineOf),
              variant: place.variant,
              way,
            })),
          ),
        ),
      }
    })
  }
}

/** Ways through relays; the verdict is the direct way’s. */
const relaysOf = (
  possible: Possible,
  loaded: LoadedEstate,
  subjects: readonly Subject[],
  question: Question,
  options: Partial<RelayedOptions>,
): readonly ReachEntry[] => {
  const { engine } = possible
  const { entriesOf, write } = relayingIn(possible, loaded, options)
  const traffic = engine.table.idOf(question.traffic)
  return subjects.flatMap(subject =>
    staysInside(subject, question)
      ? []
      : entriesOf(subject, engine.rowOf(subject))
          .flatMap(entry => relayedWithin(possible, entry, { ...wantedBy(possible, subject, question), traffic }) ?? [])
          .flatMap(entry => write(subject, entry)),
  )
}

/** The question falls into no region: nothing is there that a row speaks of. */
const nothingThere = ({ target }: Question): Unknown =>
  target.kind === 'service'
    ? {
        stage: 'pod-policy',
        why: 'the Service has no such port, or nothing stands behind it: nothing answers there',
        settledBy: 'the ports and endpoints of the Service',
      }
    : {
        stage: 'pod-policy',
        why: 'the estate shows nothing at this place that a packet could be sent to',
        settledBy: 'the documents of what stands there',
      }

const RESOLUTION: Unknown = {
  stage: 'pod-policy',
  why: 'it depends on the address that the name resolves to',
  settledBy: 'the address itself, or DNS answers that were seen',
}

const insidePart = ({ engine }: Possible, { target, traffic }: Question): Entry => ({
  to: {
    kind: 'addresses',
    zone: 'reserved',
    addresses: target.kind === 'addresses' ? target.addresses : bothFamilies.empty,
  },
  traffic: engine.table.idOf(traffic),
  verdict: 'allowed',
  enforcement: 'enforced',
})

/** The way out that all parts share. */
const exitOf = (exits: readonly Exit[], leaves: boolean): Exit => {
  const [first, ...others] = new Map(exits.map(exit => [JSON.stringify(exit), exit])).values()
  return first !== undefined && others.length === 0 ? first : leaves ? UNKNOWN_EXIT : IN_CLUSTER
}

const partOf = (variant: string | null, result: ReachEntry): AnswerPart => ({
  variant,
  to: result.to,
  traffic: result.traffic,
  verdict: result.verdict,
  enforcement: result.enforcement,
  exit: result.exit,
  because: result.because,
  unknowns: result.unknowns,
  witness: result.witness,
})

/** A workload with all its subjects; a pod stands for the subject that it belongs to. */
const senderNamed = (
  all: readonly Possible[],
  from: string,
): { readonly id: string; readonly possible: Possible; readonly subjects: readonly Subject[] } => {
  const byId = new Map<string, { id: string; possible: Possible; subjects: Subject[] }>()
  const put = (id: string, possible: Possible, subject: Subject): void => {
    const known = byId.get(id)
    if (known === undefined) byId.set(id, { id, possible, subjects: [subject] })
    else known.subjects.push(subject)
  }
  for (const possible of all) {
    for (const subject of possible.engine.population.subjects) {
      const id = idOf(subject.workload.ref)
      if (isNamed(id, from)) put(id, possible, subject)
    }
  }
  if (byId.size === 0)
    for (const possible of all)
      for (const subject of possible.engine.population.subjects)
        for (const pod of subject.pods) if (isNamed(idOf(pod.ref), from)) put(idOf(pod.ref), possible, subject)
  const found = [...byId.values()]
  const [only, ...more] = found
  if (only === undefined) throw new QuestionError(`\`${from}\` names no workload of this estate: write its id`)
  if (more.length > 0)
    throw new QuestionError(
      several(
        from,
        found.map(one => one.id),
      ),
    )
  return only
}

/** Packets that never leave the pod: to its loopback, or to its own address. Source: kubernetes.io, "Network Policies". */
const staysInside = (subject: Subject, { target }: Question): boolean => {
  if (target.kind !== 'addresses') return false
  const [only, ...more] = subject.pods
  const own = only !== undefined && more.length === 0 ? addressesOfTexts(only.addresses) : bothFamilies.empty
  return bothFamilies.isSubset(target.addresses, bothFamilies.union(LOOPBACK, own))
}

const INSIDE: StageReasons = {
  egress: {
    because: [
      {
        kind: 'profile',
        object: null,
        file: null,
        line: null,
        rule: null,
        says: 'it never leaves the pod: no policy blocks a pod’s way to itself',
      },
    ],
    unknowns: [],
  },
  ingress: { because: [], unknowns: [] },
}
