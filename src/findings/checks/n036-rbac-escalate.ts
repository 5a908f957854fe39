import { bindingText, grantedText, isAdministrator, isBuiltInRole, subjectText } from '../../inventory/access.ts'
import { type Check, hit } from '../check.ts'

export const rbacEscalate: Check = {
  id: 'PST-N036',
  title: 'Access that takes on other access',
  severity: 'high',
  why: 'Who may impersonate, bind or escalate roles, or request another account’s token, holds whatever somebody else holds: the right to change policy, to enter pods, to start one on the host network. No binding shows it.',
  remedy: 'Take the verbs from the role, or limit them to the names that are needed.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#escalate-verb',
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#token-request',
  ],
  *run({ grants }) {
    for (const grant of grants) {
      if (grant.ability !== 'impersonate or bind roles' || isAdministrator(grant)) continue
      // The built-in roles of a namespace may impersonate its service accounts: that is what they are for.
      if (isBuiltInRole(grant.binding, 'admin', 'edit')) continue
      const key = subjectText(grant.subject)
      const limited = grant.names.length > 0
      const what = grantedText(grant.granted)
      yield hit(
        grant.binding,
        `${key} may ${what} in ${grant.namespace === null ? 'the whole cluster' : `\`${grant.namespace}\``}${limited ? `, limited to ${grant.names.join(', ')}` : ''}`,
        `remove the right to ${what} from ${grant.binding.role.kind} \`${grant.binding.role.name}\`, which ${bindingText(grant.binding)} grants`,
        {
          at: ['subjects'],
          key,
          severity: grant.namespace !== null || limited ? 'medium' : null,
          witness: `${key} -> ${what}`,
        },
      )
    }
  },
}
