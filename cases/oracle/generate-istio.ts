import { type Generated, notingIn } from './generate.ts'
import { type EstateMade, makeEstate } from './generate-estate.ts'
import { makeNetworkPolicies } from './generate-kubernetes.ts'
import { readAddress } from './ip.ts'
import { type MakingIstio, withSidecars } from './istio-generate-pods.ts'
import { makeEntries, PORTS } from './istio-generate-registry.ts'
import { makeSettings, makeSidecars } from './istio-generate-settings.ts'
import { seeded } from './random.ts'
import { ICMP, ICMPV6, type Packet, TCP, UDP } from './types.ts'

/**
 * A small world in a mesh, with packets from its pods to addresses outside, at the edges of what the documents name. The same
 * seed gives the same world.
 */
export const generateIstioWorld = (seed: number, withPolicies: boolean): Generated => {
  const random = seeded(seed)
  const used = new Set<string>()
  const useIn = notingIn(used)
  const making: MakingIstio = { random, use: useIn('istio') }
  const useEstate = useIn('estate')
  const estate = makeEstate(random, useEstate)
  const { objects: settings, root } = makeSettings(making)
  const objects = [
    ...withSidecars(making, estate.objects),
    ...settings,
    ...makeSidecars(making, root),
    ...makeEntries(making),
    ...(withPolicies ? makeNetworkPolicies({ random, use: useIn('kubernetes'), useEstate }) : []),
  ]
  return { world: { objects }, packets: makePackets(making, estate, 60), constructs: [...used].sort() }
}

/** The first and the last address of blocks and those beside them, single addresses and those beside them. */
const PLACES = [
  ...['192.0.1.255', '192.0.2.0', '192.0.2.7', '192.0.2.8', '192.0.2.10', '192.0.2.11', '192.0.2.12', '192.0.2.63'],
  ...['192.0.2.64', '192.0.2.70', '192.0.2.71', '192.0.2.127', '192.0.2.128', '192.0.2.255', '192.0.3.0'],
  ...['198.51.99.255', '198.51.100.0', '198.51.100.7', '198.51.100.8', '198.51.100.255', '198.51.101.0', '8.8.8.8'],
  ...['2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::', '2001:db8::10', '2001:db8::11', '2001:db8:0:0:ffff::1'],
  ...['2001:db8:0:1::', '2001:db8:0:1::7', '2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:2::', '2001:db9::'],
] as const
const METADATA = ['169.254.169.254', 'fd00:ec2::254'] as const

const makePackets = (making: MakingIstio, estate: EstateMade, count: number): readonly Packet[] =>
  Array.from({ length: count }, () => makePacket(making, estate))

const makePacket = ({ random, use }: MakingIstio, { pods, taken }: EstateMade): Packet => {
  const sender = random.pick(pods.filter(pod => !pod.hostNetwork))
  const isSix = random.pick(sender.addresses).includes(':')
  const isMetadata = random.percent(6)
  if (isMetadata) use('packet to metadata')
  use(isSix ? 'packet IPv6' : 'packet IPv4')
  const known = new Set(taken.map(one => readAddress(one)?.bits))
  const free = (isMetadata ? METADATA : PLACES).filter(
    one => one.includes(':') === isSix && !known.has(readAddress(one)?.bits),
  )
  const from = { kind: 'pod', namespace: sender.namespace, name: sender.name } as const
  const to = { kind: 'address', address: random.pick(free) } as const
  const port = random.pick([...PORTS, ...PORTS, 79, 444, 3307, 8443, 53])
  switch (random.pick(['TCP', 'TCP', 'TCP', 'TCP', 'TCP', 'TCP', 'TCP', 'UDP', 'ICMP'] as const)) {
    case 'TCP':
      use('packet TCP')
      return { from, to, protocol: TCP, port }
    case 'UDP':
      use('packet UDP')
      return { from, to, protocol: UDP, port }
    case 'ICMP':
      use('packet ICMP')
      return { from, to, protocol: isSix ? ICMPV6 : ICMP, type: isSix ? 128 : 8, code: 0 }
  }
}
