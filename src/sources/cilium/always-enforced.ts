import type { ConfigMap } from '../../model/cluster.ts'
import { sourcedOf } from '../../model/provenance.ts'
import { EVERY, type RulePolicy, type Section } from '../../model/rule.ts'
import { ciliumConfigIn } from './cluster-context.ts'

/**
 * Setting `enable-policy: always`: every endpoint is closed but for what rules allow, whether a policy selects it or not. That is
 * what a policy without rules would do that selects everybody, and its object is the ConfigMap.
 * Source: docs.cilium.io, "Policy Enforcement Modes".
 */
export const alwaysEnforced = (configMaps: readonly ConfigMap[]): readonly RulePolicy[] => {
  const config = ciliumConfigIn(configMaps)
  if (config?.data.get('enable-policy') !== 'always') return []
  const closed: Section = { rules: [], isolates: true, isolatesAt: ['data', 'enable-policy'] }
  return [
    {
      ...sourcedOf(config),
      dialect: 'cilium',
      place: { tier: 'workload' },
      selects: 'pods',
      subject: EVERY,
      egress: closed,
      ingress: closed,
      inert: null,
    },
  ]
}
