import type { Possible } from '../../src/app/possible.ts'
import { within } from '../../src/engine/ask.ts'
import { type Entry, entriesOf } from '../../src/engine/entries.ts'
import { addressesOfTexts } from '../../src/engine/ground.ts'
import type { Verdict } from '../../src/model/reach.ts'
import { bothFamilies } from '../../src/sets/addresses.ts'
import { icmpMessages } from '../../src/sets/icmp-set.ts'
import { portRange } from '../../src/sets/port-set.ts'
import { hasPorts, hasTypes } from '../../src/sets/protocol.ts'
import { icmpTraffic, portTraffic, protocolTraffic, type Traffic } from '../../src/sets/traffic.ts'
import type { Packet } from '../oracle/types.ts'

/** What a row says of single packets, for comparison with the second evaluator. */
export const rowJudge = (possible: Possible) => {
  const { engine, zones } = possible
  const { population, table, selection } = engine
  const rows = new Map<unknown, readonly Entry[]>()
  const subjectOfPod = new Map(
    population.subjects.flatMap(subject =>
      subject.pods.map(one => [`${one.ref.namespace}/${one.ref.name}`, subject] as const),
    ),
  )
  /** null: the packet is none that a row speaks of. */
  return (packet: Packet): Verdict | null => {
    if (packet.from.kind !== 'pod') return null
    const sender = subjectOfPod.get(`${packet.from.namespace}/${packet.from.name}`)
    if (sender === undefined) return null
    const entries = rows.get(sender) ?? entriesOf(engine, sender, engine.rowOf(sender), zones)
    rows.set(sender, entries)
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
    const { to } = packet
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
    const found = entries.flatMap(entry => within(engine, entry, wanted) ?? [])
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
