import type { Gateway, Outward } from '../../model/fabric.ts'
import type { Doubt } from '../../model/rule.ts'
import type { Family } from '../../sets/cidr.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { protocolTraffic, unionOfTraffics } from '../../sets/traffic.ts'
import type { Collected } from './collect.ts'
import { type BalancerFact, balancerOfPool } from './load-balancers.ts'
import { isOfFlexibleSet } from './machines.ts'
import type { Nat } from './nat-gateways.ts'
import type { SubnetFact } from './networks.ts'
import type { NicFact } from './nic-facts.ts'

export interface WaysOut {
  readonly nats: readonly Nat[]
  readonly balancers: readonly BalancerFact[]
  readonly nics: readonly NicFact[]
  readonly collected: Collected
}

/** What a subnet’s packets leave by, in order: the first that takes them. */
export interface SubnetOutward {
  readonly outward: readonly Outward[]
  readonly doubts: readonly Doubt[]
}

/**
 * A NAT gateway goes before addresses of machines, these before balancers, and what the platform lends is what is left.
 * Source: Azure NAT Gateway, “What is Azure NAT Gateway?”, Outbound connectivity; Default outbound access in Azure. The platform lends
 * addresses of IPv4 alone.
 */
export const outwardsIn = (ways: WaysOut): ((subnet: SubnetFact) => SubnetOutward) => {
  const natsById = new Map(ways.nats.map(nat => [nat.id, nat]))
  const bySubnet = Map.groupBy(ways.nics, ({ subnet }) => subnet)
  const families = familiesOf(ways.balancers)
  const whyOf = doubtsIn(ways)
  return subnet => {
    const whole = ways.nats.find(({ wholeNetwork }) => wholeNetwork === subnet.network)
    const nat = subnet.nat ?? whole?.id ?? null
    const natFamilies: readonly Family[] = nat === null ? [] : (natsById.get(nat)?.families ?? [4])
    const why = natFamilies.includes(4)
      ? []
      : (bySubnet.get(subnet.id) ?? []).flatMap(nic => whyOf(nic, subnet.lends) ?? [])
    return {
      outward: [
        ...(nat === null ? [] : [{ kind: 'gateway', id: nat, from: null, families: natFamilies } as const]),
        { kind: 'own' },
        { kind: 'balancers', families },
        ...(subnet.lends ? [{ kind: 'provider', families: [4], takes: LENT } as const] : []),
      ],
      doubts: [...new Set(why)].map(one => ({ level: 'unknown', why: one, settledBy: SETTLED })),
    }
  }
}

/** Source: Azure Load Balancer, “Limitations”: addresses that are shared are for TCP and UDP. */
const LENT = unionOfTraffics([TCP, UDP].map(protocolTraffic))

const familiesOf = (balancers: readonly BalancerFact[]): readonly Family[] => {
  const six = balancers.some(({ publicAddresses }) => publicAddresses.some(({ family }) => family === 6))
  return six ? [4, 6] : [4]
}

/** Why nobody can tell how an interface leaves; null: it can be told. */
const doubtsIn = ({ balancers, nics, collected }: WaysOut): ((nic: NicFact, lends: boolean) => string | null) => {
  const known = new Map(balancers.map(one => [one.id, one]))
  const lending = new Set(balancers.flatMap(one => one.lends))
  const strict = new Set(balancers.filter(one => one.isStandard).flatMap(one => one.pools))
  const byMachine = Map.groupBy(nics, ({ of }) => of)
  return (nic, lends) => {
    if (nic.privateEndpoint !== null) return null
    if (nic.hidesPublic) return `a public address of \`${nic.id}\` was not read`
    // What is lent is IPv4, and so is what goes before it.
    if (nic.publicAddresses.some(({ of }) => of.family === 4) || nic.pools.some(pool => lending.has(pool))) return null
    const unread = nic.pools.find(pool => !known.has(balancerOfPool(pool)))
    if (unread !== undefined)
      return `the balancer \`${balancerOfPool(unread)}\`, which \`${nic.id}\` stands behind, was not read`
    if (!lends) return null
    if (nic.pools.some(pool => strict.has(pool)))
      return `\`${nic.id}\` stands behind a standard balancer without outbound rules, and such a one is lent no address`
    const others = nic.of === null ? [] : (byMachine.get(nic.of) ?? []).filter(other => other.id !== nic.id)
    if (others.some(other => other.publicAddresses.length > 0 || other.hidesPublic))
      return `another interface of \`${nic.of}\` has a public address, and such a machine is lent none`
    const machine = nic.of === null ? undefined : collected.get(nic.of)
    return machine !== undefined && isOfFlexibleSet(machine)
      ? `\`${nic.of}\` is of a flexible scale set, and such a machine is lent no address`
      : null
  }
}

const SETTLED = 'the documents of public addresses and load balancers, or a probe'

/** Balancers that an interface stands behind and leaves by. */
export const balancersOf = ({ pools }: NicFact, balancers: readonly BalancerFact[]): readonly string[] =>
  balancers.filter(({ lends }) => lends.some(pool => pools.includes(pool))).map(({ id }) => id)

/** The network of whoever stands behind a balancer; null: nobody that was read does. */
export const networkBehind = (
  { pools }: BalancerFact,
  nics: readonly NicFact[],
  networkOf: (subnet: string) => string | null,
): Gateway['network'] => {
  const first = nics.find(nic => nic.pools.some(pool => pools.includes(pool)))
  return first === undefined ? null : networkOf(first.subnet)
}
