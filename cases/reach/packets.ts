import type { Possible } from '../../src/app/possible.ts'
import { within } from '../../src/engine/ask.ts'
import type { ClusterEngine } from '../../src/engine/cluster-engine.ts'
import { type Entry, entriesOf } from '../../src/engine/entries.ts'
import { addressesOfTexts } from '../../src/engine/ground.ts'
import type { Subject } from '../../src/engine/population.ts'
import { towardsNodes } from '../../src/engine/towards-nodes.ts'
import type { Verdict } from '../../src/model/reach.ts'
import { bothFamilies } from '../../src/sets/addresses.ts'
import { icmpMessages } from '../../src/sets/icmp-set.ts'
import { portRange } from '../../src/sets/port-set.ts'
import { hasPorts, hasTypes } from '../../src/sets/protocol.ts'
import { icmpTraffic, portTraffic, protocolTraffic, type Traffic } from '../../src/sets/traffic.ts'
import type { End, Packet } from '../oracle/types.ts'

/**
 * What a row says of single packets, for comparison with the second evaluator. `byNode`: a packet to a node is asked of that node,
 * as a question is; else of the line that stands for all other nodes.
 */
export const rowJudge = (possible: Possible, byNode = true) => {
  const { engine, zones } = possible
  const { population, table, selection } = engine
  const rows = new Map<ClusterEngine, Map<Subject, readonly Entry[]>>()
  const narrowed = new Map<string, ClusterEngine>()
  const towards = (name: string): ClusterEngine => {
    const one = narrowed.get(name) ?? towardsNodes(engine, [name])
    narrowed.set(name, one)
    return one
  }
  const subjectOfPod = new Map(
    population.subjects.flatMap(subject =>
      subject.pods.map(one => [`${one.ref.namespace}/${one.ref.name}`, subject] as const),
    ),
  )
  const nodeOfHostPod = ({ namespace, name }: End & { readonly kind: 'pod' }): string | null => {
    const receiver = subjectOfPod.get(`${namespace}/${name}`)
    return receiver?.identity === null ? (receiver.pods.find(one => one.ref.name === name)?.node ?? null) : null
  }
  /** null: the packet is none that a row speaks of. */
  return (packet: Packet): Verdict | null => {
    if (packet.from.kind !== 'pod') return null
    const sender = subjectOfPod.get(`${packet.from.namespace}/${packet.from.name}`)
    if (sender === undefined) return null
    const { to } = packet
    const node = to.kind === 'node' ? to.name : to.kind === 'pod' ? nodeOfHostPod(to) : null
    // A question about one node is answered for that node.
    const asked = node === null || !byNode ? engine : towards(node)
    const known = rows.get(asked) ?? new Map<Subject, readonly Entry[]>()
    rows.set(asked, known)
    const entries = known.get(sender) ?? entriesOf(asked, sender, asked.rowOf(sender), zones)
    known.set(sender, entries)
    const traffic = table.idOf(trafficOf(packet))
    const nothing = {
      addresses: bothFamilies.empty,
      members: selection.bits.empty,
      ownNode: false,
      otherNode: false,
      apiserver: false,
      services: [],
      name: null,
      traffic,
    }
    const nodes = new Set(sender.pods.flatMap(one => one.node ?? []))
    const toNode = (name: string) => ({ ...nothing, ownNode: nodes.has(name), otherNode: !nodes.has(name) })
    const wanted =
      to.kind === 'address'
        ? { ...nothing, addresses: addressesOfTexts([to.address]) }
        : to.kind === 'node'
          ? toNode(to.name)
          : (() => {
              const receiver = subjectOfPod.get(`${to.namespace}/${to.name}`)
              if (receiver === undefined) return null
              if (receiver.identity === null) {
                const on = receiver.pods.find(one => one.ref.name === to.name)?.node
                return on == null ? null : toNode(on)
              }
              return { ...nothing, members: selection.bits.of([receiver.identity]) }
            })()
    if (wanted === null) return null
    const found = entries.flatMap(entry => within(asked, entry, wanted) ?? [])
    // Loopback is told only where it is allowed: nothing stops it.
    if (found.length === 0 && to.kind === 'address' && /^127\.|^::1$/.test(to.address)) return null
    if (found.length !== 1) throw new Error(`a packet in ${found.length} regions: ${JSON.stringify(packet)}`)
    return (found[0] as Entry).verdict
  }
}

const trafficOf = ({ protocol, port, type, code }: Packet): Traffic => {
  if (hasPorts(protocol) && port !== undefined) {
    const read = portRange(port)
    if (read.kind === 'read') return portTraffic(protocol, read.value)
  }
  if (hasTypes(protocol) && type !== undefined) {
    const read = icmpMessages(type, code ?? null)
    if (read.kind === 'read') return icmpTraffic(protocol, read.value)
  }
  return protocolTraffic(protocol)
}
