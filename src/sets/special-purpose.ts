/**
 * What the registries say of blocks that are not ordinary global unicast. Facts only; `zones.ts` judges.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries, both as last updated on 2025-10-09 (RFC 6890), to which are
 * added the blocks that other IANA registries set apart: multicast (RFC 5771, RFC 4291 section 2.7), and IPv6 outside the
 * assigned format prefixes (RFC 4291 section 2.4; Internet Protocol Version 6 Address Space, 2025-10-23).
 *
 * `reach`: `global` is globally reachable, `own` is meant for use inside one's own networks, `link` stays on the link,
 * `none` is neither. Where a block lies in another the longer prefix counts. A tunnelling block for which the registry says
 * neither (6to4, Teredo) is `global`: packets to it end on the IPv4 internet. A terminated block without a value takes what
 * surrounds it.
 */
export interface SpecialBlock {
  readonly block: string
  readonly name: string
  readonly reach: 'global' | 'own' | 'link' | 'none'
}

const blocks = (reach: SpecialBlock['reach'], rows: Readonly<Record<string, string>>): readonly SpecialBlock[] =>
  Object.entries(rows).map(([block, name]) => ({ block, name, reach }))

export const SPECIAL_BLOCKS: readonly SpecialBlock[] = [
  ...blocks('own', {
    '10.0.0.0/8': 'private use, RFC 1918',
    '172.16.0.0/12': 'private use, RFC 1918',
    '192.168.0.0/16': 'private use, RFC 1918',
    '100.64.0.0/10': 'shared address space, RFC 6598',
    'fc00::/7': 'unique local, RFC 4193',
    '64:ff9b:1::/48': 'local-use IPv4/IPv6 translation, RFC 8215',
  }),
  ...blocks('link', {
    '169.254.0.0/16': 'link local, RFC 3927',
    'fe80::/10': 'link-local unicast, RFC 4291',
  }),
  ...blocks('none', {
    '0.0.0.0/8': 'this network, RFC 791',
    '127.0.0.0/8': 'loopback, RFC 1122',
    '192.0.0.0/24': 'IETF protocol assignments, RFC 6890',
    '192.0.2.0/24': 'documentation, RFC 5737',
    '192.88.99.2/32': '6a44 relay anycast, RFC 6751',
    '198.18.0.0/15': 'benchmarking, RFC 2544',
    '198.51.100.0/24': 'documentation, RFC 5737',
    '203.0.113.0/24': 'documentation, RFC 5737',
    '224.0.0.0/4': 'multicast, RFC 5771',
    '240.0.0.0/4': 'reserved, RFC 1112, and limited broadcast, RFC 919',
    '::/3': 'no format prefix but those named here; loopback, unspecified and IPv4-mapped among it, RFC 4291',
    '100::/64': 'discard only, RFC 6666',
    '100:0:0:1::/64': 'dummy prefix, RFC 9780',
    '2001::/23': 'IETF protocol assignments, RFC 2928',
    '2001:2::/48': 'benchmarking, RFC 5180',
    '2001:10::/28': 'terminated ORCHID, RFC 4843',
    '2001:db8::/32': 'documentation, RFC 3849',
    '3fff::/20': 'documentation, RFC 9637',
    '4000::/2': 'no format prefix; SRv6 SIDs in 5f00::/16 among it, RFC 9602',
    '8000::/1': 'no format prefix but those named here',
    'ff00::/8': 'multicast, RFC 4291',
  }),
  ...blocks('global', {
    '192.0.0.9/32': 'port control protocol anycast, RFC 7723',
    '192.0.0.10/32': 'TURN anycast, RFC 8155',
    '192.31.196.0/24': 'AS112, RFC 7535',
    '192.52.193.0/24': 'AMT, RFC 7450',
    '192.88.99.0/24': 'terminated 6to4 relay anycast, RFC 7526',
    '192.175.48.0/24': 'AS112 direct delegation, RFC 7534',
    '64:ff9b::/96': 'IPv4/IPv6 translation, RFC 6052',
    '2001::/32': 'Teredo, RFC 4380',
    '2001:1::1/128': 'port control protocol anycast, RFC 7723',
    '2001:1::2/128': 'TURN anycast, RFC 8155',
    '2001:1::3/128': 'DNS-SD service registration anycast, RFC 9665',
    '2001:3::/32': 'AMT, RFC 7450',
    '2001:4:112::/48': 'AS112, RFC 7535',
    '2001:20::/28': 'ORCHIDv2, RFC 7343',
    '2001:30::/28': 'drone remote identification, RFC 9374',
    '2002::/16': '6to4, RFC 3056',
    '2620:4f:8000::/48': 'AS112 direct delegation, RFC 7534',
  }),
]
