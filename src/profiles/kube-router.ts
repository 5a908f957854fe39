import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from } from './parts.ts'

const CONTROLLER = 'https://github.com/cloudnativelabs/kube-router/blob/master/pkg/controllers/netpol/npc_nftables.go'
const GUIDE = 'https://www.kube-router.io/docs/user-guide/'

export const kubeRouter: Profile = {
  id: 'kube-router',
  title: 'kube-router, also inside k3s',
  versions: '2.x, iptables or nftables',
  dialects: { kubernetes: 'yes', 'policy-api': 'no', cilium: 'no', calico: 'no', other: 'no' },
  blocks: blocksOf({ kubernetes: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'unknown', others: 'denied' },
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'yes',
  notOn: ['windows'],
  gaps: [
    'Some types of ICMP pass whatever policies say, other types do not.',
    'Node ports of the own node, and addresses of Services, pass before policy is asked about the node.',
  ],
  sources: [
    ...from(GUIDE, 'It implements NetworkPolicy.', 'dialects'),
    ...from(
      CONTROLLER,
      'A block becomes a set that the packet’s address is looked up in, whoever has it.',
      'blocks.kubernetes',
    ),
    ...from(GUIDE, 'Dialects that it does not read mean nothing to it.', 'blocks'),
    ...from(
      CONTROLLER,
      'What no policy marked is rejected at the end of a pod’s chain, whatever its protocol.',
      'isolation.sctp',
      'isolation.others',
    ),
    ...from(
      CONTROLLER,
      'A chain ahead of policy accepts certain types of ICMP: neither all nor none.',
      'isolation.icmp',
      'gaps',
    ),
    ...from(
      CONTROLLER,
      'A pod’s packets meet its chain on the way in to the host, too; node ports and Service ranges return before that.',
      'ownNode',
      'gaps',
    ),
    ...from(CONTROLLER, 'What has a source address of the node passes to its pods.', 'fromOwnNode'),
    ...from(CONTROLLER, 'Its hooks are those of the filter, after destinations are translated.', 'services'),
    ...from(
      CONTROLLER,
      'A pod’s chain is written when the controller next looks; a pod without a chain is not filtered.',
      'opensAtStart',
    ),
    ...from(CONTROLLER, 'It works by iptables and nftables, which are Linux.', 'notOn'),
  ],
}
