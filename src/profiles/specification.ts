import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from, undocumented } from './parts.ts'

const KUBERNETES = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/'
const POLICY_API =
  'https://github.com/kubernetes-sigs/network-policy-api/blob/v0.3.0/apis/v1beta1/clusternetworkpolicy_types.go'
const CILIUM = 'https://docs.cilium.io/en/latest/security/policy/layer3/'
const CALICO = 'https://docs.tigera.io/calico/latest/reference/resources/networkpolicy'

/**
 * What the APIs promise, where nothing is known of the plugin: every document at its word, and `unknown` where its
 * documentation leaves plugins their choice.
 */
export const specification: Profile = {
  id: 'specification',
  title: 'The specifications alone',
  versions: 'networking.k8s.io/v1; policy.networking.k8s.io v1alpha1, v1alpha2, v1beta1',
  dialects: { kubernetes: 'yes', 'policy-api': 'yes', cilium: 'yes', calico: 'yes', other: 'unknown' },
  blocks: blocksOf({ 'policy-api': BY_ADDRESS, cilium: { pods: 'no', nodes: 'no' }, calico: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'unknown', others: 'unknown' },
  ownNode: 'allowed',
  fromOwnNode: 'allowed',
  services: 'unknown',
  opensAtStart: 'no',
  notOn: [],
  gaps: [],
  sources: [
    ...from(KUBERNETES, 'A policy has an effect only where the plugin implements it; here it is taken to.', 'dialects'),
    ...from(
      KUBERNETES,
      'Blocks should be addresses outside the cluster, as those of pods come and go. That they match no pod is not said; of nodes it says elsewhere that ranges can be written for them.',
      'blocks.kubernetes',
    ),
    ...from(
      POLICY_API,
      'Networks are meant for the outside; traffic inside the cluster is checked, too.',
      'blocks.policy-api',
    ),
    ...from(
      CILIUM,
      'Rules about ranges do not apply between two ends that are managed endpoints or nodes of the cluster.',
      'blocks.cilium',
    ),
    ...from(CALICO, 'Nets compare addresses; nothing is left out for belonging to a pod or node.', 'blocks.calico'),
    ...undocumented(KUBERNETES, 'blocks.other'),
    ...from(KUBERNETES, 'Denying everything is guaranteed to deny TCP, UDP and SCTP.', 'isolation.sctp'),
    ...from(KUBERNETES, 'For others, such as ICMP, the behaviour is undefined.', 'isolation.icmp', 'isolation.others'),
    ...from(
      KUBERNETES,
      'Under the identifiers of peers: traffic to and from the node where a pod runs is always allowed. The section on isolation repeats it for ingress only.',
      'ownNode',
      'fromOwnNode',
    ),
    ...from(
      KUBERNETES,
      'Whether addresses are rewritten before or after policy is not defined and may differ.',
      'services',
    ),
    ...from(
      KUBERNETES,
      'Under pod lifecycle: once a policy was handled, new pods are isolated before they start. A pod older than that may start open.',
      'opensAtStart',
    ),
  ],
}
