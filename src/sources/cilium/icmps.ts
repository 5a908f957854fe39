import { field, type Json, list, text } from '../../model/json.ts'
import { icmpMessages } from '../../sets/icmp-set.ts'
import { ICMP, ICMPV6, type IcmpProtocol } from '../../sets/protocol.ts'
import { icmpTraffic, type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'

/** Names of types as the API takes them. Source: pkg/policy/api, icmp.go; types by IANA, ICMP and ICMPv6 Parameters. */
const NAMES_OF_4: Readonly<Record<string, number>> = {
  EchoReply: 0,
  DestinationUnreachable: 3,
  Redirect: 5,
  Echo: 8,
  EchoRequest: 8,
  RouterAdvertisement: 9,
  RouterSelection: 10,
  TimeExceeded: 11,
  ParameterProblem: 12,
  Timestamp: 13,
  TimestampReply: 14,
  Photuris: 40,
  ExtendedEchoRequest: 42,
  ExtendedEchoReply: 43,
}
const NAMES_OF_6: Readonly<Record<string, number>> = {
  DestinationUnreachable: 1,
  PacketTooBig: 2,
  TimeExceeded: 3,
  ParameterProblem: 4,
  EchoRequest: 128,
  EchoReply: 129,
  MulticastListenerQuery: 130,
  MulticastListenerReport: 131,
  MulticastListenerDone: 132,
  RouterSolicitation: 133,
  RouterAdvertisement: 134,
  NeighborSolicitation: 135,
  NeighborAdvertisement: 136,
  RedirectMessage: 137,
  RouterRenumbering: 138,
  ICMPNodeInformationQuery: 139,
  ICMPNodeInformationResponse: 140,
  InverseNeighborDiscoverySolicitation: 141,
  InverseNeighborDiscoveryAdvertisement: 142,
  HomeAgentAddressDiscoveryRequest: 144,
  HomeAgentAddressDiscoveryReply: 145,
  MobilePrefixSolicitation: 146,
  MobilePrefixAdvertisement: 147,
  DuplicateAddressRequestCodeSuffix: 157,
  DuplicateAddressConfirmationCodeSuffix: 158,
  ExtendedEchoRequest: 160,
  ExtendedEchoReply: 161,
}

/** Every code of the types in one item of `icmps`; a type is a number or its name, the family IPv4 unless it says IPv6. */
export const icmpsTraffic = (item: Json): Traffic =>
  unionOfTraffics(
    list(field(item, 'fields')).map(entry => {
      const protocol = familyOf(entry)
      const type = icmpType(entry)
      const messages = type === null ? null : icmpMessages(type, null)
      return protocol === null || messages === null || messages.kind === 'refused'
        ? traffics.empty
        : icmpTraffic(protocol, messages.value)
    }),
  )

/** null: not a family. */
export const familyOf = (entry: Json): IcmpProtocol | null => {
  const family = field(entry, 'family') ?? 'IPv4'
  return family === 'IPv4' || family === '' ? ICMP : family === 'IPv6' ? ICMPV6 : null
}

/** null: not a type of that family. */
export const icmpType = (entry: Json): number | null => {
  const written = field(entry, 'type')
  const number = typeof written === 'number' ? written : /^\d{1,3}$/.test(text(written) ?? '') ? Number(written) : null
  if (number !== null) return Number.isInteger(number) && number >= 0 && number <= 255 ? number : null
  const table = familyOf(entry) === ICMPV6 ? NAMES_OF_6 : NAMES_OF_4
  const name = text(written) ?? ''
  return Object.hasOwn(table, name) ? (table[name] ?? null) : null
}
