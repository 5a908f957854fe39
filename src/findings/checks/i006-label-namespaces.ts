import { subjectText } from '../../inventory/access.ts'
import { type Check, hit } from '../check.ts'

export const labelNamespaces: Check = {
  id: 'PST-I006',
  title: 'Access that relabels namespaces',
  severity: 'medium',
  why: 'Namespace labels decide which policies apply, whose traffic is let in, and which Pod Security level is enforced. Who may write them may move a namespace into every exemption that selects by label.',
  remedy: 'Leave namespace labels to the platform’s pipeline; guard the trusted ones with an admission policy.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/#namespace-modification'],
  *run({ grants }) {
    const seen = new Set<string>()
    for (const grant of grants) {
      if (grant.ability !== 'label namespaces' || grant.binding.role.name === 'cluster-admin') continue
      const key = subjectText(grant.subject)
      const id = `${grant.binding.ref.namespace}/${grant.binding.ref.name}/${key}`
      if (seen.has(id)) continue
      seen.add(id)
      yield hit(
        grant.binding,
        `${key} may change the labels of ${grant.namespace === null ? 'every namespace' : `\`${grant.namespace}\``}`,
        `remove \`namespaces\` from ${grant.binding.role.kind} \`${grant.binding.role.name}\``,
        {
          at: ['subjects'],
          key,
          severity: grant.namespace === null ? null : 'low',
          witness: `${key} -> namespaces -> ${grant.namespace ?? '*'}`,
        },
      )
    }
  },
}
