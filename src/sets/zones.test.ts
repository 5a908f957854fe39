import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addresses4, addresses6 } from './address-set.ts'
import { printRanges } from './address-text.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from './addresses.ts'
import { type AnyCidr, readAddress, readCidr } from './cidr.ts'
import { SPECIAL_BLOCKS } from './special-purpose.ts'
import { METADATA, NOTHING_GIVEN, splitByZone, ZONES, type Zone, type ZoneMap, zonesOf } from './zones.ts'

const cidr = (text: string): AnyCidr => {
  const read = readCidr(text)
  if (read.kind === 'refused' || read.notes.length > 0) throw new Error(text)
  return read.value
}
const setOf = (...texts: readonly string[]): Addresses => addressesOfCidrs(texts.map(cidr))

const zoneOf = (zones: ZoneMap, text: string): readonly Zone[] => {
  const read = readAddress(text)
  if (read.kind === 'refused') throw new Error(read.why)
  const address = read.value
  return ZONES.filter(zone =>
    address.family === 4 ? addresses4.contains(zones[zone].v4, address) : addresses6.contains(zones[zone].v6, address),
  )
}

const plain = zonesOf(NOTHING_GIVEN)
const check = (zone: Zone, ...texts: readonly string[]): void => {
  for (const text of texts) assert.deepEqual(zoneOf(plain, text), [zone], text)
}

test('addresses that everybody knows', () => {
  check('metadata', '169.254.169.254', '169.254.170.2', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254')
  check('link-local', '169.254.0.1', '169.254.169.253', '169.254.20.10', 'fe80::1', 'febf::1')
  check(
    'private',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    'fc00::1',
    'fd12::1',
    '64:ff9b:1::1',
  )
  check(
    'reserved',
    '0.0.0.0',
    '127.0.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.251',
    '240.0.0.1',
    '255.255.255.255',
  )
  check(
    'reserved',
    '::',
    '::1',
    '100::1',
    '2001:db8::1',
    '2001:2::1',
    '2001:10::1',
    '3fff::1',
    '4000::1',
    '5f00::1',
    'fec0::1',
    'ff02::1',
    '8000::',
    'e000::',
  )
  check(
    'internet',
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.32.0.0',
    '192.0.0.9',
    '192.88.99.1',
    '223.255.255.255',
  )
  check(
    'internet',
    '2606:4700:4700::1111',
    '64:ff9b::808:808',
    '2001:0:1::1',
    '2001:1::1',
    '2001:20::1',
    '2001:200::1',
    '2002::1',
    '2a00::1',
    '3ffe::1',
  )
})

test('the internet of IPv4, range by range', () => {
  // By hand from the registry, and the list of metadata addresses.
  assert.deepEqual(printRanges(plain.internet.v4), [
    '1.0.0.0-9.255.255.255',
    '11.0.0.0-100.63.255.255',
    '100.128.0.0-126.255.255.255',
    '128.0.0.0-168.63.129.15',
    '168.63.129.17-169.253.255.255',
    '169.255.0.0-172.15.255.255',
    '172.32.0.0-191.255.255.255',
    '192.0.0.9-192.0.0.10',
    '192.0.1.0-192.0.1.255',
    '192.0.3.0-192.88.99.1',
    '192.88.99.3-192.167.255.255',
    '192.169.0.0-198.17.255.255',
    '198.20.0.0-198.51.99.255',
    '198.51.101.0-203.0.112.255',
    '203.0.114.0-223.255.255.255',
  ])
})

test('zones are disjoint and together the whole of both families, whatever is given', () => {
  const part = fc.constantFrom(
    '10.0.0.0/8',
    '10.1.0.0/16',
    '169.254.0.0/16',
    '0.0.0.0/0',
    '100.64.0.0/10',
    'fd00::/8',
    '2001:db8::/32',
    '::/0',
    '2a00::/12',
    '169.254.169.253/32',
  )
  const set = fc.array(part, { maxLength: 3 }).map(texts => setOf(...texts))
  fc.assert(
    fc.property(set, set, set, set, set, (resolver, network, peerNetwork, onPremises, any) => {
      const zones = zonesOf({ metadata: METADATA, resolver, network, peerNetwork, onPremises })
      let seen = bothFamilies.empty
      for (const zone of ZONES) {
        assert.ok(bothFamilies.isEmpty(bothFamilies.intersect(seen, zones[zone])), zone)
        seen = bothFamilies.union(seen, zones[zone])
      }
      assert.deepEqual(seen, bothFamilies.full)
      const joined = splitByZone(zones, any).reduce(
        (sum, { addresses }) => bothFamilies.union(sum, addresses),
        bothFamilies.empty,
      )
      assert.deepEqual(joined, any)
    }),
  )
})

test('the first that fits wins', () => {
  const zones = zonesOf({
    metadata: METADATA,
    resolver: setOf('10.0.0.2/32', '169.254.169.253/32'),
    network: setOf('10.0.0.0/16', '169.254.0.0/16', '203.0.113.0/24'),
    peerNetwork: setOf('10.0.0.0/15'),
    onPremises: setOf('10.0.0.0/8', 'fd00::/8'),
  })
  const at = (text: string, zone: Zone): void => assert.deepEqual(zoneOf(zones, text), [zone], text)
  at('169.254.169.254', 'metadata')
  at('fd00:ec2::254', 'metadata')
  at('169.254.169.253', 'resolver')
  at('10.0.0.2', 'resolver')
  at('169.254.1.1', 'link-local')
  at('10.0.0.3', 'network')
  at('203.0.113.1', 'network')
  at('10.1.0.3', 'peer-network')
  at('10.2.0.0', 'on-premises')
  at('fd00::1', 'on-premises')
  at('fc00::1', 'private')
  at('192.168.0.1', 'private')
})

test('every block of the registry is written as it is kept, once', () => {
  for (const { block } of SPECIAL_BLOCKS) cidr(block)
  assert.equal(new Set(SPECIAL_BLOCKS.map(({ block }) => block)).size, SPECIAL_BLOCKS.length)
})
