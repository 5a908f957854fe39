import type { Profile } from '../model/profile.ts'
import { blocksOf, from, undocumented } from './parts.ts'

const DATAPLANE = 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2'
const CLUSTERWIDE = 'https://cloud.google.com/kubernetes-engine/docs/how-to/configure-cilium-network-policy'
const NAMES = 'https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies'

/** Built with Cilium, and changed: what its own pages leave out is not taken over from Cilium. */
export const gkeDataplaneV2: Profile = {
  id: 'gke-dataplane-v2',
  title: 'GKE Dataplane V2',
  versions: 'GKE, as documented in 2026',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'unknown', calico: 'no', other: 'unknown' },
  blocks: blocksOf({}),
  isolation: { sctp: 'denied', icmp: 'unknown', others: 'unknown' },
  appliesUnclaimed: true,
  ownNode: 'unknown',
  fromOwnNode: 'unknown',
  services: 'unknown',
  opensAtStart: 'unknown',
  notOn: ['windows'],
  gaps: [
    'Of Cilium’s kinds the clusterwide policy is there for layers 3 and 4, where the cluster has it switched on.',
    'FQDNNetworkPolicy is a kind of its own and must be switched on, too.',
  ],
  sources: [
    ...from(
      'https://github.com/cilium/cilium/blob/main/pkg/policy/k8s/network_policy.go',
      'Rules of a NetworkPolicy are taken as they stand; policyTypes only adds a closed direction that has none.',
      'appliesUnclaimed',
    ),
    ...from(
      DATAPLANE,
      'NetworkPolicy is always on. The dataplane is built with Cilium, the older one with Calico.',
      'dialects',
    ),
    ...undocumented(DATAPLANE, 'dialects.policy-api'),
    ...from(
      CLUSTERWIDE,
      'CiliumClusterwideNetworkPolicy for layers 3 and 4 is enforced where the cluster enables it.',
      'dialects.cilium',
      'gaps',
    ),
    ...from(NAMES, 'FQDNNetworkPolicy needs this dataplane and an option of the cluster.', 'dialects.other', 'gaps'),
    ...from(
      'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
      'What NetworkPolicy guarantees: isolation denies SCTP.',
      'isolation.sctp',
    ),
    ...undocumented(
      DATAPLANE,
      'blocks',
      'isolation.icmp',
      'isolation.others',
      'ownNode',
      'fromOwnNode',
      'services',
      'opensAtStart',
    ),
    ...from(NAMES, 'Windows node pools are not supported, says the page on policy by name.', 'notOn'),
  ],
}
