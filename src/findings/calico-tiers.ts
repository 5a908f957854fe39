import type { CalicoPlace, RulePolicy } from '../model/rule.ts'

/** Where the Tier may be written elsewhere nobody can say that it is missing. */
export const lacksTier = (place: RulePolicy['place']): place is CalicoPlace =>
  place.tier === 'calico' && place.lacksTier === true && place.earlier === undefined

/** Source: docs.tigera.io, Tier: the order of the tier `default`, where NetworkPolicy stands. */
const DEFAULT_TIER = 1_000_000

/** For the whole cluster, and asked before whatever namespaces write. */
export const isBeforeNamespaces = ({ place, ref }: RulePolicy): boolean =>
  place.tier === 'admin' ||
  (place.tier === 'calico' && ref.namespace === null && place.name !== 'default' && place.tierOrder <= DEFAULT_TIER)
