/**
 * What kind of place an address is, as far as the inventory needs to know: text in, a word out. The exact algebra over
 * addresses belongs to `sets`. Source: IANA special-purpose address registries; RFC 1918, 4193, 6598.
 */
export type AddressPlace = 'metadata' | 'loopback' | 'link-local' | 'private' | 'public' | 'name'

/** Documentation ranges count as public: they stand for public addresses wherever they are written. */
export const placeOf = (text: string): AddressPlace => {
  const address = text.replace(/^\[|\]$/g, '').split('/')[0] ?? text
  if (METADATA.has(address.toLowerCase())) return 'metadata'
  const v4 = octets(address)
  if (v4 !== null) return placeOfV4(v4)
  if (!address.includes(':') || !/^[0-9a-f:.]+$/i.test(address))
    return METADATA_NAME.test(address) ? 'metadata' : 'name'
  const lower = address.toLowerCase()
  if (lower === '::1') return 'loopback'
  if (/^fe[89ab]/.test(lower)) return 'link-local'
  if (/^f[cd]/.test(lower)) return 'private'
  return 'public'
}

/** Instance metadata services and the platforms' wire servers. Source: the vendors' documentation, 2026. */
const METADATA = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '168.63.129.16',
  '100.100.100.200',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
])

/** Names by which the same services are reached. */
const METADATA_NAME =
  /^(instance-data(\.[a-z0-9-]+\.compute)?(\.ec2)?\.internal|metadata(\.google\.internal)?|metadata\.azure\.(com|internal))\.?$/i

const octets = (address: string): readonly number[] | null => {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null
  return parts.map(Number)
}

const placeOfV4 = ([a = 0, b = 0]: readonly number[]): AddressPlace => {
  if (a === 127) return 'loopback'
  if (a === 169 && b === 254) return 'link-local'
  const isPrivate =
    a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128)
  return isPrivate ? 'private' : 'public'
}

/** `0.0.0.0/0`, `::/0`: every source. */
export const isEverySource = (range: string): boolean => /^(0\.0\.0\.0|::)\/0$/.test(range)

/** Address families that appear among texts. */
export const familiesOf = (addresses: Iterable<string>): readonly ('IPv4' | 'IPv6')[] => {
  const found = new Set<'IPv4' | 'IPv6'>()
  for (const address of addresses) found.add(address.includes(':') ? 'IPv6' : 'IPv4')
  return [...found].sort()
}
