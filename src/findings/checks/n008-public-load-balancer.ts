import { isLimited, loadBalancerScheme, sourceRangesOf } from '../../inventory/services.ts'
import { type Check, hit } from '../check.ts'

export const publicByDefault: Check = {
  id: 'PST-N008',
  title: 'Load balancer that is public without anybody saying so',
  severity: 'high',
  why: 'Every cloud makes a LoadBalancer Service public unless an annotation says internal. Where nobody wrote what was meant, the default decided, and often nobody noticed.',
  remedy: 'Write what is meant: the cloud’s internal annotation, or its public one together with source ranges.',
  references: [
    'https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer',
    'https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/',
  ],
  *run({ cluster, inventory }) {
    for (const service of cluster.services) {
      if (service.type !== 'LoadBalancer') continue
      const scheme = loadBalancerScheme(service)
      const byCloud = scheme.scheme === 'unknown' && ['aws', 'azure', 'gcp'].includes(inventory.platform.provider ?? '')
      if (scheme.scheme === 'internal' || scheme.intended || (scheme.scheme === 'unknown' && !byCloud)) continue
      const ranges = sourceRangesOf(service)
      const limited = isLimited(ranges)
      yield hit(
        service,
        `nothing says whether it should be public, and the cloud’s default is public${service.loadBalancerAddresses.length > 0 ? ` (${service.loadBalancerAddresses.join(', ')})` : ''}${limited ? `; it is limited to ${ranges.join(', ')}` : ', open to every source'}`,
        `annotate Service \`${service.ref.name}\` in \`${service.namespace}\` as internal, or as public with \`loadBalancerSourceRanges\``,
        {
          at: ['spec', 'type'],
          severity: limited ? 'medium' : null,
          witness: ranges.length > 0 ? `loadBalancerSourceRanges: ${ranges.join(', ')}` : 'type: LoadBalancer',
        },
      )
    }
  },
}
