/**
 * What kind of place an address is, as far as the inventory needs to know: text in, a word out. The exact algebra over
 * addresses belongs to `sets`. Source: IANA special-purpose address registries; RFC 1918, 4193, 6598.
 */
export type AddressPlace = 'metadata' | 'loopback' | 'link-local' | 'private' | 'public' | 'name'

/** Documentation ranges count as public: they stand for public addresses wherever they are written. */
export const placeOf = (text: string): AddressPlace => {
  // A name may end in a dot, and an address in the place of a name ends in it too.
  const address = (text.replace(/^\[|\]$/g, '').split('/')[0] ?? text).replace(/\.$/, '')
  // A range this wide holds public addresses, wherever it begins.
  if (/^[0-9a-f.:]+\/[0-6]$/i.test(text)) return 'public'
  const v4 = octets(address)
  if (v4 !== null) return METADATA.has(address) ? 'metadata' : placeOfV4(v4)
  const v6 = groups(address)
  if (v6 === null) return METADATA_NAME.test(address) ? 'metadata' : 'name'
  if (METADATA.has(v6.map(group => group.toString(16)).join(':'))) return 'metadata'
  const [first = 0, ...rest] = v6
  if (first === 0 && rest.slice(0, -1).every(group => group === 0) && (rest.at(-1) ?? 0) <= 1) return 'loopback'
  if (first >= 0xfe80 && first <= 0xfebf) return 'link-local'
  if (first >= 0xfc00 && first <= 0xfdff) return 'private'
  return 'public'
}

/** Instance metadata services and the platforms' wire servers. Source: the vendors' documentation, 2026. */
const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '168.63.129.16',
  '100.100.100.200',
  'fd00:ec2:0:0:0:0:0:254',
  'fd00:ec2:0:0:0:0:0:23',
  'fd20:ce:0:0:0:0:0:254',
])

/** Names by which the same services are reached. */
const METADATA_NAME =
  /^(instance-data(\.[a-z0-9-]+\.compute)?(\.ec2)?\.internal|metadata(\.google\.internal|\.goog)?|metadata\.azure\.(com|internal))$/i

const octets = (address: string): readonly number[] | null => {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null
  return parts.map(Number)
}

/** The eight groups of an IPv6 address; null for anything else, an IPv4 part included: readers differ on those. */
const groups = (address: string): readonly number[] | null => {
  const [head, tail, ...more] = address.split('::')
  if (head === undefined || more.length > 0 || !address.includes(':')) return null
  const partsOf = (text: string | undefined): readonly string[] => (text ? text.split(':') : [])
  const before = partsOf(head)
  const after = partsOf(tail)
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  const all = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  return all.every(part => /^[0-9a-f]{1,4}$/i.test(part)) ? all.map(part => Number.parseInt(part, 16)) : null
}

const placeOfV4 = ([a = 0, b = 0]: readonly number[]): AddressPlace => {
  // 0.0.0.0/8 is this host itself: where it stands for a name, it leads nowhere else.
  if (a === 127 || a === 0) return 'loopback'
  if (a === 169 && b === 254) return 'link-local'
  const isPrivate =
    a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128)
  return isPrivate ? 'private' : 'public'
}

/** Every source: `0.0.0.0/0`, `::/0`, either with host bits, one of the two halves, or all of IPv6's global unicast. */
export const isEverySource = (range: string): boolean => /^[0-9a-f.:]+\/[01]$|^2000::\/3$/i.test(range.trim())

/** Address families that appear among texts. */
export const familiesOf = (addresses: Iterable<string>): readonly ('IPv4' | 'IPv6')[] => {
  const found = new Set<'IPv4' | 'IPv6'>()
  for (const address of addresses) found.add(address.includes(':') ? 'IPv6' : 'IPv4')
  return [...found].sort()
}
