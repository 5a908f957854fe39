import type { Listener } from '../../model/node-facts.ts'
import type { AddressFamily } from '../../model/node-firewall.ts'
import { parseAddress } from './address.ts'
import { linesOf, MAX_LINE_CHARACTERS, openJournal, portNumber, type Reader } from './reading.ts'

/**
 * `ss -lntup`, with or without header, process and extended columns. The Netid column is there only when more than one
 * kind of socket was asked for. Rows of other kinds (unix, netlink) and rows that are no listeners are ignorable.
 */
export const readSs: Reader<readonly Listener[]> = (text, file, firstLine = 1) => {
  const journal = openJournal(file)
  const listeners: Listener[] = []
  // Old versions print an IPv6 wildcard as `:::80` and mean IPv4 by `*:80`; new ones mean both families by it.
  const oldStyle = /\s:::(?:\d|\*)/.test(text)
  for (const { text: raw, line } of linesOf(text, firstLine)) {
    if (raw.length > MAX_LINE_CHARACTERS) {
      journal.refuse(line, `a line longer than ${MAX_LINE_CHARACTERS} characters`)
      continue
    }
    if (raw.trim() === '' || HEADER.test(raw)) continue
    // Continuation of the row before (`ss -i`): timers and window sizes, no addresses.
    if (/^[\t ]/.test(raw)) continue
    const row = ROW.exec(raw)
    if (row === null) {
      journal.refuse(line, 'expected a row of `ss -lntup`', raw)
      continue
    }
    const [, netid = null, state = '', local = '', , rest = ''] = row
    if (netid !== null && !INTERNET.has(netid)) {
      journal.note('ignorable', line, 'a socket that is not an internet socket')
      continue
    }
    if (state !== 'LISTEN' && state !== 'UNCONN') {
      journal.note('ignorable', line, 'a connection, not a listener')
      continue
    }
    const end = endpoint(local, oldStyle)
    if (end === null) {
      journal.refuse(line, 'no address and port, run `ss` with `-n`', local)
      continue
    }
    if (netid === null)
      journal.note('partly', line, 'no protocol column: run `ss -lntup`, which asks for TCP and UDP at once')
    listeners.push({ protocol: netid, state, ...end, processes: processes(rest), origin: { file, line, index: null } })
  }
  return journal.close(listeners)
}

const HEADER = /^(?:Netid\s+)?State\s+Recv-Q\s+Send-Q\s+Local Address:Port\s+Peer Address:Port/
export const SS_ROW =
  /^(?:([a-z_0-9?]+)\s+)?(LISTEN|UNCONN|ESTAB|SYN-SENT|SYN-RECV|FIN-WAIT-[12]|TIME-WAIT|CLOSE-WAIT|LAST-ACK|CLOSING|CLOSED|UNKNOWN)\s+\d+\s+\d+\s+(\S+(?:\s\d+)?)\s+(\S+(?:\s\d+)?)(?:\s+(.*))?$/
const ROW = SS_ROW
const INTERNET = new Set(['tcp', 'udp', 'sctp', 'dccp', 'raw', 'mptcp', 'udplite', 'icmp6', '???'])

type Endpoint = Pick<Listener, 'families' | 'address' | 'device' | 'port'>

const endpoint = (text: string, oldStyle: boolean): Endpoint | null => {
  const colon = text.lastIndexOf(':')
  if (colon === -1) return null
  const service = text.slice(colon + 1)
  const port = service === '*' ? null : (portNumber(service) ?? undefined)
  if (port === undefined) return null
  let host = text.slice(0, colon)
  let device: string | null = null
  const percent = host.lastIndexOf('%')
  if (percent !== -1) {
    // `[fe80::1]%eth0`, `127.0.0.53%lo`, and in old versions `fe80::1%eth0`.
    device = host.slice(percent + 1)
    host = host.slice(0, percent)
    if (device.endsWith(']')) return null
  }
  if (host === '*') return { families: oldStyle ? [4] : [4, 6], address: null, device, port }
  if (host.startsWith('[') && host.endsWith(']')) host = host.slice(1, -1)
  else if (oldStyle && host === '::') return { families: [4, 6], address: null, device, port }
  const address = parseAddress(host)
  if (address === null) return null
  const wildcard = address.bytes.every(byte => byte === 0)
  const mapped = address.text.startsWith('::ffff:') && address.text.includes('.')
  const families: readonly AddressFamily[] = mapped ? [4] : [address.family]
  return { families, address: wildcard ? null : address.text, device, port }
}

/** `users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))`; a name may hold anything but ends at `",pid=` or `",fd=`. */
const processes = (text: string): Listener['processes'] => {
  const found = new Map<string, { name: string; pid: number | null }>()
  const start = text.indexOf('users:((')
  if (start === -1) return []
  for (const match of text.slice(start + 6).matchAll(/\("(.{0,256}?)",(?:pid=(\d{1,10}))?/g)) {
    const name = match[1] ?? ''
    const pid = match[2] === undefined ? null : Number(match[2])
    found.set(`${pid} ${name}`, { name, pid })
  }
  return [...found.values()]
}
