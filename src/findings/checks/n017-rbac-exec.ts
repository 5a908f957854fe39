import { type Ability, bindingText, isAdministrator, subjectText } from '../../inventory/access.ts'
import { isSystemNamespace } from '../../inventory/add-ons.ts'
import type { HostUse } from '../../inventory/host-privilege.ts'
import { type Check, hit, several } from '../check.ts'

const ENTERING: readonly Ability[] = ['exec into pods', 'add ephemeral containers', 'forward ports']

/** The team's own workloads are named before the platform's, which every cluster has. */
const rank = ({ workload }: HostUse): number => (isSystemNamespace(workload.namespace) ? 1 : 0)

export const rbacExec: Check = {
  id: 'PST-N017',
  title: 'Access that enters privileged pods',
  severity: 'high',
  why: 'Exec, attach, port-forward and ephemeral containers give a person the way out of a pod that already runs. Where that pod is host-privileged, they give the node’s.',
  remedy: 'Limit the right to namespaces without host-privileged pods, or to a break-glass group with an audit trail.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  *run({ grants, uses }) {
    const entering = grants.filter(grant => ENTERING.includes(grant.ability) && !isAdministrator(grant))
    const privileged = uses.filter(use => use.uses.size > 0)
    for (const [, group] of Map.groupBy(
      entering,
      grant => `${grant.binding.ref.namespace}/${grant.binding.ref.name}`,
    )) {
      const [first] = group
      if (first === undefined) continue
      const reached = privileged
        .filter(use => first.namespace === null || use.workload.namespace === first.namespace)
        .sort((a, b) => rank(a) - rank(b))
      if (reached.length === 0) continue
      const subjects = [...new Set(group.map(grant => subjectText(grant.subject)))]
      const abilities = [...new Set(group.map(grant => grant.ability))]
      yield hit(
        first.binding,
        `${subjects.join(', ')} may ${abilities.join(' and ')} in ${first.namespace === null ? 'every namespace' : `\`${first.namespace}\``}, where ${several(reached.map(use => use.workload.ref.name))} ${reached.length === 1 ? 'holds' : 'hold'} host privilege`,
        first.namespace === null
          ? `replace ${bindingText(first.binding)} by RoleBindings in namespaces without host-privileged pods`
          : `remove the right from ${bindingText(first.binding)}, or move the host-privileged workloads to a namespace of their own`,
        { at: ['subjects'], witness: `${subjects[0]} -> ${abilities[0]} -> ${reached[0]?.workload.ref.name}` },
      )
    }
  },
}
