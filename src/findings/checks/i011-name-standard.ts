import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { isUserWorkload } from '../../inventory/identity.ts'
import { globMatches } from '../../model/glob.ts'
import { type Check, hit, several } from '../check.ts'

export const nameStandard: Check = {
  id: 'PST-I011',
  title: 'Name outside the naming standard',
  severity: 'low',
  why: 'Policies, intents and dashboards match namespaces and service accounts by the shape of their names. What is named otherwise falls outside all of them, and nobody notices.',
  remedy: 'Name it as the standard asks, or add its shape to the standard.',
  references: ['docs/standard.md'],
  *run({ cluster, estate }) {
    const { namespaceNames = [], serviceAccountNames = [] } = estate.standard ?? {}
    const fits = (patterns: readonly string[], name: string): boolean =>
      patterns.length === 0 || patterns.some(pattern => globMatches(pattern, name))
    for (const namespace of cluster.namespaces.values()) {
      const { name } = namespace.ref
      if (!namespace.read || isSystemNamespace(name) || name === 'default' || fits(namespaceNames, name)) continue
      yield hit(
        namespace,
        `its name is none of ${several(namespaceNames)}`,
        `move what runs in \`${name}\` to a namespace that the standard admits`,
        {
          at: ['metadata', 'name'],
          witness: name,
        },
      )
    }
    for (const workload of cluster.workloads) {
      const account = workload.shape.serviceAccount
      // The default account has a finding of its own.
      if (account === 'default' || !isUserWorkload(workload) || fits(serviceAccountNames, account)) continue
      yield hit(
        workload,
        `it runs as \`${account}\`, which is none of ${several(serviceAccountNames)}`,
        `rename service account \`${account}\` of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [...workload.shapePath, 'serviceAccountName'],
          key: 'service account',
          witness: account,
        },
      )
    }
  },
}
