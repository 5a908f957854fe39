import { ciliumConfig } from '../../inventory/cilium-config.ts'
import { type Check, hit } from '../check.ts'

export const hostFirewallOff: Check = {
  id: 'PST-N023',
  title: 'Policy for nodes while the host firewall is off',
  severity: 'high',
  why: 'A Cilium policy with a `nodeSelector` speaks to the host firewall. Where that feature is off the policy is accepted and does nothing: the nodes, and every host-network pod, stay open.',
  remedy: 'Set `enable-host-firewall: "true"`, after watching the policy in audit mode.',
  references: ['https://docs.cilium.io/en/stable/security/host-firewall/'],
  *run({ cluster }) {
    const config = ciliumConfig(cluster)
    // Without Cilium's own settings nobody knows.
    if (config === null) return
    const setting = config.data.get('enable-host-firewall')
    if (setting === 'true') return
    for (const policy of cluster.policies) {
      if (policy.dialect !== 'cilium' || !policy.specs.some(spec => spec.selectsNodes)) continue
      yield hit(
        policy,
        'it selects nodes, and the host firewall is off',
        `set \`enable-host-firewall: "true"\` in ConfigMap \`${config.ref.name}\`, so that \`${policy.ref.name}\` takes effect`,
        {
          at: ['spec', 'nodeSelector'],
          witness: `enable-host-firewall: ${setting ?? 'absent'}`,
        },
      )
    }
  },
}
