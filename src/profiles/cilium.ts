import type { BlockMeaning, Profile } from '../model/profile.ts'
import { blocksOf, from, NOT_KNOWN } from './parts.ts'

const POLICY = 'https://docs.cilium.io/en/latest/network/kubernetes/policy/'
const LAYER3 = 'https://docs.cilium.io/en/latest/security/policy/layer3/'
const INTRO = 'https://docs.cilium.io/en/latest/security/policy/intro/'
const HOST = 'https://docs.cilium.io/en/latest/security/host-firewall/'
const LIFECYCLE = 'https://docs.cilium.io/en/latest/security/policy/lifecycle/'
const OPTION = 'https://github.com/cilium/cilium/blob/main/pkg/option/config.go'
const KUBEPROXY_FREE = 'https://docs.cilium.io/en/latest/network/kubernetes/kubeproxy-free/'
const CLUSTER_POLICY = 'https://github.com/cilium/cilium/pull/47227'
const LOCAL_NODE = 'https://github.com/cilium/cilium/issues/13081'
const REQUIREMENTS = 'https://docs.cilium.io/en/latest/operations/system_requirements/'

/** Addresses of pods and nodes have identities of their own, which ranges do not select. */
const OUTSIDE_ONLY: BlockMeaning = { pods: 'no', nodes: 'no' }

export const cilium: Profile = {
  id: 'cilium',
  title: 'Cilium',
  versions: '1.15 to 1.20, policy-cidr-match-mode not set',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'yes', calico: 'no', other: 'no' },
  blocks: blocksOf({ kubernetes: OUTSIDE_ONLY, cilium: OUTSIDE_ONLY, 'policy-api': NOT_KNOWN }),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  appliesUnclaimed: true,
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'no',
  notOn: ['windows'],
  gaps: [
    'SCTP is only carried where it is switched on, and other protocols than ICMP only with enable-extended-ip-protocols: pods that no policy selects lose them, too.',
    'ClusterNetworkPolicy is read from 1.20 on and only where enable-k8s-cluster-network-policy is set; AdminNetworkPolicy never was.',
    'policy-cidr-match-mode lets ranges select nodes (from 1.15) or pods; enable-policy, policy-audit-mode and allow-localhost change the answers, too.',
    'Endpoints whose labels cannot be had yet, as while the API server is away, start open unless a policy selects reserved:init.',
  ],
  sources: [
    ...from(
      'https://github.com/cilium/cilium/blob/main/pkg/policy/k8s/network_policy.go',
      'Rules of a NetworkPolicy are taken as they stand; policyTypes only adds a closed direction that has none.',
      'appliesUnclaimed',
    ),
    ...from(POLICY, 'NetworkPolicy and the two kinds of its own are the formats it takes.', 'dialects'),
    ...from(CLUSTER_POLICY, 'From 1.20, off unless it is switched on.', 'dialects.policy-api', 'gaps'),
    ...from(
      LAYER3,
      'Rules about ranges do not apply between two ends that are managed endpoints or nodes of the cluster; an option makes them select nodes.',
      'blocks.kubernetes',
      'blocks.cilium',
      'gaps',
    ),
    ...from(
      POLICY,
      'A block with a pod’s address is on the list of what is missing, and so was SCTP.',
      'blocks.kubernetes',
      'gaps',
    ),
    ...from(
      CLUSTER_POLICY,
      'Nothing was found on whether networks of a ClusterNetworkPolicy select pods and nodes here.',
      'blocks.policy-api',
    ),
    ...from(LAYER3, 'Dialects that it does not read mean nothing to it.', 'blocks.calico', 'blocks.other'),
    ...from(
      INTRO,
      'An endpoint that policy selects may only do what is allowed; ICMP has rules of its own.',
      'isolation.sctp',
      'isolation.icmp',
    ),
    ...from(
      HOST,
      'Protocols without ports are dropped as unknown unless enable-extended-ip-protocols is set.',
      'isolation.others',
      'gaps',
    ),
    ...from(
      LOCAL_NODE,
      'An isolated pod reaches its own node by the host entity only; ranges do not do it.',
      'ownNode',
    ),
    ...from(
      OPTION,
      'allow-localhost is always in Kubernetes: what the host sends to its own endpoints passes.',
      'fromOwnNode',
      'gaps',
    ),
    ...from(
      KUBEPROXY_FREE,
      'A Service’s backend is chosen at the socket or at the pod’s interface, before policy looks.',
      'services',
    ),
    ...from(
      LIFECYCLE,
      'An endpoint’s labels are known when it is created but for a few cases: its policy is there from the start.',
      'opensAtStart',
      'gaps',
    ),
    ...from(REQUIREMENTS, 'It runs on Linux.', 'notOn'),
  ],
}
