import type { Profile } from '../model/profile.ts'
import { blocksOf, undocumented } from './parts.ts'

const KUBERNETES = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/'

/** A plugin that is there and that nobody here knows: it may enforce everything, or nothing. */
export const unknown: Profile = {
  id: 'unknown',
  title: 'A plugin without a profile',
  versions: 'none',
  dialects: { kubernetes: 'unknown', 'policy-api': 'unknown', cilium: 'unknown', calico: 'unknown', other: 'unknown' },
  blocks: blocksOf({}),
  isolation: { sctp: 'unknown', icmp: 'unknown', others: 'unknown' },
  ownNode: 'unknown',
  fromOwnNode: 'unknown',
  services: 'unknown',
  opensAtStart: 'unknown',
  notOn: [],
  gaps: [],
  sources: undocumented(
    KUBERNETES,
    'dialects',
    'blocks',
    'isolation',
    'ownNode',
    'fromOwnNode',
    'services',
    'opensAtStart',
  ),
}
