import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from, undocumented } from './parts.ts'

const CLUSTER_POLICY = 'https://antrea.io/docs/main/docs/cluster-network-policy/'
const ADMIN = 'https://antrea.io/docs/main/docs/admin-network-policy/'
const NATIVE = 'https://antrea.io/docs/main/docs/antrea-network-policy/'
const PIPELINE = 'https://antrea.io/docs/main/docs/design/ovs-pipeline/'

export const antrea: Profile = {
  id: 'antrea',
  title: 'Antrea',
  versions: '1.13 to 2.7, AntreaProxy on',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'no', calico: 'no', other: 'unknown' },
  blocks: blocksOf({ kubernetes: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'unknown',
  notOn: [],
  gaps: [
    'AdminNetworkPolicy (from 1.13) and ClusterNetworkPolicy (from 2.7) are enforced only where their feature gates are set, and stand among tiers of its own policies.',
  ],
  sources: [
    ...from(NATIVE, 'NetworkPolicy and kinds of its own are enforced.', 'dialects'),
    ...from(
      ADMIN,
      'From 1.13, behind a feature gate; same and not-same labels are left out.',
      'dialects.policy-api',
      'gaps',
    ),
    ...from(CLUSTER_POLICY, 'From 2.7, behind a feature gate that is off.', 'dialects.policy-api', 'gaps'),
    ...from(PIPELINE, 'A block is a match on the packet’s address, whoever has it.', 'blocks.kubernetes'),
    ...undocumented(CLUSTER_POLICY, 'blocks.policy-api'),
    ...from(NATIVE, 'Dialects that it does not read mean nothing to it.', 'blocks'),
    ...from(
      PIPELINE,
      'What an isolated pod sends and no rule allows is dropped by its address, whatever the protocol.',
      'isolation',
    ),
    ...from(PIPELINE, 'Egress tables see all that a pod sends, before it is forwarded anywhere.', 'ownNode'),
    ...from(NATIVE, 'What a node sends to its own pods is always allowed, for probes.', 'fromOwnNode'),
    ...from(PIPELINE, 'The endpoint of a Service is chosen in tables ahead of those of policy.', 'services'),
    ...undocumented(PIPELINE, 'opensAtStart'),
  ],
}
