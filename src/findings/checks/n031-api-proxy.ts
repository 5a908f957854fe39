import { bindingText, grantedText, isBuiltInRole, subjectText } from '../../inventory/access.ts'
import { type Check, hit, several } from '../check.ts'

export const apiProxy: Check = {
  id: 'PST-N031',
  title: 'Access that relays through the API server',
  severity: 'medium',
  why: 'The `proxy` subresources make the API server open a connection to a pod, Service or node on the caller’s behalf. Pod policy sees the API server, which it usually lets in, and `nodes/proxy` reaches the kubelet, which runs commands.',
  remedy: 'Remove the `proxy` subresources from the role.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#access-to-proxy-subresource-of-nodes',
  ],
  *run({ grants }) {
    for (const grant of grants) {
      if (grant.ability !== 'proxy through the API server') continue
      // Administrators may do this and everything else: that is said once, where they are named.
      if (isBuiltInRole(grant.binding, 'cluster-admin', 'admin', 'edit')) continue
      const key = subjectText(grant.subject)
      yield hit(
        grant.binding,
        `${key} may open connections through the API server in ${grant.namespace === null ? 'the whole cluster' : `\`${grant.namespace}\``}`,
        `remove ${several([...new Set(grant.granted.map(({ resource }) => resource))])} from ${grant.binding.role.kind} \`${grant.binding.role.name}\`, which ${bindingText(grant.binding)} grants`,
        {
          at: ['subjects'],
          key,
          witness: `${key} -> ${grantedText(grant.granted)}`,
        },
      )
    }
  },
}
