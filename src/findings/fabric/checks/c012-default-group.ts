import { type FabricCheck, hitOn } from '../check.ts'
import { filtersOfNodes } from '../filters-of-nodes.ts'
import { nodeHop, shortOf } from '../words.ts'

export const defaultGroup: FabricCheck = {
  id: 'PST-C012',
  title: 'Nodes behind the default filter of their network',
  severity: 'low',
  why: 'The default group is what everything gets that names no other, and its members reach each other on every port. Nodes in it share it with whatever somebody starts next, and nobody owns its rules.',
  remedy: 'Give nodes a group of their own, and leave the default one without rules.',
  references: ['https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html'],
  *run(view) {
    for (const { filter, nodes } of filtersOfNodes(view)) {
      const rules = [...filter.ingress, ...filter.egress]
      const [first] = nodes
      if (!view.fabric.defaultFilters.has(filter.id) || rules.length === 0 || first === undefined) continue
      yield hitOn(
        filter,
        `${nodes.length === 1 ? 'a node is' : `${nodes.length} nodes are`} in it, with ${rules.length === 1 ? 'a rule' : `${rules.length} rules`} that whoever names no other group shares`,
        `give the nodes a group of their own, and remove the rules of \`${shortOf(filter.id)}\``,
        {
          at: rules[0]?.at ?? filter.at,
          witness: 'GroupName: default',
          path: [nodeHop(first.node), { hop: 'interface', id: first.one.id }],
        },
      )
    }
  },
}
