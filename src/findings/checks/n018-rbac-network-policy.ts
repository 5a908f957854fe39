import { subjectText } from '../../inventory/access.ts'
import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { type Check, hit, several } from '../check.ts'

export const rbacNetworkPolicy: Check = {
  id: 'PST-N018',
  title: 'Workload that may rewrite network policy',
  severity: 'high',
  why: 'A service account that may change policy can let its own pods out, and put it back afterwards. Policy is then only as strong as the weakest pod that runs as it.',
  remedy: 'Apply policy from a pipeline outside the cluster’s workloads; take the right from the service account.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  *run({ cluster, grants }) {
    for (const grant of grants) {
      if (grant.ability !== 'change network policy') continue
      const { subject } = grant
      if (subject.kind !== 'ServiceAccount' || subject.namespace === null) continue
      const runs = cluster.workloads.filter(
        workload => workload.namespace === subject.namespace && workload.shape.serviceAccount === subject.name,
      )
      const where = grant.namespace === null ? 'every namespace' : `\`${grant.namespace}\``
      yield hit(
        grant.binding,
        `${subjectText(subject)} may change ${grant.names.length > 0 ? `${several(grant.names)} ` : 'policy '}in ${where}${runs.length > 0 ? `; \`${runs[0]?.ref.name}\` runs as it` : ''}`,
        `remove ${subjectText(subject)} from \`${grant.binding.ref.name}\``,
        {
          at: ['subjects'],
          key: subjectText(subject),
          severity:
            runs.length === 0 || grant.names.length > 0 || isSystemNamespace(subject.namespace) ? 'medium' : null,
          witness: `${subjectText(subject)} -> change network policy -> ${grant.namespace ?? '*'}`,
        },
      )
    }
  },
}
