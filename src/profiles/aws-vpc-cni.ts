import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from, undocumented } from './parts.ts'

const GUIDE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html'
const CONFIGURE = 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html'
const AGENT = 'https://github.com/aws/aws-network-policy-agent'
const EGRESS = `${AGENT}/blob/main/pkg/ebpf/c/tc.v4egress.bpf.c`
const OWN_NODE = `${AGENT}/pull/65`

export const awsVpcCni: Profile = {
  id: 'aws-vpc-cni',
  title: 'Amazon VPC CNI with its network policy agent',
  versions: '1.14 and later, standard mode',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'no', calico: 'no', other: 'unknown' },
  blocks: blocksOf({ kubernetes: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  ownNode: 'allowed',
  fromOwnNode: 'allowed',
  services: 'unknown',
  opensAtStart: 'yes',
  notOn: ['windows', 'fargate'],
  gaps: [
    'Off unless network policy is enabled for the add-on.',
    'A cluster is of one family: IPv4 rules count for nothing in an IPv6 cluster, and IPv6 rules for nothing in an IPv4 one.',
    'Only the first interface is filtered: the IPv4 egress interface of pods in IPv6 clusters and interfaces of Multus are open.',
    'Pods that nothing owns are not filtered.',
    'With NETWORK_POLICY_ENFORCING_MODE=strict pods start closed instead, and those that no policy selects stay so.',
  ],
  sources: [
    ...from(
      GUIDE,
      'NetworkPolicy from 1.14 on; cluster-wide policy is of a group of its own, networking.k8s.aws.',
      'dialects',
    ),
    ...undocumented(GUIDE, 'dialects.policy-api'),
    ...from(
      EGRESS,
      'The destination address is looked up among prefixes, whoever has it: pods, Services and nodes are entries like any other.',
      'blocks.kubernetes',
    ),
    ...from(GUIDE, 'Dialects that it does not read mean nothing to it.', 'blocks'),
    ...from(EGRESS, 'What matches no entry is dropped, whatever its protocol.', 'isolation'),
    ...from(
      OWN_NODE,
      'All traffic to and from the pod’s own node passes, whatever policies say.',
      'ownNode',
      'fromOwnNode',
    ),
    ...from(AGENT, 'Probes sit on the pod’s own interface at the host, ahead of translation there.', 'services'),
    ...from(
      CONFIGURE,
      'Policy is set up beside the pod: until it is there all traffic is allowed. Strict mode denies it.',
      'opensAtStart',
      'gaps',
    ),
    ...from(GUIDE, 'Not for Fargate or Windows nodes.', 'notOn'),
    ...from(GUIDE, 'One family a cluster; first interface only; not for pods without an owner.', 'gaps'),
    ...from(AGENT, 'The IPv4 egress interface of IPv6 pods is not secured.', 'gaps'),
  ],
}
