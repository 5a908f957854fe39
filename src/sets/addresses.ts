import { type AddressSet, addresses4, addresses6 } from './address-set.ts'
import type { BooleanAlgebra } from './algebra.ts'
import type { AnyCidr, Cidr } from './cidr.ts'

/** Addresses of both families, each in its own set: nothing of one is ever compared with the other. */
export interface Addresses {
  readonly v4: AddressSet<4>
  readonly v6: AddressSet<6>
}

/** The rung of both families side by side, with the same interface. */
export const bothFamilies: BooleanAlgebra<Addresses> = {
  empty: { v4: addresses4.empty, v6: addresses6.empty },
  full: { v4: addresses4.full, v6: addresses6.full },
  union: (a, b) => ({ v4: addresses4.union(a.v4, b.v4), v6: addresses6.union(a.v6, b.v6) }),
  intersect: (a, b) => ({ v4: addresses4.intersect(a.v4, b.v4), v6: addresses6.intersect(a.v6, b.v6) }),
  subtract: (a, b) => ({ v4: addresses4.subtract(a.v4, b.v4), v6: addresses6.subtract(a.v6, b.v6) }),
  complement: a => ({ v4: addresses4.complement(a.v4), v6: addresses6.complement(a.v6) }),
  isSubset: (a, b) => addresses4.isSubset(a.v4, b.v4) && addresses6.isSubset(a.v6, b.v6),
  isEmpty: a => addresses4.isEmpty(a.v4) && addresses6.isEmpty(a.v6),
  equals: (a, b) => addresses4.equals(a.v4, b.v4) && addresses6.equals(a.v6, b.v6),
}

/** What any of the blocks holds and none of the exceptions does; an exception of one family takes nothing from the other. */
export const addressesOfCidrs = (cidrs: readonly AnyCidr[], exceptions: readonly AnyCidr[] = []): Addresses => ({
  v4: addresses4.ofCidrs(cidrs.filter(isOf4), exceptions.filter(isOf4)),
  v6: addresses6.ofCidrs(cidrs.filter(isOf6), exceptions.filter(isOf6)),
})

const isOf4 = (cidr: AnyCidr): cidr is Cidr<4> => cidr.family === 4
const isOf6 = (cidr: AnyCidr): cidr is Cidr<6> => cidr.family === 6
