import type { Cluster } from '../../model/cluster.ts'
import { partsOfPeer } from '../../model/rule.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import { type Check, hit } from '../check.ts'
import { internetIn, only } from '../rule-reach.ts'

export const setOfEverything: Check = {
  id: 'PST-P025',
  title: 'List of addresses that is everything',
  severity: 'medium',
  why: 'Rules name a set by its labels, and whoever reads them sees a list of partners. The ranges of this one come to the whole internet together, so every rule that allows it allows everything.',
  remedy: 'Put the ranges that are meant into the set, and nothing that stands for all others.',
  references: ['https://docs.tigera.io/calico/latest/reference/resources/globalnetworkset'],
  *run(view) {
    const { cluster } = view
    const sets = cluster.calico.networkSets.map(set => ({ set, cidrs: set.nets.flatMap(cidrOf) }))
    const wide = sets.filter(({ cidrs }) => cidrs.length > 0)
    if (wide.length === 0) return
    const { zones } = view.possible()
    for (const { set, cidrs } of wide) {
      const all = addressesOfCidrs(cidrs)
      const internet = internetIn(all, zones)
      if (bothFamilies.isEmpty(internet) || !mayBeAllowed(all, cluster)) continue
      const family = bothFamilies.isEmpty(only(4, internet)) ? 'IPv6' : 'IPv4'
      const halves = cidrs.filter(({ prefix }) => prefix <= 1)
      // Written as what it is, somebody means it.
      const isPlain = halves.some(({ prefix }) => prefix === 0)
      yield hit(
        set,
        `${isPlain ? 'it holds' : 'its ranges together are'} every ${family} address: a rule that allows it allows the internet`,
        `take ${isPlain ? 'the range of everything' : 'the ranges that add up to everything'} out of ${set.ref.kind} \`${set.ref.name}\``,
        {
          at: ['spec', 'nets'],
          severity: isPlain ? 'low' : null,
          witness: set.nets.filter(isShort).join(' + ') || null,
        },
      )
    }
  },
}

const cidrOf = (written: string): readonly AnyCidr[] => {
  const read = readCidr(written)
  return read.kind === 'read' ? [read.value] : []
}

const isShort = (written: string): boolean => /\/[0-7]$/.test(written)

/** A rule that lets out to all of it: a set that is only denied, or that nobody names, opens nothing. */
const mayBeAllowed = (all: Addresses, { rulePolicies }: Cluster): boolean =>
  rulePolicies.some(
    ({ dialect, inert, egress }) =>
      dialect === 'calico' &&
      inert === null &&
      egress.rules.some(
        ({ action, peers }) =>
          action === 'allow' &&
          peers.flatMap(partsOfPeer).some(part => part.kind === 'block' && bothFamilies.isSubset(all, part.addresses)),
      ),
  )
