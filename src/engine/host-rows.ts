import type { Profile } from '../model/profile.ts'
import type { Relation } from '../sets/relation.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { Basis } from './basis.ts'
import { type Column, joinColumns, relationOf } from './pairs.ts'
import { groupOfSender, type Identity, type Sender } from './population.ts'
import { eachReading, type Passing, passing, type Stacks, same } from './verdict.ts'

/**
 * What a node and the pods on its network may send to pods, where it is known which of them run beside it: how a network plugin
 * takes packets of a pod's own node is another matter than how it takes those of others.
 */
export interface HostRows {
  readonly pairsOf: (sender: Sender, egress: Stacks) => Passing<Relation<TrafficId>>
  readonly takenFrom: (sender: Sender) => Passing<Relation<TrafficId>>
}

export type Beside = 'same' | 'other' | 'either'

export const hostRows = (basis: Basis, ingressOf: (identity: number) => Stacks): HostRows => {
  const { answers, table, selection, population, spaces, options } = basis
  const { bits } = selection
  const known = { same: new Map<Stacks, Passing<TrafficId>>(), other: new Map<Stacks, Passing<TrafficId>>() }
  const ownBy = (of: Stacks): Passing<TrafficId> =>
    besideItsNode(options.profile.fromOwnNode, () => passing(spaces.ownNode, of), table.full)
  const into = (of: Stacks, beside: Beside): Passing<TrafficId> => {
    if (beside === 'either') return answers.fromNodes(of)
    const answer = known[beside].get(of) ?? (beside === 'same' ? ownBy(of) : passing(spaces.otherNode, of))
    known[beside].set(of, answer)
    return answer
  }
  const columns = (sender: Sender): Passing<Column> => {
    const each = population.identities.map(identity =>
      into(ingressOf(identity.number), besideNode(basis, sender, identity)),
    )
    return eachReading(part => Uint32Array.from(each, answer => answer[part]))
  }
  return {
    pairsOf: (sender, egress) => {
      const [out, arriving] = [answers.columnOf(egress), columns(sender)]
      return eachReading(part => joinColumns(out[part], arriving[part], table, bits))
    },
    takenFrom: sender => {
      const arriving = columns(sender)
      return eachReading(part => relationOf(arriving[part], bits))
    },
  }
}

/** What policy says between a pod and its own node, as far as the network plugin asks it there. */
export const besideItsNode = (
  word: Profile['ownNode'],
  policy: () => Passing<TrafficId>,
  full: TrafficId,
): Passing<TrafficId> => {
  if (word === 'allowed') return same(full)
  return word === 'policy' ? policy() : { ...policy(), lenient: full, may: full }
}

/** Whether the pods of an identity run on the node that sends. */
export const besideNode = (
  { mentions }: Pick<Basis, 'mentions'>,
  sender: Sender,
  { host }: Pick<Identity, 'host'>,
): Beside => {
  const group = groupOfSender(sender)
  if (group === null || host === null) return 'either'
  if (group !== host) return 'other'
  return mentions.hosts[group]?.length === 1 ? 'same' : 'either'
}
