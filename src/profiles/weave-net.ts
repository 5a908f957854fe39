import type { Profile } from '../model/profile.ts'
import { blocksOf, from, undocumented } from './parts.ts'

const NPC = 'https://github.com/weaveworks/weave/blob/master/prog/weave-npc/main.go'

export const weaveNet: Profile = {
  id: 'weave-net',
  title: 'Weave Net',
  versions: '2.6 to 2.8, the last',
  dialects: { kubernetes: 'yes', 'policy-api': 'no', cilium: 'no', calico: 'no', other: 'no' },
  blocks: blocksOf({}),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  ownNode: 'unknown',
  fromOwnNode: 'unknown',
  services: 'unknown',
  opensAtStart: 'no',
  notOn: ['windows'],
  gaps: ['Multicast passes unless it is switched off.', 'The project has ended.'],
  sources: [
    ...from(NPC, 'It watches NetworkPolicy and nothing else.', 'dialects'),
    ...undocumented(NPC, 'blocks', 'ownNode', 'fromOwnNode', 'services'),
    ...from(NPC, 'New connections that no rule marked are dropped, whatever their protocol.', 'isolation'),
    ...from(
      NPC,
      'A pod that is in no set yet has no mark either, and is dropped until the controller knows it.',
      'opensAtStart',
    ),
    ...from(NPC, 'It works by iptables, which is Linux.', 'notOn'),
    ...from(NPC, 'allow-mcast is true by default.', 'gaps'),
    ...from('https://github.com/weaveworks/weave', 'The repository is archived.', 'gaps'),
  ],
}
