import { addOnOf } from '../../inventory/add-ons.ts'
import { placeOf } from '../../inventory/address.ts'
import { knowsOwnResolver, ownResolvers } from '../../inventory/dns.ts'
import { type Check, hit, several } from '../check.ts'

export const foreignResolver: Check = {
  id: 'PST-D001',
  title: 'Workload that asks a resolver outside the cluster',
  severity: 'high',
  why: 'Its questions pass no log and no name policy of the cluster, and a question is itself a way out: data travels in names. Policies that learn addresses from DNS never see these answers.',
  remedy: 'Use the cluster’s resolver; forward special zones there.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
    'https://attack.mitre.org/techniques/T1071/004/',
  ],
  *run({ cluster }) {
    const own = ownResolvers(cluster)
    const known = knowsOwnResolver(cluster)
    for (const workload of cluster.workloads) {
      const foreign = (workload.shape.dns?.nameservers ?? []).filter(
        address => !own.has(address) && (known || placeOf(address) !== 'private'),
      )
      if (foreign.length === 0 || addOnOf(workload) !== null) continue
      const instead = workload.shape.dnsPolicy === 'None' ? 'instead of' : 'besides'
      const isPublic = foreign.some(address => placeOf(address) === 'public')
      yield hit(
        workload,
        `it asks ${several(foreign)}${isPublic ? ', on the internet,' : ''} ${instead} the cluster’s resolver`,
        `remove the nameservers from \`dnsConfig\` of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [...workload.shapePath, 'dnsConfig', 'nameservers'],
          severity: isPublic ? null : 'medium',
          witness: `pod -> ${foreign[0]?.includes(':') ? `[${foreign[0]}]` : foreign[0]}:53/UDP`,
        },
      )
    }
  },
}
