import { bindingText, isBuiltInRole, subjectText } from '../../inventory/access.ts'
import { clusterResolvers } from '../../inventory/dns.ts'
import { type Check, hit, several } from '../check.ts'

const RESOLVER_MAPS = ['coredns', 'coredns-custom', 'kube-dns', 'node-local-dns']

export const resolverConfigAccess: Check = {
  id: 'PST-D008',
  title: 'Access that rewrites the cluster’s resolver',
  severity: 'medium',
  why: 'Who may change the resolver’s ConfigMap decides where every pod’s questions go and what the answers are: a new zone is a tunnel, a rewritten name an exit that policy by name will follow.',
  remedy: 'Leave the resolver’s ConfigMaps to the platform’s own pipeline.',
  references: ['https://coredns.io/manual/configuration/'],
  *run({ cluster, grants }) {
    for (const grant of grants) {
      if (grant.ability !== 'change ConfigMaps' || (grant.namespace !== null && grant.namespace !== 'kube-system'))
        continue
      if (grant.names.length > 0 && !grant.names.some(name => RESOLVER_MAPS.includes(name))) continue
      if (isBuiltInRole(grant.binding, 'cluster-admin') || clusterResolvers(cluster).length === 0) continue
      const key = subjectText(grant.subject)
      yield hit(
        grant.binding,
        `${key} may change ${grant.names.length > 0 ? `ConfigMap ${several(grant.names)}` : 'ConfigMaps'} in ${grant.namespace === null ? 'every namespace, kube-system among them' : '`kube-system`'}`,
        `limit ${bindingText(grant.binding)} to the namespaces and names that it needs`,
        {
          at: ['subjects'],
          key,
          witness: `${key} -> configmaps -> kube-system`,
        },
      )
    }
  },
}
