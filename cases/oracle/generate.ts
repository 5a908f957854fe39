import { CONSTRUCTS, type Dialect, type Group, type Use } from './constructs.ts'
import { makeCalicoObjects, withAccounts } from './generate-calico.ts'
import { makeCalicoHosts, NO_HOSTS } from './generate-calico-hosts.ts'
import { makeCiliumObjects, withPlatformLabels } from './generate-cilium.ts'
import { makeEstate } from './generate-estate.ts'
import { makeNetworkPolicies } from './generate-kubernetes.ts'
import { makePackets } from './generate-packets.ts'
import { makeTieredPolicies } from './generate-policy-api.ts'
import { seeded } from './random.ts'
import type { Json, Packet } from './types.ts'

export { CONSTRUCTS }

/** One small world with packets at the edges of its rules. */
export interface Generated {
  readonly world: { readonly objects: readonly Json[] }
  readonly packets: readonly Packet[]
  /** What was written, each once, as `dialect: construct`. */
  readonly constructs: readonly string[]
}

/** The same seed and dialects give the same world. */
export const generateWorld = (seed: number, dialects: readonly Dialect[]): Generated => {
  const random = seeded(seed)
  const used = new Set<string>()
  const useIn = notingIn(used)
  const useEstate = useIn('estate')
  const calico = dialects.includes('calico') ? { random, use: useIn('calico'), useEstate } : null
  const made = makeEstate(random, useEstate)
  const cilium = dialects.includes('cilium') ? { random, use: useIn('cilium'), useEstate } : null
  const owned = calico === null ? made.objects : withAccounts(calico, made.objects)
  const estate = { ...made, objects: cilium === null ? owned : withPlatformLabels(cilium, owned) }
  const policies = [
    ...(dialects.includes('kubernetes') ? makeNetworkPolicies({ random, use: useIn('kubernetes'), useEstate }) : []),
    ...(dialects.includes('policy-api') ? makeTieredPolicies(random, useIn('policy-api'), useEstate) : []),
    ...(cilium === null ? [] : makeCiliumObjects(cilium)),
    ...(calico === null ? [] : makeCalicoObjects(calico)),
  ]
  const packets = makePackets(random, useEstate, estate, 40)
  // Last, so that whatever else is made of a seed stays as it is.
  const hosts = calico === null ? NO_HOSTS : makeCalicoHosts(calico, estate)
  return {
    world: { objects: [...estate.objects, ...policies, ...hosts.objects] },
    packets: [...packets, ...hosts.packets],
    constructs: [...used].sort(),
  }
}

/** As `constructs` lists them. */
export const constructName = (group: Group, construct: string): string => `${group}: ${construct}`

/** Notes what is written, by group, under these names. */
export const notingIn =
  (used: Set<string>) =>
  <G extends Group>(group: G): Use<G> =>
  construct =>
    used.add(constructName(group, construct))
