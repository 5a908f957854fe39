import { bindingText, subjectText } from '../../inventory/access.ts'
import { type Check, hit } from '../check.ts'

export const proxyConfigAccess: Check = {
  id: 'PST-M016',
  title: 'Access that rewrites a proxy’s allow list',
  severity: 'high',
  why: 'The allow list stands in a ConfigMap, and who may change that ConfigMap may let anything out through the proxy. It is the same as changing network policy, and fewer people look.',
  remedy: 'Leave the proxy’s ConfigMaps to its own pipeline.',
  references: ['https://kubernetes.io/docs/concepts/security/rbac-good-practices/'],
  *run({ cluster, grants }) {
    for (const [namespace, proxies] of Map.groupBy(cluster.proxies, proxy => proxy.ref.namespace)) {
      for (const grant of grants) {
        if (grant.ability !== 'change ConfigMaps' || grant.namespace !== namespace || namespace === null) continue
        const names = proxies.map(proxy => proxy.ref.name)
        if (grant.names.length > 0 && !grant.names.some(name => names.includes(name))) continue
        const key = subjectText(grant.subject)
        yield hit(
          grant.binding,
          `${key} may change the proxy’s settings in \`${namespace}\` (${names.join(', ')})`,
          `remove ${key} from ${bindingText(grant.binding)} in \`${namespace}\``,
          { at: ['subjects'], key, witness: `${key} -> configmaps -> ${namespace}` },
        )
      }
    }
  },
}
