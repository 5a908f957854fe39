import { bindingText, isAdministrator, subjectText } from '../../inventory/access.ts'
import { denialOf, factsOf, NEW_NAMESPACE } from '../../inventory/admission.ts'
import type { Controlled } from '../../model/access.ts'
import type { Cluster } from '../../model/cluster.ts'
import { type Check, hit } from '../check.ts'

/** The three ways in that a Service can open, and how its author writes them. */
const WAYS: readonly (readonly [Controlled, string])[] = [
  ['nodePorts', 'NodePort'],
  ['loadBalancers', 'LoadBalancer'],
  ['externalIPs', 'externalIPs'],
]

export const rbacExpose: Check = {
  id: 'PST-N032',
  title: 'Access that opens the cluster to the outside, everywhere',
  severity: 'medium',
  why: 'Who may create Services in every namespace may make any workload a NodePort or a public load balancer, or claim any address with externalIPs. Nothing reviews that step unless admission does.',
  remedy: 'Grant it per namespace, and let an admission policy decide about NodePort, LoadBalancer and externalIPs.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  *run({ cluster, grants }) {
    const ways = WAYS.map(([what, text]) => ({ text, denied: deniedEverywhere(cluster, what) }))
    const left = ways.filter(({ denied }) => denied !== true)
    const seen = new Set<string>()
    for (const grant of grants) {
      const services = grant.ability === 'create Services'
      if (grant.namespace !== null || isAdministrator(grant)) continue
      if (!services && grant.ability !== 'create Ingresses or Gateways') continue
      if (services && left.length === 0) continue
      const key = subjectText(grant.subject)
      if (seen.has(`${grant.binding.ref.name}/${key}`)) continue
      seen.add(`${grant.binding.ref.name}/${key}`)
      const limits =
        services && left.length < ways.length
          ? `, and no admission policy denies ${left.map(({ text }) => text).join(' or ')} everywhere`
          : ''
      yield hit(
        grant.binding,
        `${key} may ${grant.ability} in every namespace${limits}`,
        `replace ${bindingText(grant.binding)} by RoleBindings in the namespaces that need it`,
        {
          at: ['subjects'],
          key,
          // What is left may be denied, too.
          severity: services && left.every(({ denied }) => denied === null) ? 'low' : null,
          witness: `${key} -> ${grant.ability} -> *`,
        },
      )
    }
  },
}

/** In every namespace there is, and in a new one? null: perhaps. */
const deniedEverywhere = (cluster: Cluster, what: Controlled): boolean | null => {
  const denials = [NEW_NAMESPACE, ...[...cluster.namespaces.values()].map(factsOf)].map(
    namespace => denialOf(cluster, namespace, what).kind,
  )
  if (denials.includes('admitted')) return false
  return denials.includes('unknown') ? null : true
}
