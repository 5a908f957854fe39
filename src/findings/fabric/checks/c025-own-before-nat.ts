import type { Machine, NetworkInterface, Subnet } from '../../../model/fabric.ts'
import { printAddress } from '../../../sets/cidr.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { isKeptOff } from '../kept-off.ts'
import type { FabricView } from '../view.ts'
import { addressText, named, shortOf } from '../words.ts'

export const ownBeforeNat: FabricCheck = {
  id: 'PST-C025',
  title: 'Machine whose own public address goes before the NAT of its subnet',
  severity: 'medium',
  why: 'The subnet has NAT, so that everybody takes its addresses for the ones that its machines leave by. Where the platform lets a public address of a machine go first, that machine leaves by its own, which stands in no allow list and no log of the NAT gateway, and which the internet can knock at.',
  remedy: 'Take the public address from the machine, so that it leaves as the rest of its subnet does.',
  references: [
    'https://docs.cloud.google.com/nat/docs/nat-product-interactions',
    'https://cloud.google.com/compute/docs/ip-addresses',
  ],
  *run(view) {
    for (const machine of view.fabric.machines)
      for (const one of view.places.interfacesOf(machine.id)) {
        const subnet = view.places.subnets.get(one.subnet)
        if (subnet === undefined || one.publicAddresses.length === 0) continue
        const found = hitAt(view, machine, one, subnet)
        if (found !== null) yield found
      }
  },
}

const hitAt = (view: FabricView, machine: Machine, one: NetworkInterface, subnet: Subnet): FabricHit | null => {
  const own = subnet.outward.findIndex(({ kind }) => kind === 'own')
  const nat = subnet.outward.findIndex(out => out.kind === 'gateway' && out.families.includes(4))
  const gateway = subnet.outward[nat]
  if (own < 0 || nat < own || gateway?.kind !== 'gateway' || isKeptOff(view, subnet.id)) return null
  const found = view.outward
    .from({ kind: 'interface', of: one }, 4)
    .find(
      ({ way }) => way.exit.kind === 'internet-gateway' && way.exit.id === subnet.network && way.verdict !== 'denied',
    )
  if (found === undefined) return null
  const { way, packet } = found
  const seen = one.publicAddresses.map(({ seenAs }) => printAddress(seenAs))
  return hitOn(
    machine,
    `it leaves as ${seen.join(', ')}, an address of its own, while the rest of ${named(subnet)} leaves by \`${shortOf(gateway.id)}\``,
    `take the public address from ${named(machine)}, so that it leaves by \`${shortOf(gateway.id)}\``,
    {
      key: one.id,
      witness: `${addressText(one.addresses, 4) ?? seen[0]} -> ${packet}`,
      path: [{ hop: 'machine', id: machine.id }, ...way.hops],
    },
  )
}
