import { isAbout, type Placed, placedAs, sayings } from './calico.ts'
import {
  calicoOfKind,
  hostLookup,
  isInNets,
  readAccountSelector,
  readNamespaceSelector,
  selectorAt,
} from './calico-endpoints.ts'
import { outcomesInTiers } from './calico-order.ts'
import { areTunnelled, type Way, waysAt } from './calico-ways.ts'
import { nameOf, ofKind, type Party } from './estate.ts'
import { at, integer, list, text } from './json.ts'
import { type AnyQuestion, protocolNumber } from './question.ts'
import { every, possible, tri } from './three.ts'
import type { Json, Packet, Platform, Tri, Verdict } from './types.ts'

/**
 * What host endpoints make of a packet on its way, one after the other: where it leaves a host or passes through it, and where it
 * arrives at one. Everything that each may come to.
 * Source: docs.tigera.io, "Host endpoints", "Summary"; calico, felix/rules/static.go, endpoints.go, dispatch.go.
 */
export const hostOutcomes = (
  world: { readonly objects: readonly Json[]; readonly platform: Platform },
  packet: Packet,
  from: Party,
  to: Party,
  ended: readonly Verdict[],
): readonly ReadonlySet<Verdict>[] => {
  const { objects, platform } = world
  if (platform.enforces.calico !== true || calicoOfKind(objects, 'HostEndpoint').length === 0) return []
  const flight: Flight = { objects, platform, packet, from, to, ended }
  const senders = nodesOf(objects, from)
  const receivers = nodesOf(objects, to)
  const steps = [...senders].flatMap(sender => [...receivers].map(receiver => stepsOf(flight, sender, receiver)))
  const longest = Math.max(...steps.map(one => one.length))
  // Where the nodes are not known, each step may be that of any of them.
  return Array.from({ length: longest }, (_, i) => new Set(steps.flatMap(one => [...(one[i] ?? OPEN)])))
}

interface Flight {
  readonly objects: readonly Json[]
  readonly platform: Platform
  readonly packet: Packet
  readonly from: Party
  readonly to: Party
  readonly ended: readonly Verdict[]
}

const OPEN: ReadonlySet<Verdict> = new Set(['allowed'])

const nodesOf = (objects: readonly Json[], party: Party): readonly (string | null)[] => {
  if (party.kind === 'address') return [null]
  if (party.kind === 'node') return [party.name]
  return party.node !== null ? [party.node] : ofKind(objects, '', 'Node').map(nameOf)
}

const stepsOf = (flight: Flight, sender: string | null, receiver: string | null): readonly ReadonlySet<Verdict>[] => {
  const { from, to } = flight
  const isInside = sender === receiver
  const at = (node: string | null, judge: (way: Way) => ReadonlySet<Verdict>): ReadonlySet<Verdict> => {
    const ways = node === null ? [] : waysAt(flight.objects, node)
    return ways.length === 0 ? OPEN : new Set(ways.flatMap(way => (way.host === null ? ['allowed'] : [...judge(way)])))
  }
  const leaving =
    from.kind === 'node'
      ? at(sender, way => (to.kind === 'pod' && isInside ? OPEN : sent(flight, way, isInside)))
      : to.kind === 'node' && isInside
        ? OPEN
        : at(sender, way => passed(flight, way, 'out', isInside))
  const arriving =
    to.kind === 'node'
      ? at(receiver, way => arrived(flight, way, isInside))
      : to.kind === 'pod' && !isInside
        ? at(receiver, way => passed(flight, way, 'in', isInside))
        : OPEN
  return [leaving, arriving]
}

type Stage = 'doNotTrack' | 'preDNAT' | 'normal'

const stageOf = (policy: Json): Stage =>
  at(policy, 'spec', 'doNotTrack') === true
    ? 'doNotTrack'
    : at(policy, 'spec', 'preDNAT') === true
      ? 'preDNAT'
      : 'normal'

/** What the policies of a stage come to; `rest`: they leave it to what comes next. */
const inStage = (
  { objects, platform, packet, from, to, ended }: Flight,
  { host }: Way,
  stage: Stage,
  direction: 'egress' | 'ingress',
  forwarded = false,
): ReadonlySet<Verdict | 'rest'> => {
  if (host === null) return new Set(['rest'])
  // Both ends of a rule stand as they are written, so the packet is asked about as its sender sees it.
  const question: AnyQuestion = { objects, platform, direction: 'egress', subject: from, peer: to, packet }
  const policies = calicoOfKind(objects, 'GlobalNetworkPolicy').filter(
    policy =>
      stageOf(policy) === stage &&
      isAbout(direction, policy) &&
      (!forwarded || stage !== 'normal' || at(policy, 'spec', 'applyOnForward') === true),
  )
  const placed = policies.map(
    (policy): Placed => placedAs(policy, null, sayings(question, policy, null, direction, isFor(policy, host))),
  )
  return outcomesInTiers(objects, placed, ended, stage !== 'normal')
}

const isFor = (policy: Json, host: Json): Tri => {
  const spec = at(policy, 'spec') ?? {}
  const labels = hostLookup(host)
  // It has no service account, and none of its labels.
  return every(
    [
      selectorAt(spec, 'selector'),
      selectorAt(spec, 'namespaceSelector', readNamespaceSelector),
      selectorAt(spec, 'serviceAccountSelector', readAccountSelector),
    ].map(selector => (selector === null ? 'yes' : selector(labels))),
  )
}

/** One after the other, until one decides. */
const first = (
  stages: readonly (() => ReadonlySet<Verdict | 'rest'>)[],
  last: readonly Verdict[],
): ReadonlySet<Verdict> => {
  const found = new Set<Verdict>()
  for (const stage of stages) {
    const outcomes = stage()
    for (const outcome of outcomes) if (outcome !== 'rest') found.add(outcome)
    if (!outcomes.has('rest')) return found
  }
  for (const verdict of last) found.add(verdict)
  return found
}

const sent = (flight: Flight, way: Way, isInside: boolean): ReadonlySet<Verdict> => {
  // A host speaks with itself by an interface that only `*` is for.
  if (isInside && !way.isWhole) return way.rest === null ? OPEN : sent(flight, restOf(way), isInside)
  const asked = (): ReadonlySet<Verdict> =>
    first(
      [
        () => failsafe(flight, 'egress'),
        ...(way.isWhole ? [] : [() => inStage(flight, way, 'doNotTrack', 'egress')]),
        () => inStage(flight, way, 'normal', 'egress'),
      ],
      profiles(way),
    )
  return behindTunnel(flight, way, asked, () => sent(flight, restOf(way), isInside))
}

const restOf = ({ rest }: Way): Way => ({ host: rest, isWhole: true, rest: null })

const arrived = (flight: Flight, way: Way, isInside: boolean): ReadonlySet<Verdict> => {
  const { from } = flight
  if (isInside && !way.isWhole) return way.rest === null ? OPEN : arrived(flight, restOf(way), isInside)
  if (isInside && from.kind === 'pod')
    return first([() => failsafe(flight, 'ingress'), () => inStage(flight, way, 'preDNAT', 'ingress')], ['allowed'])
  const asked = (of: Flight): ReadonlySet<Verdict> =>
    first(
      [
        () => failsafe(of, 'ingress'),
        ...(way.isWhole ? [] : [() => inStage(of, way, 'doNotTrack', 'ingress')]),
        () => inStage(of, way, 'preDNAT', 'ingress'),
        () => inStage(of, way, 'normal', 'ingress'),
      ],
      profiles(way),
    )
  if (from.kind !== 'pod') return asked(flight)
  // It may come from the pod, or, hidden, from its node.
  const hidden: Party = { kind: 'node', name: from.node ?? '', labels: from.labels, address: null }
  return new Set([...asked(flight), ...asked({ ...flight, from: hidden })])
}

/** `*` is for the interfaces of pods, too, so both directions are asked wherever a packet passes through. */
const passed = (flight: Flight, way: Way, to: 'in' | 'out', isInside: boolean): ReadonlySet<Verdict> => {
  const by = { in: cameIn, out: wentOut }
  if (way.isWhole) return bothOf(cameIn(flight, way), wentOut(flight, way))
  if (way.rest === null)
    return isInside
      ? OPEN
      : behindTunnel(
          flight,
          way,
          () => by[to](flight, way),
          () => OPEN,
        )
  const rest = restOf(way)
  if (isInside) return passed(flight, rest, to, isInside)
  // At its own end a pod has an interface of its own.
  const near = by[to === 'in' ? 'out' : 'in'](flight, rest)
  return bothOf(
    near,
    behindTunnel(
      flight,
      way,
      () => by[to](flight, way),
      () => by[to](flight, rest),
    ),
  )
}

const wentOut = (flight: Flight, way: Way): ReadonlySet<Verdict> =>
  first([() => inStage(flight, way, 'normal', 'egress', true)], ['allowed'])

const cameIn = (flight: Flight, way: Way): ReadonlySet<Verdict> => {
  // Before translation failsafe ports are open, and before tracking; what comes later does not know them.
  const early = (stage: Stage): ReadonlySet<Verdict | 'rest'> =>
    failsafe(flight, 'ingress').has('rest') ? inStage(flight, way, stage, 'ingress') : new Set(['rest'])
  const tracked = (): ReadonlySet<Verdict> =>
    first([() => early('preDNAT'), () => inStage(flight, way, 'normal', 'ingress', true)], ['allowed'])
  // What is let in without tracking has an answer that nothing lets out; both are possible.
  return new Set(
    [...(way.isWhole ? ['rest' as const] : early('doNotTrack'))].flatMap((outcome): readonly Verdict[] =>
      outcome === 'denied' ? ['denied'] : outcome === 'allowed' ? ['allowed', ...tracked()] : [...tracked()],
    ),
  )
}

const bothOf = (a: ReadonlySet<Verdict>, b: ReadonlySet<Verdict>): ReadonlySet<Verdict> =>
  new Set([...a].flatMap(x => [...b].map((y): Verdict => (x === 'denied' || y === 'denied' ? 'denied' : 'allowed'))))

/** Packets between pods of two nodes, or from a host to one, may take a tunnel, which is another interface. */
const behindTunnel = (
  { objects, to }: Flight,
  { isWhole, rest }: Way,
  asked: () => ReadonlySet<Verdict>,
  through: () => ReadonlySet<Verdict>,
) => {
  if (isWhole || to.kind !== 'pod') return asked()
  return new Set(areTunnelled(objects).flatMap(yes => [...(yes ? (rest === null ? OPEN : through()) : asked())]))
}

/** Only two kinds of profile are known: both allow everything. */
const profiles = ({ host }: Way): readonly Verdict[] => {
  const [name] = list(at(host ?? null, 'spec', 'profiles')).map(text)
  if (name === undefined) return ['denied']
  return /^(projectcalico-default-allow$|kns\.)/.test(name) ? ['allowed'] : ['allowed', 'denied']
}

/** Source: docs.tigera.io, Felix configuration, FailsafeInboundHostPorts, FailsafeOutboundHostPorts. */
const failsafe = (flight: Flight, direction: 'egress' | 'ingress'): ReadonlySet<Verdict | 'rest'> => {
  const { objects, packet, from, to } = flight
  const node = direction === 'egress' ? from : to
  const key = direction === 'egress' ? 'failsafeOutboundHostPorts' : 'failsafeInboundHostPorts'
  const settings = calicoOfKind(objects, 'FelixConfiguration').filter(felix => at(felix, 'spec', key) !== undefined)
  const name = node.kind === 'node' ? node.name : node.kind === 'pod' ? (node.node ?? '') : ''
  const written =
    settings.find(felix => nameOf(felix) === `node.${name}`) ?? settings.find(felix => nameOf(felix) === 'default')
  const ports = written === undefined ? DEFAULTS[direction] : list(at(written, 'spec', key))
  const far = direction === 'egress' ? to : from
  const answers = ports.map(port => {
    const net = text(at(port, 'net'))
    return every([
      tri(protocolNumber((text(at(port, 'protocol')) ?? '').toUpperCase()) === packet.protocol),
      tri(integer(at(port, 'port')) === packet.port),
      net === undefined ? 'yes' : isInNets(far, [net]),
    ])
  })
  const isOpen: Tri = answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
  return new Set(possible(isOpen).map(yes => (yes ? 'allowed' : 'rest')))
}

const ports = (protocol: string, ...numbers: readonly number[]): readonly Json[] =>
  numbers.map(port => ({ protocol, port }))

const DEFAULTS: Readonly<Record<'egress' | 'ingress', readonly Json[]>> = {
  egress: [...ports('UDP', 53, 67), ...ports('TCP', 179, 2379, 2380, 5473, 6443, 6666, 6667)],
  ingress: [...ports('UDP', 68), ...ports('TCP', 22, 179, 2379, 2380, 5473, 6443, 6666, 6667)],
}
