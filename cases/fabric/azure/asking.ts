import assert from 'node:assert/strict'
import { canFromFabric } from '../../../src/app/can-fabric.ts'
import type { LoadedEstate } from '../../../src/app/load.ts'
import type { Answer } from '../../../src/model/answer.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { azureFabric } from '../../../src/sources/azure/fabric.ts'
import { documentsOf } from '../../../src/sources/azure/testing/reading-of.ts'
import { type Bodies, type World, worldOf } from '../../oracle/azure/documents.ts'
import { type GeneratedNetwork, generateNetwork } from '../../oracle/azure/generate.ts'
import type { Sent } from '../../oracle/azure/generate-packets.ts'
import type { Broken } from '../../oracle/azure/types.ts'
import { wayIn } from '../../oracle/azure/way.ts'
import type { NetPacket, PacketWay } from '../../oracle/fabric/types.ts'
import { loaded } from '../../reach/estate.ts'

/** Networks of Azure, asked of the engine and of the second evaluator. */

const EMPTY = loaded({})

export const estateOf = (bodies: Bodies): LoadedEstate => {
  const { fabric } = azureFabric(documentsOf(...(bodies as readonly JsonObject[])))
  return { ...EMPTY, estate: { ...EMPTY.estate, fabric } }
}

export const questionOf = ({ destination, protocol, port, type, code }: NetPacket): string => {
  const target = destination.includes(':') ? `[${destination}]` : destination
  return `${target}:${port ?? `${type}/${code}`}/${PROTOCOLS.get(protocol)}`
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
])

export const asked = (estate: LoadedEstate, { from, packet }: Sent): Answer => {
  const answer = canFromFabric(estate, from.id, questionOf(packet))
  assert.ok(answer !== null, `${from.id} is there`)
  return answer
}

export interface Compared {
  readonly network: GeneratedNetwork
  readonly world: World
  readonly where: string
  readonly sent: Sent
  readonly answer: Answer
}

export const comparedIn = (seed: number, packets: number): readonly Compared[] => {
  const network = generateNetwork(seed, packets)
  const [estate, world] = [estateOf(network.bodies), worldOf(network.bodies)]
  return network.sent.map(sent => ({
    network,
    world,
    sent,
    answer: asked(estate, sent),
    where: `seed ${seed}: ${sent.from.id} to ${questionOf(sent.packet)}`,
  }))
}

export const wayOf = ({ world, sent }: Compared, broken: Broken = new Set()): PacketWay =>
  wayIn(world, sent.from, sent.packet, broken)
