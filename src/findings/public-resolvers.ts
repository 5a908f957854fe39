import { type Addresses, addressesOfCidrs } from '../sets/addresses.ts'
import { readCidr } from '../sets/cidr.ts'

/**
 * Resolvers that answer anybody, also over TLS and HTTPS: their addresses and the names of their encrypted service.
 * Source: developers.google.com/speed/public-dns; developers.cloudflare.com/1.1.1.1; quad9.net, "Service Addresses & Features";
 * opendns.com/setupguide and support.opendns.com, "Using DNS over HTTPS"; adguard-dns.io, "Public DNS", 2026.
 */
const ADDRESSES = [
  ...['8.8.8.8', '8.8.4.4', '2001:4860:4860::8888', '2001:4860:4860::8844'],
  ...['1.1.1.1', '1.0.0.1', '2606:4700:4700::1111', '2606:4700:4700::1001'],
  ...['9.9.9.9', '149.112.112.112', '2620:fe::fe', '2620:fe::9'],
  ...['208.67.222.222', '208.67.220.220', '2620:119:35::35', '2620:119:53::53'],
  ...['94.140.14.14', '94.140.15.15', '2a10:50c0::ad1:ff', '2a10:50c0::ad2:ff'],
]

export const PUBLIC_RESOLVERS: Addresses = addressesOfCidrs(
  ADDRESSES.map(address => {
    const read = readCidr(`${address}/${address.includes(':') ? 128 : 32}`)
    if (read.kind === 'refused') throw new Error(read.why)
    return read.value
  }),
)

export const PUBLIC_RESOLVER_NAMES: readonly string[] = [
  ...['dns.google', 'dns.google.com', 'dns64.dns.google'],
  ...['cloudflare-dns.com', 'one.one.one.one', 'mozilla.cloudflare-dns.com', 'chrome.cloudflare-dns.com'],
  ...['dns.quad9.net', 'dns11.quad9.net', 'doh.opendns.com', 'dns.adguard-dns.com', 'dns.nextdns.io'],
]
