import { type Check, hit, several } from '../check.ts'
import { hostPoliciesIn, nodesOf, podPartOf } from '../host-policies.ts'

export const policyHitsHosts: Check = {
  id: 'PST-P027',
  title: 'Policy for pods that closes hosts, too',
  severity: 'medium',
  why: 'The selector of a global policy means host endpoints as well as pods: `all()`, no selector, and a `namespaceSelector` that only leaves namespaces out. A default deny for pods so becomes one for nodes, with the failsafe ports as what is left of them.',
  remedy:
    'Limit the policy to pods with `namespaceSelector: has(projectcalico.org/name)`, or to hosts by a label of theirs.',
  references: [
    'https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy',
    'https://docs.tigera.io/calico/latest/network-policy/hosts/kubernetes-nodes',
  ],
  *run({ cluster }) {
    for (const one of hostPoliciesIn(cluster)) {
      const { policy } = one
      const pods = podPartOf(one, cluster)
      if (pods === undefined || pods.opaque === true) continue
      const closed = [pods.egress, pods.ingress].filter(({ isolates }) => isolates === true)
      const nodes = nodesOf(one, cluster).map(({ ref }) => ref.name)
      if (closed.length === 0 || nodes.length === 0) continue
      const rules = closed.flatMap(section => section.rules)
      yield hit(
        policy,
        `it selects the host endpoints of ${several(nodes)} beside pods, and closes what it does not allow there, too`,
        `add \`namespaceSelector: has(projectcalico.org/name)\` to GlobalNetworkPolicy \`${policy.ref.name}\`, or select hosts by a label`,
        {
          at: ['spec'],
          // One that allows something is mostly meant for somebody else, and closes what a default deny closes anyway.
          severity: rules.some(({ action }) => action === 'allow') ? 'low' : null,
          witness: nodes[0] === undefined ? null : `HostEndpoint of ${nodes[0]}`,
        },
      )
    }
  },
}
