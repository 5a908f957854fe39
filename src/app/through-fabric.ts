import type { Subject } from '../engine/population.ts'
import { interfaceOfNode, interfaceWith } from '../inventory/machines.ts'
import type { Answer, AnswerPart, Stage } from '../model/answer.ts'
import type { Cluster } from '../model/cluster.ts'
import type { NetworkInterface } from '../model/fabric.ts'
import type { Enforcement, Exit, Unknown, Verdict } from '../model/reach.ts'
import { readRanges } from '../sets/address-text.ts'
import { printAddress, readAddress } from '../sets/cidr.ts'
import { readTraffic } from '../sets/traffic-text.ts'
import { type FabricPart, partsIn, type Sender } from './fabric-parts.ts'
import type { LoadedEstate } from './load.ts'
import { agreed } from './question-stages.ts'
import { distinct } from './reasons.ts'

type Asked = Omit<Answer, 'openedBy'>

/**
 * An answer about addresses outside, joined with the network under the cluster: from the node of each pod, and from the pod's own
 * address where an interface has it. Where no document shows either, the stage stays not assessed, with what was missing.
 */
export const throughFabric = (
  answer: Asked,
  loaded: LoadedEstate,
  cluster: Cluster,
  subjects: readonly Subject[],
): Asked => {
  const leaves = answer.parts.some(({ to }) => to.kind === 'addresses')
  if (loaded.estate.fabric.interfaces.length === 0 || !leaves || answer.exit.kind === 'egress-gateway') return answer
  const joined = answer.parts.map((part): readonly Joined[] =>
    part.to.kind === 'addresses'
      ? partsThrough(loaded, cluster, subjects, part)
      : [{ part, ways: null, exit: null, verdict: null }],
  )
  const all = joined.flat()
  const assessed = all.flatMap(one => (one.verdict === null ? [] : [one.verdict]))
  if (assessed.length === 0 || all.some(one => one.ways === null && one.part.to.kind === 'addresses'))
    return withStage(answer, UNJOINED)
  const parts = distinct(
    all.map(({ part }) => part),
    asText,
  )
  const verdict = agreed<Answer['verdict']>(
    parts.map(part => part.verdict),
    'mixed',
    'unknown',
  )
  const stage: Stage = {
    stage: 'fabric',
    verdict: agreed<Verdict>(assessed, 'unknown', 'unknown'),
    because: distinct(
      all.flatMap(({ ways }) => ways?.part.because ?? []),
      asText,
    ),
    hops: all.find(({ ways }) => ways !== null)?.ways?.way.hops ?? [],
  }
  const exits = distinct(
    all.flatMap(({ exit, part }): readonly Exit[] => (part.verdict === 'denied' ? [] : [exit ?? answer.exit])),
    asText,
  )
  return {
    ...withStage(answer, stage),
    verdict,
    enforcement: agreed<Enforcement>(
      parts.map(part => part.enforcement),
      'unknown',
      'unknown',
    ),
    exit: exits.length === 1 ? (exits[0] as Exit) : answer.exit,
    unknowns: distinct(
      [
        ...answer.unknowns.filter(isNotFabric),
        ...parts.filter(part => part.verdict === 'unknown').flatMap(part => part.unknowns),
      ],
      asText,
    ),
    parts,
  }
}

interface Joined {
  readonly part: AnswerPart
  /** null: the network was not asked. */
  readonly ways: FabricPart | null
  readonly exit: Exit | null
  readonly verdict: Verdict | null
}

const partsThrough = (
  loaded: LoadedEstate,
  cluster: Cluster,
  subjects: readonly Subject[],
  part: AnswerPart,
): readonly Joined[] => {
  const ranges = part.to.kind === 'addresses' ? readRanges(part.to.ranges) : null
  const traffic = readTraffic(part.traffic)
  const places = subjects
    .filter(({ variant }) => variant === part.variant)
    .map(subject => sendersOf(loaded, cluster, subject))
  if (ranges?.kind !== 'read' || traffic.kind !== 'read' || places.length === 0 || places.includes(null))
    return [{ part, ways: null, exit: null, verdict: null }]
  const from = (sender: Sender): readonly FabricPart[] => [
    ...partsIn(loaded, sender, 4, ranges.value, traffic.value),
    ...partsIn(loaded, sender, 6, ranges.value, traffic.value),
  ]
  const outcomes = places.flatMap(place => place ?? []).map(from)
  const different = new Map(outcomes.map(ways => [JSON.stringify(ways.map(outcomeOf)), ways]))
  const [first = [], ...others] = different.values()
  if (others.length > 0) {
    const verdict = part.verdict === 'denied' ? 'denied' : 'unknown'
    const unknowns = [...part.unknowns.filter(isNotFabric), BY_PLACE]
    return [{ part: { ...part, verdict, unknowns }, ways: first[0] ?? null, exit: null, verdict: 'unknown' }]
  }
  return first.map(ways => ({ part: joinedPart(part, ways), ways, exit: ways.way.exit, verdict: ways.part.verdict }))
}

const outcomeOf = ({ way, part }: FabricPart): unknown => [
  part.to,
  part.traffic,
  part.verdict,
  way.exit.kind,
  way.exit.id,
]

/** An enforced denial of either decides; else what cannot tell. */
const joinedPart = (part: AnswerPart, { part: fabric }: FabricPart): AnswerPart => {
  const verdicts = [part.verdict, fabric.verdict]
  const verdict = verdicts.includes('denied') ? 'denied' : verdicts.includes('unknown') ? 'unknown' : 'allowed'
  const [source] = part.witness?.split(' -> ') ?? []
  const [, target] = fabric.witness?.split(' -> ') ?? []
  return {
    ...fabric,
    variant: part.variant,
    verdict,
    enforcement: part.verdict !== 'denied' && fabric.verdict === 'denied' ? 'enforced' : part.enforcement,
    because: [...part.because, ...fabric.because],
    unknowns: [...part.unknowns.filter(isNotFabric), ...fabric.unknowns],
    witness: source === undefined || target === undefined ? part.witness : `${source} -> ${target}`,
  }
}

/** Where packets of its pods enter the network; null: of one of them no document shows it. */
const sendersOf = ({ estate }: LoadedEstate, cluster: Cluster, { pods }: Subject): readonly Sender[] | null => {
  const found: Sender[] = []
  for (const pod of pods) {
    const node = cluster.nodes.find(({ ref }) => ref.name === pod.node)
    const own = node === undefined ? null : interfaceOfNode(node, estate.fabric)
    if (own === null) return null
    found.push({ kind: 'interface', of: own, variant: null })
    // An address of the network itself may be seen there, or be exchanged for the node's.
    for (const text of pod.addresses) {
      const address = readAddress(text)
      const holder = address.kind === 'read' ? interfaceWith(address.value, estate.fabric) : null
      if (holder !== null && address.kind === 'read')
        found.push({ kind: 'interface', of: only(holder, printAddress(address.value)), variant: null })
    }
  }
  return pods.length === 0 ? null : distinct(found, asText)
}

/** An interface as one of its addresses sees it. */
const only = (one: NetworkInterface, address: string): NetworkInterface => ({
  ...one,
  addresses: one.addresses.filter(own => printAddress(own) === address),
  publicAddresses: one.publicAddresses.filter(({ of }) => printAddress(of) === address),
})

const withStage = (answer: Asked, stage: Stage): Asked => ({
  ...answer,
  stages: answer.stages.map(one => (one.stage === 'fabric' ? stage : one)),
})

const UNJOINED: Stage = {
  stage: 'fabric',
  verdict: 'not-assessed',
  because: [
    {
      kind: 'missing',
      object: null,
      file: null,
      line: null,
      rule: null,
      says: 'no document joins the nodes of its pods with the network that was read; their Node documents, and the interfaces of the machines, would settle it',
    },
  ],
  hops: [],
}

const isNotFabric = ({ stage }: Unknown): boolean => stage !== 'fabric'

const asText = (value: unknown): string => JSON.stringify(value)

const BY_PLACE: Unknown = {
  stage: 'fabric',
  why: 'its pods do not all leave the same way, or whether a pod’s own address is exchanged for its node’s is not known',
  settledBy: 'a question about one pod, and the settings of masquerading',
}
