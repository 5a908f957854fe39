import type { Profile } from '../../src/model/profile.ts'
import type { Json, Platform } from '../oracle/types.ts'

/** Facts only: the second evaluator shares no reading with the engine. */
export const platformOf = (profile: Profile): Platform => ({
  enforces: {
    kubernetes: profile.dialects.kubernetes === 'yes',
    policyApi: profile.dialects['policy-api'] === 'yes',
    // In the second evaluator this stands for the plugin itself, with what it makes of other dialects.
    cilium: profile.appliesUnclaimed === true,
  },
  blockMatchesPods: profile.blocks.kubernetes.pods,
  blockMatchesNodes: profile.blocks.kubernetes.nodes,
  ciliumCidrMatchesPods: profile.blocks.cilium.pods === 'yes',
  ciliumCidrMatchesNodes: profile.blocks.cilium.nodes === 'yes',
  isolation: profile.isolation,
  ownNode: profile.ownNode,
  fromOwnNode: profile.fromOwnNode,
  dnsProxy: true,
})

/** Shows the version by which Cilium's policies are read: what it refuses and what it takes has changed. */
export const AGENT: Json = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'cilium', namespace: 'kube-system' },
  spec: {
    template: { spec: { hostNetwork: true, containers: [{ name: 'agent', image: 'quay.io/cilium/cilium:v1.18.2' }] } },
  },
}
