import { TCP_AND_UDP } from './known-traffic.ts'
import type { PossibleView } from './possible-view.ts'
import { only } from './rule-reach.ts'
import { itemsOf, type Signature } from './signatures.ts'

/** Nobody isolates, or may, and nothing stands in the way but lists of a few. */
export const isWideOpen = ({ zones, mostly }: PossibleView, signature: Signature): boolean =>
  ![...itemsOf(signature.stacks.written)].some(item => item.kind === 'default') &&
  mostly(signature, only(4, zones.internet), TCP_AND_UDP)
