import { walkIn } from '../../../src/engine/fabric/walk.ts'
import type { Fabric } from '../../../src/model/fabric.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import type { Exit, Verdict } from '../../../src/model/reach.ts'
import { addressesOf } from '../../../src/sets/address-set.ts'
import { type Family, readCidr } from '../../../src/sets/cidr.ts'
import { parseTraffic } from '../../../src/sets/parse-traffic.ts'
import { regions } from '../../../src/sets/region.ts'
import { trafficTable } from '../../../src/sets/traffic-table.ts'
import { gcpFabric } from '../../../src/sources/gcp/fabric.ts'
import { documentsOf } from '../../../src/sources/gcp/testing/reading-of.ts'
import type { NetPacket } from '../../oracle/fabric/types.ts'
import type { Documents } from '../../oracle/gcp/documents.ts'
import type { Sent } from '../../oracle/gcp/generate-packets.ts'
import type { From } from '../../oracle/gcp/types.ts'

/** What the engine says of one packet. */
export interface Answer {
  readonly verdict: Verdict
  readonly exit: Exit
  readonly whys: readonly string[]
}

export const fabricOf = (documents: Documents): Fabric =>
  gcpFabric(documentsOf(...(documents as readonly JsonObject[]))).fabric

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'icmpv6'],
  [132, 'sctp'],
])

export const trafficOf = ({ protocol, port, type, code }: NetPacket): string =>
  `${port ?? `${type}/${code}`}/${PROTOCOLS.get(protocol)}`

/** null: nobody of that name was read. */
export const startIn = ({ interfaces, subnets, managed }: Fabric, from: From) => {
  switch (from.kind) {
    case 'interface': {
      const of = interfaces.find(({ id }) => id.endsWith(`/${from.instance}/${from.nic}`))
      return of === undefined ? null : ({ kind: 'interface', of } as const)
    }
    case 'subnet': {
      const of = subnets.find(({ id }) => id.endsWith(`/${from.name}`))
      return of === undefined ? null : ({ kind: 'subnet', of } as const)
    }
    case 'service': {
      const of = managed.find(({ id }) => id.endsWith(`/${from.name}`))
      return of === undefined ? null : ({ kind: 'managed', of } as const)
    }
  }
}

export const asker = (fabric: Fabric): ((sent: Sent) => Answer | null) => {
  const table = trafficTable()
  const walks = { 4: walkIn(fabric, 4, table), 6: walkIn(fabric, 6, table) }
  return ({ from, packet }) => {
    const start = startIn(fabric, from)
    if (start === null) return null
    const family = packet.destination.includes(':') ? 6 : 4
    const [sent, block] = [
      parseTraffic(trafficOf(packet)),
      readCidr(`${packet.destination}/${family === 4 ? 32 : 128}`),
    ]
    if (sent.kind === 'refused' || block.kind === 'refused') throw new Error('no question')
    const id = table.idOf(sent.value)
    const ask = <F extends Family>(of: F) =>
      (walks[of] as unknown as ReturnType<typeof walkIn<F>>)(
        start,
        regions<F, typeof id>(of, table).ofBoxes([{ addresses: addressesOf(of).ofCidrs([block.value as never]), id }]),
      )
    const ways = family === 4 ? ask(4) : ask(6)
    const [way, ...more] = ways
    if (way === undefined || more.length > 0) throw new Error(`${ways.length} answers to one packet`)
    return { verdict: way.verdict, exit: way.exit, whys: way.unknowns.map(({ why }) => why) }
  }
}
