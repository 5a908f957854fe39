import { calicoOfKind } from './calico-endpoints.ts'
import { nameOf } from './estate.ts'
import { at } from './json.ts'
import type { Json } from './types.ts'

export interface Tier {
  readonly name: string
  readonly order: number
  readonly end: 'deny' | 'pass'
}

/** Source: docs.tigera.io, "Get started with policy tiers"; calico, api/pkg/apis/projectcalico/v3/tier.go. */
const BUILT_IN: readonly Tier[] = [
  { name: 'adminnetworkpolicy', order: 1_000, end: 'pass' },
  { name: 'kube-admin', order: 1_000, end: 'pass' },
  { name: 'default', order: 1_000_000, end: 'deny' },
  { name: 'baselineadminnetworkpolicy', order: 10_000_000, end: 'pass' },
  { name: 'kube-baseline', order: 10_000_000, end: 'pass' },
]

/**
 * A tier without an order comes last up to 3.29; later it stands where the default tier does.
 * Source: calico, api/pkg/apis/projectcalico/v3/tier.go, TierSpec; libcalico-go/lib/resources, DefaultTierFields.
 */
export const tiersOf = (objects: readonly Json[], unordered: number): readonly Tier[] => {
  const written = calicoOfKind(objects, 'Tier').map((tier): Tier => {
    const order = at(tier, 'spec', 'order')
    return {
      name: nameOf(tier),
      order: typeof order === 'number' ? order : nameOf(tier) === 'default' ? 1_000_000 : unordered,
      end: at(tier, 'spec', 'defaultAction') === 'Pass' ? 'pass' : 'deny',
    }
  })
  return [...BUILT_IN.filter(({ name }) => !written.some(tier => tier.name === name)), ...written]
}
