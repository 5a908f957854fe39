import { bindingText, isBuiltInRole, subjectText } from '../../inventory/access.ts'
import { type Check, hit, several } from '../check.ts'

export const labelNamespaces: Check = {
  id: 'PST-I006',
  title: 'Access that relabels namespaces',
  severity: 'medium',
  why: 'Namespace labels decide which policies apply, whose traffic is let in, and which Pod Security level is enforced. Who may write them may move a namespace into every exemption that selects by label.',
  remedy: 'Leave namespace labels to the platform’s pipeline; guard the trusted ones with an admission policy.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification'],
  *run({ grants }) {
    for (const grant of grants) {
      if (grant.ability !== 'label namespaces' || isBuiltInRole(grant.binding, 'cluster-admin')) continue
      const key = subjectText(grant.subject)
      const where =
        grant.names.length > 0
          ? several(grant.names)
          : grant.namespace === null
            ? 'every namespace'
            : `\`${grant.namespace}\``
      yield hit(
        grant.binding,
        `${key} may change the labels of ${where}`,
        `remove \`namespaces\` from ${grant.binding.role.kind} \`${grant.binding.role.name}\`, which ${bindingText(grant.binding)} grants`,
        {
          at: ['subjects'],
          key,
          severity: grant.namespace === null && grant.names.length === 0 ? null : 'low',
          witness: `${key} -> namespaces -> ${grant.names.join(', ') || (grant.namespace ?? '*')}`,
        },
      )
    }
  },
}
