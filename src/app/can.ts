import { type Wanted, within } from '../engine/ask.ts'
import type { ClusterEngine } from '../engine/cluster-engine.ts'
import { type Entry, entriesOf } from '../engine/entries.ts'
import { addressesOfTexts, LOOPBACK } from '../engine/ground.ts'
import { everywhere } from '../engine/names.ts'
import type { Subject } from '../engine/population.ts'
import type { Answer, AnswerPart, Stage } from '../model/answer.ts'
import { idOf } from '../model/identity.ts'
import type { Enforcement, Exit, ReachEntry, Unknown, Verdict } from '../model/reach.ts'
import type { Service } from '../model/service.ts'
import { addresses4, addresses6 } from '../sets/address-set.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { joined, type Reasons, reasonsIn, type StageReasons } from './because.ts'
import { entryWriter, IN_CLUSTER, NO_FABRIC, UNKNOWN_EXIT } from './entry-writer.ts'
import type { LoadedEstate } from './load.ts'
import { type Possible, type PossibleOptions, possibleIn } from './possible.ts'
import { type RelayedOptions, relayedWithin, relayingIn } from './relayed.ts'
import { isNamed, type Question, QuestionError, readQuestion, several } from './target.ts'

/** One question. Errors: QuestionError where FROM or TO names nothing, or several. */
export const can = (
  loaded: LoadedEstate,
  from: string,
  to: string,
  options: PossibleOptions & Partial<RelayedOptions>,
): Answer => {
  const question = readQuestion(to, loaded.estate)
  const all = possibleIn(loaded.estate, options)
  const { id, possible, subjects } = senderNamed(all, from)
  const reasons = reasonsIn(possible.engine, loaded.lineOf)
  const write = entryWriter(possible)
  const parts = subjects.flatMap(subject => {
    const inside = staysInside(subject, question)
    return (inside ? [insidePart(possible, question)] : partsOf(possible, subject, question)).map(
      (entry): Part => ({ subject, entry, reasons: inside ? INSIDE : reasons(subject, entry) }),
    )
  })
  const written = parts.flatMap(part =>
    write(part.subject, part.entry, part.reasons).map(result => ({ ...part, result })),
  )
  const verdict = agreed<Verdict | 'mixed'>(
    parts.map(part => part.entry.verdict),
    'mixed',
    'unknown',
  )
  const leaves = written.some(({ result }) => result.to.kind === 'addresses' || result.to.kind === 'names')
  return {
    schema: 'postern.dev/answer/v1',
    from: id,
    to,
    verdict,
    enforcement: agreed<Enforcement>(
      parts.map(part => part.entry.enforcement),
      'unknown',
      'unknown',
    ),
    stages: stagesOf(possible.engine, parts, leaves),
    exit: exitOf(
      written.map(({ result }) => result.exit),
      leaves,
    ),
    relays: relaysOf(possible, loaded, subjects, question, options),
    witness: written.find(({ result }) => result.verdict === verdict || verdict === 'mixed')?.result.witness ?? null,
    unknowns: [
      ...joined(written.map(({ result }): Reasons => ({ because: [], unknowns: result.unknowns }))).unknowns,
      ...(parts.length === 0 ? [nothingThere(question)] : []),
      ...(question.target.kind === 'name' && parts.some(({ entry }) => entry.verdict === 'unknown')
        ? [RESOLUTION]
        : []),
    ],
    parts: written.map(({ subject, result }) => partOf(subject, result)),
    coverage: loaded.estate.coverage,
    diagnostics: loaded.estate.diagnostics,
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

interface Part {
  readonly subject: Subject
  readonly entry: Entry
  readonly reasons: StageReasons
}

const agreed = <T>(values: readonly T[], mixed: T, none: T): T => {
  const [first, ...others] = new Set(values)
  return first === undefined ? none : others.length > 0 ? mixed : first
}

const partOf = ({ variant }: Subject, result: ReachEntry): AnswerPart => ({
  variant,
  to: result.to,
  traffic: result.traffic,
  verdict: result.verdict,
  enforcement: result.enforcement,
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

/** The regions of the sender's row that the question falls into. */
const partsOf = (possible: Possible, subject: Subject, question: Question): readonly Entry[] => {
  const { engine, zones } = possible
  const row = engine.rowOf(subject)
  const entries = entriesOf(engine, subject, row, zones)
  const traffic = engine.table.idOf(question.traffic)
  const parts = entries.flatMap(
    entry => within(engine, entry, { ...wantedBy(possible, subject, question), traffic }) ?? [],
  )
  if (question.target.kind !== 'name') return parts
  return nameParts(possible, subject, question.target.name, parts, traffic)
}

const NOTHING: Omit<Wanted, 'traffic' | 'members'> = {
  addresses: bothFamilies.empty,
  ownNode: false,
  otherNode: false,
  apiserver: false,
  services: [],
  name: null,
}

const wantedBy = ({ engine }: Possible, subject: Subject, { target }: Question): Omit<Wanted, 'traffic'> => {
  const { selection, population, cluster, ground } = engine
  const nothing = { ...NOTHING, members: selection.bits.empty }
  switch (target.kind) {
    case 'addresses': {
      const holds = (texts: readonly string[]): boolean =>
        !bothFamilies.isEmpty(bothFamilies.intersect(addressesOfTexts(texts), target.addresses))
      // An address of the API server is that first, though it may be a node's as well.
      const isApiserver = !bothFamilies.isEmpty(bothFamilies.intersect(ground.apiserver, target.addresses))
      const others = bothFamilies.subtract(target.addresses, ground.apiserver)
      const nodes = cluster.nodes.filter(
        ({ internalAddresses, externalAddresses }) =>
          !bothFamilies.isEmpty(
            bothFamilies.intersect(addressesOfTexts([...internalAddresses, ...externalAddresses]), others),
          ),
      )
      return {
        ...nothing,
        addresses: target.addresses,
        members: selection.bits.of(
          population.identities.filter(identity => holds(identity.addresses)).map(identity => identity.number),
        ),
        ...nodesWanted(
          subject,
          nodes.map(node => node.ref.name),
        ),
        apiserver: isApiserver,
        services: cluster.services.filter(({ clusterIPs, externalIPs, loadBalancerAddresses }) =>
          holds([...clusterIPs, ...externalIPs, ...loadBalancerAddresses]),
        ),
      }
    }
    case 'workload': {
      const subjects = population.subjects.filter(({ workload }) => workload === target.workload)
      const members = subjects.flatMap(({ identity }) => identity ?? [])
      const onHost = subjects.filter(({ identity }) => identity === null)
      return {
        ...nothing,
        members: selection.bits.of(members),
        ...(onHost.length === 0
          ? {}
          : nodesWanted(
              subject,
              onHost.flatMap(({ pods }) => pods.flatMap(pod => pod.node ?? [])),
            )),
      }
    }
    case 'service': {
      const { service } = target
      // A headless Service is a name for its pods: they are asked, at the port that was asked for.
      return service.headless && service.selector !== null
        ? { ...nothing, members: selection.bits.of(membersBehind(engine, service)) }
        : { ...nothing, services: [service] }
    }
    case 'node':
      return target.cluster === cluster.name ? { ...nothing, ...nodesWanted(subject, [target.name]) } : nothing
    case 'name': {
      const service = serviceOfName(engine, target.name)
      return service === null ? { ...nothing, name: target.name } : { ...nothing, services: [service] }
    }
  }
}

const membersBehind = ({ population }: ClusterEngine, { namespace, selector }: Service): readonly number[] =>
  population.subjects.flatMap(({ workload, shape, identity }) =>
    identity !== null &&
    workload.namespace === namespace &&
    [...(selector ?? [])].every(([key, value]) => shape.labels.get(key) === value)
      ? [identity]
      : [],
  )

/** Nodes as the sender sees them: its own, or another; either where its place is not known. */
const nodesWanted = (
  { pods }: Subject,
  names: readonly string[],
): { readonly ownNode: boolean; readonly otherNode: boolean } => {
  const own = new Set(pods.flatMap(pod => pod.node ?? []))
  return {
    ownNode: names.some(name => own.size === 0 || own.has(name)),
    otherNode: names.some(name => own.size !== 1 || !own.has(name)),
  }
}

/** `web.shop.svc.cluster.local`, and its forms without the cluster's domain. */
const serviceOfName = ({ cluster }: ClusterEngine, name: string) => {
  const [service, namespace, svc, ...domain] = name.split('.')
  const isOwn = svc === 'svc' && (domain.length === 0 || domain.join('.') === 'cluster.local')
  return isOwn || (svc === undefined && namespace !== undefined && cluster.namespaces.has(namespace))
    ? (cluster.services.find(one => one.ref.name === service && one.namespace === namespace) ?? null)
    : null
}

/**
 * A name stands for whatever it resolves to: an address that the pod itself pins to it, or else any. What a rule about names
 * allows is certain, and so is what the whole internet agrees on; whatever any address outside might let pass is open.
 */
const nameParts = (
  possible: Possible,
  subject: Subject,
  name: string,
  ruled: readonly Entry[],
  traffic: Wanted['traffic'],
): readonly Entry[] => {
  const { engine, zones } = possible
  const { table, spaces } = engine
  if (ruled.some(entry => entry.to.kind === 'service')) return ruled
  const allowed = ruled.filter(entry => entry.verdict === 'allowed')
  const rest = table.subtract(traffic, allowed.map(entry => entry.traffic).reduce(table.union, table.empty))
  const pinned = subject.shape.hostAliases.filter(alias => alias.hostnames.includes(name)).map(alias => alias.ip)
  if (pinned.length > 0) {
    const wanted = {
      ...NOTHING,
      members: engine.selection.bits.empty,
      addresses: addressesOfTexts(pinned),
      traffic: rest,
    }
    const there = entriesOf(engine, subject, engine.rowOf(subject), zones).flatMap(
      entry => within(engine, entry, wanted) ?? [],
    )
    return [...allowed, ...there]
  }
  const likely = zones.internet
  const anywhere = NAMED_ZONES.map(zone => zones[zone]).reduce(bothFamilies.union)
  const stacks = engine.stacksOf(subject, 'egress')
  const both = (pick: 'must' | 'may', of: Addresses): Wanted['traffic'] => {
    const join = pick === 'may' ? table.union : table.intersect
    const families = [
      ...(addresses4.isEmpty(of.v4) ? [] : [everywhere(spaces.v4, stacks, of, table)[pick]]),
      ...(addresses6.isEmpty(of.v6) ? [] : [everywhere(spaces.v6, stacks, of, table)[pick]]),
    ]
    return families.length === 0 ? table.empty : families.reduce(join)
  }
  const must = both('must', likely)
  const may = both('may', anywhere)
  const part = (id: Wanted['traffic'], verdict: Verdict, addresses: Addresses): readonly Entry[] =>
    id === table.empty
      ? []
      : [
          {
            to: { kind: 'addresses', zone: 'internet', addresses },
            traffic: id,
            verdict,
            enforcement: verdict === 'unknown' ? 'unknown' : 'enforced',
          },
        ]
  return [
    ...allowed,
    ...part(table.intersect(rest, must), 'allowed', likely),
    ...part(table.subtract(table.intersect(rest, may), must), 'unknown', anywhere),
    ...part(table.subtract(rest, table.union(must, may)), 'denied', likely),
  ]
}

/** Where the address of a name may lie. */
const NAMED_ZONES = ['internet', 'network', 'peer-network', 'on-premises', 'private'] as const

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

/** What each stage says by itself: those after a denial, too, so that one sees which other layer would have held. */
const stagesOf = (engine: ClusterEngine, parts: readonly Part[], leaves: boolean): readonly Stage[] => {
  const egress = parts.map(part => part.reasons.egress)
  const ingress = parts.map(part => part.reasons.ingress)
  const toPods = parts.some(({ entry }) => entry.to.kind === 'workloads' || entry.to.kind === 'service')
  const stage = (name: Stage['stage'], verdict: Stage['verdict'], because: Stage['because'] = []): Stage => ({
    stage: name,
    verdict,
    because,
    hops: [],
  })
  return [
    stage(
      'pod-policy',
      agreed<Verdict>(
        parts.map(part => endVerdict(engine, part, 'egress')),
        'unknown',
        'unknown',
      ),
      joined(egress).because,
    ),
    ...(toPods
      ? [
          stage(
            'peer-policy',
            agreed<Verdict>(
              parts.map(part => endVerdict(engine, part, 'ingress')),
              'unknown',
              'unknown',
            ),
            joined(ingress).because,
          ),
        ]
      : []),
    stage('mesh', 'not-assessed'),
    stage('node', 'not-assessed'),
    ...(leaves ? [stage('fabric', 'not-assessed', [missing(NO_FABRIC)])] : []),
    stage('return', 'not-assessed'),
  ]
}

const missing = ({ why, settledBy }: Unknown): Stage['because'][number] => ({
  kind: 'missing',
  object: null,
  file: null,
  line: null,
  rule: null,
  says: `${why}; ${settledBy} would settle it`,
})

/** One end's own word on a region to pods; elsewhere there is only one end. */
const endVerdict = (engine: ClusterEngine, { subject, entry }: Part, end: 'egress' | 'ingress'): Verdict => {
  if (entry.to.kind !== 'workloads') return end === 'egress' ? entry.verdict : 'allowed'
  const { relations } = engine.spaces.pods
  const row = engine.rowOf(subject)
  const { must, may } = end === 'egress' ? row.toPods() : row.fromPods()
  const region = relations.ofBoxes([{ members: entry.to.members, id: entry.traffic }])
  return relations.isSubset(region, must)
    ? 'allowed'
    : relations.isEmpty(relations.intersect(region, may))
      ? 'denied'
      : 'unknown'
}
