import { type Check, hit, several } from '../check.ts'

export const namespaceLabels: Check = {
  id: 'PST-I005',
  title: 'Namespace outside the naming standard',
  severity: 'low',
  why: 'Policies that select namespaces by label, and people who look for an owner, find only what carries the labels. This fleet’s own standard asks for them.',
  remedy: 'Add the labels that the standard names.',
  references: ['docs/standard.md'],
  *run({ cluster, inventory }) {
    for (const { namespace: name, missing } of inventory.identity.namespacesWithoutLabels) {
      const namespace = cluster.namespaces.get(name)
      if (namespace === undefined) continue
      yield hit(namespace, `it lacks ${several(missing)}`, `label namespace \`${name}\` with ${several(missing)}`, {
        at: ['metadata', 'labels'],
        witness: missing.join(', '),
      })
    }
  },
}
