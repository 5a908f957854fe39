import type { Policy } from '../../model/policy.ts'
import { type Check, hit } from '../check.ts'

/** A vendor’s own kinds under another vendor’s plugin are told elsewhere: their products know them by name. */
const ASKED: readonly Policy['dialect'][] = ['kubernetes', 'policy-api', 'other']

export const kindNotEnforced: Check = {
  id: 'PST-P023',
  title: 'Policy of a kind that this plugin does not enforce',
  severity: 'high',
  why: 'The API server stores every policy whose kind is installed. Whether anything carries it out is the network plugin’s business, and not every plugin knows every kind, or has it switched on.',
  remedy: 'Write it as a policy of a kind that the plugin enforces, or switch that kind on.',
  references: [
    'https://network-policy-api.sigs.k8s.io/implementations/',
    'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
  ],
  *run(view) {
    const { cluster, inventory } = view
    const asked = cluster.policies.filter(policy => policy.inert === null && ASKED.includes(policy.dialect))
    // Where the plugin enforces nothing at all, that is one finding.
    if (asked.length === 0 || inventory.dataplane.enforcesPolicy === false) return
    const { profile } = view.possible().engine
    for (const policy of asked) {
      if (profile.dialects[policy.dialect] !== 'no') continue
      yield hit(
        policy,
        `\`${profile.id}\` does not enforce its kind, ${policy.ref.kind}: it limits nothing`,
        `write ${policy.ref.kind} \`${policy.ref.name}\` as a policy that \`${profile.id}\` enforces, or remove it`,
        { at: ['spec'], witness: profile.id },
      )
    }
  },
}
