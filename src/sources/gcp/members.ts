import type { FilterPeers } from '../../model/fabric.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { setOfAddresses } from './ranges.ts'
import type { Who } from './who.ts'

/** One interface that rules may be about. */
export interface Member {
  readonly network: string
  readonly who: Who
  /** Its own: ranges of aliases are no part of what tags and accounts stand for. */
  readonly primary: readonly AnyAddress[]
  readonly addresses: readonly AnyAddress[]
}

/**
 * Tags and accounts of a rule stand for the interfaces of machines in the rule’s own network. Machines that were not read may have
 * them, too: wherever the network has room, and no machine is known.
 * Source: “VPC firewall rules”, Sources; Compute Engine API, Firewall, `sourceTags`, `sourceServiceAccounts`.
 */
export const membersOf = (
  network: string,
  ranges: Addresses,
  members: readonly Member[],
): ((tags: readonly string[], accounts: readonly string[]) => readonly FilterPeers[]) => {
  const here = members.filter(one => one.network === network)
  let unseen: Addresses | null = null
  return (tags, accounts) => {
    const isMeant = ({ who }: Member): boolean =>
      tags.some(tag => who.tags?.includes(tag) === true) || (who.account !== null && accounts.includes(who.account))
    // Most networks have no such rule.
    unseen ??= bothFamilies.subtract(ranges, setOfAddresses(here.flatMap(({ addresses }) => addresses)))
    const perhaps = here.filter(one => one.who.tags === null).flatMap(({ addresses }) => addresses)
    return [
      { kind: 'addresses', addresses: setOfAddresses(here.filter(isMeant).flatMap(({ primary }) => primary)) },
      {
        kind: 'perhaps',
        addresses: bothFamilies.union(unseen, setOfAddresses(perhaps)),
        why: `machines that were not read may have ${[...tags, ...accounts].map(one => `\`${one}\``).join(' or ')}`,
        settledBy: 'the output of `gcloud compute instances list` of every project that uses the network',
      },
    ]
  }
}
