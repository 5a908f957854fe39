import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from } from './parts.ts'

const FELIX = 'https://github.com/projectcalico/calico/blob/v3.32.0/felix/rules/endpoints.go'
const SETTINGS = 'https://docs.tigera.io/calico/latest/reference/resources/felixconfig'
const HOSTS = 'https://docs.tigera.io/calico/latest/network-policy/hosts/protect-hosts'
const OVERVIEW = 'https://docs.tigera.io/calico/latest/reference/host-endpoints/overview'
const PRE_DNAT = 'https://docs.tigera.io/calico/latest/reference/host-endpoints/pre-dnat'
const IMPLEMENTATIONS = 'https://github.com/kubernetes-sigs/network-policy-api/pull/376'
const API_CHANGE = 'https://github.com/projectcalico/calico/issues/10745'
const AKS = 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies'
const CANAL = 'https://github.com/kubernetes/kops/pull/3272'

export const calicoIptables: Profile = {
  id: 'calico-iptables',
  title: 'Calico, iptables or nftables dataplane',
  versions: '3.29 to 3.32, open source',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'no', calico: 'yes', other: 'no' },
  blocks: blocksOf({ kubernetes: BY_ADDRESS, 'policy-api': BY_ADDRESS, calico: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'no',
  notOn: [],
  gaps: [
    'A packet to the own node that egress rules allow then meets DefaultEndpointToHostAction: Drop unless it is set, as many installations do, to Return or Accept.',
    'AdminNetworkPolicy is read up to 3.31, ClusterNetworkPolicy from 3.32 on, each of them not at all on the other side.',
    'What a pod sends as VXLAN (UDP, port 4789) or as IP-in-IP is dropped before policy is asked, unless allowVXLANPacketsFromWorkloads or allowIPIPPacketsFromWorkloads is set.',
  ],
  sources: [
    ...from(OVERVIEW, 'Policy of Kubernetes and of its own is what it enforces on workloads.', 'dialects'),
    ...from(
      API_CHANGE,
      'Support for AdminNetworkPolicy was taken out when ClusterNetworkPolicy came, in 3.32.',
      'dialects.policy-api',
      'gaps',
    ),
    ...from(
      IMPLEMENTATIONS,
      'From 3.32: the standard fields of ClusterNetworkPolicy, networks and named ports.',
      'dialects.policy-api',
      'gaps',
    ),
    ...from(
      'https://docs.tigera.io/calico/latest/reference/resources/networkpolicy',
      'A block becomes a match on the address, whoever has it.',
      'blocks',
    ),
    ...from(
      FELIX,
      'At the end of a tier whose policies select the endpoint the packet is dropped, whatever its protocol.',
      'isolation',
    ),
    ...from(
      SETTINGS,
      'A packet from a workload to its host passes the workload’s egress policy first, then DefaultEndpointToHostAction.',
      'ownNode',
      'gaps',
    ),
    ...from(
      FELIX,
      'A workload’s chain drops encapsulated packets first, unless they are allowed by those settings.',
      'gaps',
    ),
    ...from(CANAL, 'Installers set DefaultEndpointToHostAction to ACCEPT.', 'gaps'),
    ...from(HOSTS, 'It allows what the host opens towards the workloads on it, for health checks.', 'fromOwnNode'),
    ...from(
      PRE_DNAT,
      'Policy before address translation is a kind of its own and for host endpoints; that of workloads comes after.',
      'services',
    ),
    ...from(
      OVERVIEW,
      'A workload’s interface is blocked until it is known and its policy is in place.',
      'opensAtStart',
    ),
    ...from(AKS, 'Its Windows nodes are policed, too.', 'notOn'),
  ],
}
