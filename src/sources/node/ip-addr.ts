import { at, field, isObject, type JsonObject, list } from '../../model/json.ts'
import type { InterfaceAddress, NodeInterface } from '../../model/node-facts.ts'
import { parseAddress } from './address.ts'
import { has, integerOf, textOf, textsOf } from './json-fields.ts'
import { jsonItems } from './json-items.ts'
import { type Journal, openJournal, type Reader } from './reading.ts'

/** `ip -j addr` and `ip -j link`, with and without `-d` (which alone tells the kind of an interface). */
export const readIpAddr: Reader<readonly NodeInterface[]> = (text, file, firstLine = 1) => {
  const journal = openJournal(file)
  const interfaces: NodeInterface[] = []
  for (const { value, line, index } of jsonItems(text, 1, journal, firstLine)) {
    // A filter such as `-4` leaves an empty object for every interface that it leaves out.
    if (isObject(value) && Object.keys(value).length === 0) continue
    const name = isObject(value) ? textOf(value, 'ifname') : null
    if (!isObject(value) || name === null) {
      journal.refuse(line, 'an interface without `ifname`, save `ip -j addr` again')
      continue
    }
    const flags = textsOf(value, 'flags')
    const info = at(value, 'linkinfo', 'info_data')
    const kind = textOf(isObject(value['linkinfo']) ? value['linkinfo'] : {}, 'info_kind')
    interfaces.push({
      name,
      index: integerOf(value, 'ifindex'),
      up: flags.includes('UP'),
      loopback: flags.includes('LOOPBACK'),
      mtu: integerOf(value, 'mtu'),
      kind,
      master: textOf(value, 'master'),
      lower: textOf(value, 'link'),
      peerElsewhere: has(value, 'link_netnsid') && !has(value, 'link'),
      tunnel: kind !== null && TUNNELS.has(kind) ? tunnelOf(isObject(info) ? info : {}) : null,
      addresses: list(field(value, 'addr_info')).flatMap(entry =>
        addressOf(isObject(entry) ? entry : {}, line, journal),
      ),
      origin: { file, line, index },
    })
  }
  return journal.close(interfaces)
}

/** Kinds of interface that carry packets inside other packets. Source: `ip link help`, iproute2 6.1. */
const TUNNELS = new Set([
  ...[
    'vxlan',
    'geneve',
    'gre',
    'gretap',
    'erspan',
    'ip6gre',
    'ip6gretap',
    'ip6erspan',
    'ipip',
    'sit',
    'ip6tnl',
    'vti',
    'vti6',
  ],
  ...['wireguard', 'xfrm', 'bareudp', 'gtp', 'tun', 'amt'],
])

const tunnelOf = (info: JsonObject): NodeInterface['tunnel'] => {
  const address = (...keys: readonly string[]): string | null => {
    for (const key of keys) {
      const found = parseAddress(textOf(info, key) ?? '')
      // `any` is printed as the unspecified address.
      if (found?.bytes.some(byte => byte !== 0)) return found.text
    }
    return null
  }
  return {
    id: integerOf(info, 'id'),
    local: address('local', 'local6'),
    remote: address('remote', 'remote6', 'group', 'group6'),
    port: integerOf(info, 'port'),
  }
}

const addressOf = (entry: JsonObject, line: number, journal: Journal): readonly InterfaceAddress[] => {
  if (Object.keys(entry).length === 0) return []
  const address = parseAddress(textOf(entry, 'local') ?? '')
  const length = integerOf(entry, 'prefixlen')
  if (address === null || length === null || length < 0 || length > (address.family === 4 ? 32 : 128)) {
    journal.refuse(line, 'an interface address that cannot be read', JSON.stringify(entry))
    return []
  }
  const peer = parseAddress(textOf(entry, 'address') ?? '')
  return [
    { family: address.family, address: address.text, length, scope: textOf(entry, 'scope'), peer: peer?.text ?? null },
  ]
}
