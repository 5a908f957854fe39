import { type Declaration, type Declared, declarationsKey, declaredBy, holdsOn, placesOf } from '../intent/declared.ts'
import { matchesOne, speaksOfNode } from '../intent/subjects.ts'
import type { Estate, Node } from '../model/cluster.ts'
import { keyOf } from '../model/identity.ts'
import type { EgressIntent, IntentDocuments } from '../model/intent.ts'
import { type ClusterView, type Hit, hit, several } from './check.ts'
import { type Opening, openingsIn } from './declared-view.ts'
import { type NodeGroup, nodeGroupsIn, nodesText } from './node-groups.ts'
import type { PossibleView } from './possible-view.ts'
import { type Meeting, meetingOf } from './unmet.ts'

/** With what is declared for them. */
export interface DeclaredNodes extends NodeGroup {
  readonly declared: Declared
}

/** Empty where no intent speaks of the cluster’s nodes: then nobody set out to declare what they need. */
export const declaredNodesIn = (estate: Estate, view: PossibleView, today: string): readonly DeclaredNodes[] => {
  const { cluster } = view.engine
  const intents = estate.intents.intents.filter(({ from }) => from?.kind === 'nodes')
  if (!intents.some(intent => isAbout(intent, cluster))) return []
  const declarationsOf = declarationsFor(estate.intents, today)
  return nodeGroupsIn(view).flatMap(group =>
    [...Map.groupBy(group.nodes, node => declarationsKey(declarationsOf(node))).values()].map(
      (nodes): DeclaredNodes => ({
        ...group,
        nodes,
        declared: declaredBy(declarationsOf(nodes[0] as Node), estate.intents, cluster.name, view.zones.resolver),
      }),
    ),
  )
}

/** It names the cluster, or speaks of a node of it. */
const isAbout = (
  { from }: EgressIntent,
  { name, nodes }: { readonly name: string; readonly nodes: readonly Node[] },
): boolean =>
  from?.kind === 'nodes' &&
  ((from.clusters !== null && matchesOne(from.clusters, name)) || nodes.some(node => speaksOfNode(from, node)))

const declarationsFor = ({ intents }: IntentDocuments, today: string): ((node: Node) => readonly Declaration[]) => {
  const known = new Map<Node, readonly Declaration[]>()
  return node => {
    const declarations =
      known.get(node) ??
      intents
        .filter(({ from }) => speaksOfNode(from, node))
        .flatMap(intent => intent.allow.filter(one => holdsOn(one, today)).map(allowance => ({ intent, allowance })))
    known.set(node, declarations)
    return declarations
  }
}

/**
 * Possible less Declared for nodes: what policy for hosts certainly lets leave, where there is such a policy. Without one all is
 * open and nothing new is said of each place; behind a firewall of the node, what is left is not known.
 */
export const undeclaredNodesIn = (
  estate: Estate,
  view: PossibleView,
  today: string,
): readonly (DeclaredNodes & { readonly openings: readonly Opening[] })[] => {
  const openingsOf = nodeOpeningsIn(view)
  return declaredNodesIn(estate, view, today).flatMap(group => {
    const openings = openingsOf(group)
    return openings.length === 0 ? [] : [{ ...group, openings }]
  })
}

export const nodeOpeningsIn = (view: PossibleView): ((group: DeclaredNodes) => readonly Opening[]) => {
  const openings = openingsIn(view)
  return ({ hold, stacks, declared }) =>
    hold === 'policy' ? openings(stacks, declared).filter(({ verdict }) => verdict === 'allowed') : []
}

/** Declared less Possible for nodes: entries that policy for hosts stops for every node of this cluster that they speak of. */
export function* brokenForNodes({
  estate,
  today,
  possible,
}: Pick<ClusterView, 'estate' | 'today' | 'possible'>): Iterable<Hit> {
  if (!estate.intents.intents.some(({ from }) => from?.kind === 'nodes')) return
  const view = possible()
  const found = new Map<
    string,
    { readonly declaration: Declaration; readonly groups: DeclaredNodes[]; broken: boolean }
  >()
  for (const group of declaredNodesIn(estate, view, today)) {
    for (const declaration of group.declared.declarations) {
      const { intent, allowance } = declaration
      const key = `${keyOf(intent.ref)} ${allowance.at.join('.')}`
      const known = found.get(key) ?? { declaration, groups: [], broken: true }
      found.set(key, known)
      known.groups.push(group)
      known.broken &&= meetingForNodes(view, group, declaration, estate.intents) === 'broken'
    }
  }
  for (const { declaration, groups, broken } of found.values()) {
    if (!broken) continue
    const { intent, allowance } = declaration
    const places = placesOf(allowance)
    yield hit(
      intent,
      `policy for hosts stops ${nodesText(groups)} from reaching ${several(places)}`,
      `allow it in a policy for hosts, or remove it from EgressIntent \`${intent.ref.name}\``,
      { at: allowance.at, key: places.join(' '), owner: allowance.owner },
    )
  }
}

/** How much of a declaration the policies for hosts let leave. */
export const meetingForNodes = (
  view: PossibleView,
  { hold, stacks }: NodeGroup,
  { allowance }: Declaration,
  documents: IntentDocuments,
): Meeting => {
  if (hold === 'nothing') return 'met'
  // A policy that was not read may allow what those that were stop.
  if (hold === 'unknown') return 'open'
  const meeting = meetingOf(view, stacks, allowance, documents)
  return hold !== 'policy' && meeting !== 'broken' ? 'open' : meeting
}
