import { isAdministrator, subjectText } from '../../inventory/access.ts'
import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { type Check, hit } from '../check.ts'

export const rbacExpose: Check = {
  id: 'PST-N032',
  title: 'Access that opens the cluster to the outside, everywhere',
  severity: 'medium',
  why: 'Who may create Services in every namespace may make any workload a NodePort or a public load balancer, or claim any address with externalIPs. Nothing reviews that step unless admission does.',
  remedy: 'Grant it per namespace, and let an admission policy decide about NodePort, LoadBalancer and externalIPs.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  *run({ cluster, grants }) {
    const guarded = cluster.admission.some(
      control => control.enforces === true && control.controls.includes('services'),
    )
    if (guarded) return
    const seen = new Set<string>()
    for (const grant of grants) {
      if (
        grant.namespace !== null ||
        isAdministrator(grant) ||
        (grant.ability !== 'create Services' && grant.ability !== 'create Ingresses or Gateways')
      )
        continue
      if (
        grant.subject.kind === 'ServiceAccount' &&
        grant.subject.namespace !== null &&
        isSystemNamespace(grant.subject.namespace)
      )
        continue
      const key = subjectText(grant.subject)
      if (seen.has(`${grant.binding.ref.name}/${key}`)) continue
      seen.add(`${grant.binding.ref.name}/${key}`)
      yield hit(
        grant.binding,
        `${key} may ${grant.ability} in every namespace`,
        `replace ClusterRoleBinding \`${grant.binding.ref.name}\` by RoleBindings in the namespaces that need it`,
        {
          at: ['subjects'],
          key,
          witness: `${key} -> ${grant.ability} -> *`,
        },
      )
    }
  },
}
