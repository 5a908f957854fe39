import { witnessOf } from '../sets/address-points.ts'
import type { Addresses } from '../sets/addresses.ts'
import { type Address, type AnyAddress, printAddress, readAddress } from '../sets/cidr.ts'
import { hasPorts, hasTypes, NAMED_PROTOCOLS, printProtocol } from '../sets/protocol.ts'
import { messagesOf, otherProtocolsOf, portsOf, type Traffic } from '../sets/traffic.ts'

/** One packet's traffic, as text: `443/TCP`, `8/0/ICMP`, `47`. */
export const exampleOf = (traffic: Traffic): string | null => {
  for (const protocol of NAMED_PROTOCOLS) {
    if (hasPorts(protocol)) {
      const { bounds } = portsOf(traffic, protocol)
      if (bounds.length === 0) continue
      const usual = USUAL_PORTS.find(port => isIn(bounds, port)) ?? (bounds[0] as number)
      return `${usual}/${printProtocol(protocol)}`
    }
    if (hasTypes(protocol)) {
      const { bounds } = messagesOf(traffic, protocol)
      if (bounds.length === 0) continue
      const echo = protocol === 1 ? 8 : 128
      const message = isIn(bounds, 256 * echo) ? 256 * echo : (bounds[0] as number)
      return `${Math.floor(message / 256)}/${message % 256}/${printProtocol(protocol)}`
    }
  }
  const other = otherProtocolsOf(traffic)[0]
  return other === undefined ? null : printProtocol(other)
}

/** Ports that a reader knows, the likeliest first; else the lowest is taken. */
const USUAL_PORTS = [443, 80, 53, 22]

const isIn = (bounds: ArrayLike<number>, point: number): boolean => {
  let inside = false
  for (let i = 0; i < bounds.length && (bounds[i] as number) <= point; i++) inside = !inside
  return inside
}

/** An address of the set that a reader knows, else the first one; IPv4 before IPv6. */
export const exampleAddress = ({ v4, v6 }: Addresses): string | null => {
  const address: AnyAddress | null = witnessOf(v4, KNOWN_4) ?? witnessOf(v6, KNOWN_6)
  return address === null ? null : printAddress(address)
}

/** `1.1.1.1:443/TCP`, `[2606:4700:4700::1111]:443/TCP`, `1.1.1.1 8/0/ICMP`. */
export const packetTo = (destination: string, traffic: string): string => {
  const host = destination.includes(':') && !destination.includes('/') ? `[${destination}]` : destination
  return /^\d+\/(TCP|UDP|SCTP)$/.test(traffic) ? `${host}:${traffic}` : `${host} ${traffic}`
}

const addressOf = (text: string): AnyAddress => {
  const read = readAddress(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

/** Metadata first, where it is in the set: that is what a reader has to see. */
const KNOWN_4 = ['169.254.169.254', '1.1.1.1', '8.8.8.8'].map(addressOf) as readonly Address<4>[]
const KNOWN_6 = ['fd00:ec2::254', '2606:4700:4700::1111'].map(addressOf) as readonly Address<6>[]
