import type { ClusterEngine } from '../engine/cluster-engine.ts'
import type { Rule } from '../model/rule.ts'
import { partsOf } from './selector-parts.ts'

/**
 * A whole namespace beside pods of the own one, which has none of them while the other has: together they would have meant
 * something, apart one half means nothing.
 */
export const isSplit = ({ peers }: Rule, { selection }: ClusterEngine): boolean => {
  const { bits, of } = selection
  const parts = peers.flatMap(peer => (peer.kind === 'pods' ? [partsOf(peer.selector)] : []))
  const whole = parts.filter(part => part.everyPod)
  const some = parts.filter(part => !part.everyPod)
  return some.some(
    part =>
      bits.isEmpty(of({ kind: 'all', of: [part.namespaces, part.pods] }).may) &&
      whole.some(other => !bits.isEmpty(of({ kind: 'all', of: [other.namespaces, part.pods] }).must)),
  )
}
