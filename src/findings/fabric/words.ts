import type { CloudObject, NextHop, Route } from '../../model/fabric.ts'
import type { Hop } from '../../model/finding.ts'
import { idOf } from '../../model/identity.ts'
import { type AnyAddress, printAddress, printCidr } from '../../sets/cidr.ts'
import { several } from '../check.ts'
import type { NodeThere } from './nodes.ts'

/** What findings of the network are told under. */
export const NO_CLUSTER = '-'

/** As people know it: its id without the kind before it. */
export const shortOf = (id: string): string => id.slice(id.indexOf('/') + 1)

/** `subnet-0a1` (`prod-a`) */
export const named = ({ id, name }: Pick<CloudObject, 'id' | 'name'>): string =>
  `\`${shortOf(id)}\`${name === null ? '' : ` (\`${name}\`)`}`

/** `subnet-0a1`, `subnet-0a2` and 3 more */
export const severalOf = (objects: readonly { readonly id: string }[]): string =>
  several([...new Set(objects.map(({ id }) => shortOf(id)))])

export const destinationOf = ({ destination }: Pick<Route, 'destination'>): string =>
  destination === null ? 'what was not read' : printCidr(destination)

/** `0.0.0.0/0` to `nat-0a1` */
export const routeText = (route: Route): string => {
  const { next } = route
  const target = nextText(next)
  return `\`${destinationOf(route)}\` to ${target}${next.kind === 'nowhere' ? ', which is gone' : ''}`
}

const nextText = (next: NextHop): string => {
  switch (next.kind) {
    case 'network':
      return 'the network itself'
    case 'internet':
      return 'the internet'
    case 'drop':
      return 'nowhere'
    case 'address':
      return `\`${printAddress(next.address)}\``
    default:
      return next.id === null ? 'a target' : `\`${shortOf(next.id)}\``
  }
}

/** Where the packets of a node begin. */
export const nodeHop = ({ node, interfaces: [{ of, id }] }: NodeThere): Hop =>
  node === null ? { hop: 'machine', id: of ?? id } : { hop: 'node', id: idOf(node.ref) }

/** An address of a family as people read it in a packet; null: it has none. */
export const addressText = (addresses: readonly AnyAddress[], family: 4 | 6): string | null => {
  const found = addresses.find(address => address.family === family)
  return found === undefined ? null : printAddress(found)
}

/** a, b and c */
export const joinedWords = (words: readonly string[]): string =>
  words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : (words[0] ?? '')
