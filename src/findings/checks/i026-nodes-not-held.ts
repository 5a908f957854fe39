import type { Check } from '../check.ts'

/** Found by `intent-findings.ts`, since declarations belong to no cluster. */
export const nodesNotHeld: Check = {
  id: 'PST-I026',
  title: 'Declared for nodes, and nothing holds them to it',
  severity: 'low',
  why: 'An EgressIntent says what nodes need, and no policy for hosts limits what they send: they reach everything that the network around them lets through. What is declared reads like a limit and is none; filters of the cloud may be one, and are not read.',
  remedy:
    'Limit what the nodes send with the network plugin’s policy for hosts, or with the cloud’s filters, to what is declared.',
  references: [
    'docs/intents.md',
    'https://docs.cilium.io/en/latest/security/policy/host/',
    'https://docs.tigera.io/calico/latest/network-policy/hosts/kubernetes-nodes',
  ],
  *run() {},
}
