import { type Check, hit } from '../check.ts'
import { hostEndpointsAreKnown, hostPoliciesIn, isWholeNode, nodesOf } from '../host-policies.ts'

export const hostEndpointClosed: Check = {
  id: 'PST-N040',
  title: 'Host endpoint that closes its node',
  severity: 'medium',
  why: 'A host endpoint without a profile that allows, and without a policy that selects it, closes what enters and leaves by its interface but for the failsafe ports. The node works by those alone, and whoever repairs it in haste opens all of it.',
  remedy:
    'Write the policy first, then the endpoint; or give the endpoint the profile `projectcalico-default-allow` until there is one.',
  references: [
    'https://docs.tigera.io/calico/latest/reference/resources/hostendpoint',
    'https://docs.tigera.io/calico/latest/reference/host-endpoints/connectivity',
  ],
  *run({ cluster }) {
    if (cluster.calico.hostEndpoints.length === 0 || !hostEndpointsAreKnown(cluster)) return
    const covered = new Set(
      hostPoliciesIn(cluster).flatMap(policy => nodesOf(policy, cluster).map(({ ref }) => ref.name)),
    )
    for (const endpoint of cluster.calico.hostEndpoints) {
      // What another profile allows is not looked at.
      if (endpoint.profiles.length > 0) continue
      const { node, interfaceName } = endpoint
      // A node that was not read may be one that a policy selects.
      if (node === null || covered.has(node) || !cluster.nodes.some(({ ref }) => ref.name === node)) continue
      const where = isWholeNode(endpoint)
        ? 'every interface'
        : interfaceName === null
          ? 'its interface'
          : `\`${interfaceName}\``
      yield hit(
        endpoint,
        `no policy for egress selects it and no profile of it allows: what leaves node \`${node}\` by ${where} is closed but for the failsafe ports`,
        `write a policy that selects \`${endpoint.ref.name}\`, or give it the profile \`projectcalico-default-allow\``,
        { at: ['spec'], witness: 'no profiles' },
      )
    }
  },
}
