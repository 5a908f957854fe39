import { TCP_AND_UDP } from './known-traffic.ts'
import type { PossibleView } from './possible-view.ts'
import { only } from './rule-reach.ts'
import { itemsOf, type Signature } from './signatures.ts'

/** Nobody isolates, or may, and nothing stands in the way but lists of a few. */
export const isWideOpen = ({ zones, mostly }: PossibleView, signature: Signature): boolean =>
  // What hosts close on the way is seen in what passes.
  ![...itemsOf(signature.stacks.written)].some(({ kind, policy }) => kind === 'default' && policy.selects === 'pods') &&
  mostly(signature, only(4, zones.internet), TCP_AND_UDP)
