import { isSharedZone } from '../../inventory/shared-zones.ts'
import { type Check, hit, several } from '../check.ts'

export const allowListShared: Check = {
  id: 'PST-M015',
  title: 'Allow list with zones where anybody may publish',
  severity: 'medium',
  why: 'The list reads like names of partners, and some of them are names that everybody may make: a bucket, a worker, a repository. Allowing the zone allows whoever rents a name in it.',
  remedy: 'Name the bucket, account or repository instead of the zone.',
  references: ['https://attack.mitre.org/techniques/T1567/'],
  *run({ cluster }) {
    for (const proxy of cluster.proxies) {
      const named = [...proxy.acls].filter(
        ([name, acl]) =>
          acl.type === 'dstdomain' && proxy.access.some(rule => rule.action === 'allow' && rule.acls.includes(name)),
      )
      const shared = named.flatMap(([, acl]) =>
        acl.values.filter(value => value.startsWith('.') && isSharedZone(value.slice(1))),
      )
      if (shared.length === 0) continue
      yield hit(
        proxy,
        `${several(shared, 5)} ${shared.length === 1 ? 'is a zone' : 'are zones'} where anybody may publish`,
        `replace ${several(shared, 5)} in ConfigMap \`${proxy.ref.name}\` of \`${proxy.ref.namespace}\` by the names that are used`,
        {
          at: ['data', proxy.key],
          key: proxy.key,
          witness: shared.join(' '),
        },
      )
    }
  },
}
