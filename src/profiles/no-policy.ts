import type { Profile } from '../model/profile.ts'
import { blocksOf, from } from './parts.ts'

/** What nothing is enforced by: every policy stands there and filters no packet. */
export const noPolicy = (
  its: Pick<Profile, 'id' | 'title' | 'versions' | 'gaps'> & { readonly says: string; readonly url: string },
): Profile => ({
  id: its.id,
  title: its.title,
  versions: its.versions,
  dialects: { kubernetes: 'no', 'policy-api': 'no', cilium: 'no', calico: 'no', other: 'no' },
  blocks: blocksOf({}),
  isolation: { sctp: 'allowed', icmp: 'allowed', others: 'allowed' },
  ownNode: 'allowed',
  fromOwnNode: 'allowed',
  services: 'unknown',
  opensAtStart: 'yes',
  notOn: [],
  gaps: its.gaps,
  sources: [
    ...from(its.url, its.says, 'dialects', 'gaps'),
    ...from(
      its.url,
      'Follows from that no policy is enforced.',
      'blocks',
      'isolation',
      'ownNode',
      'fromOwnNode',
      'services',
      'opensAtStart',
    ),
  ],
})
