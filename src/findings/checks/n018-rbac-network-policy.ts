import { bindingText, type Grant, subjectText } from '../../inventory/access.ts'
import { isUserWorkload } from '../../inventory/identity.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { Workload } from '../../model/workload.ts'
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
      const runs = runsAs(cluster, grant)
      if (runs === null) continue
      const who = subjectText(grant.subject)
      const where = grant.namespace === null ? 'every namespace' : `\`${grant.namespace}\``
      const what = grant.names.length > 0 ? several(grant.names) : 'policy'
      yield hit(
        grant.binding,
        `${who} may change ${what} in ${where}${runningText(grant, runs)}`,
        `remove ${who} from ${bindingText(grant.binding)}`,
        {
          at: ['subjects'],
          key: who,
          severity: runs.length === 0 || grant.names.length > 0 ? 'medium' : null,
          witness: `${who} -> change network policy -> ${grant.namespace ?? '*'}`,
        },
      )
    }
  },
}

/**
 * Workloads that run as the subject; null for people. The groups of service accounts hold every account of a
 * namespace, or of the cluster. Source: kubernetes.io, "Using RBAC Authorization", referring to subjects.
 */
const runsAs = (cluster: Cluster, { subject }: Grant): readonly Workload[] | null => {
  if (subject.kind === 'ServiceAccount')
    return subject.namespace === null
      ? null
      : (cluster.workloadsIn.get(subject.namespace) ?? []).filter(
          workload => workload.shape.serviceAccount === subject.name,
        )
  const [group, namespace] = /^system:serviceaccounts(?::(.+))?$/.exec(subject.name) ?? []
  if (subject.kind !== 'Group' || group === undefined) return null
  return namespace === undefined ? cluster.workloads.filter(isUserWorkload) : (cluster.workloadsIn.get(namespace) ?? [])
}

const runningText = ({ subject }: Grant, runs: readonly Workload[]): string => {
  const [first] = runs
  if (first === undefined) return ''
  if (subject.kind === 'ServiceAccount') return `; \`${first.ref.name}\` runs as it`
  const others = runs.length - 1
  const more = others === 0 ? '' : others === 1 ? ' and 1 more workload' : ` and ${others} more workloads`
  return `; \`${first.ref.name}\`${more} ${others === 0 ? 'runs as one of its accounts' : 'run as accounts of it'}`
}
