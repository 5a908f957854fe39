import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { placeOf } from '../../inventory/address.ts'
import { exposuresOf, workloadsBehind } from '../../inventory/services.ts'
import { idOf } from '../../model/identity.ts'
import type { Service } from '../../model/service.ts'
import type { Workload } from '../../model/workload.ts'
import { type Check, hit, several } from '../check.ts'

/** GKE's Ingress controller keeps its default backend on a NodePort. Source: github.com/kubernetes/ingress-gce. */
const isPlatforms = ({ namespace, ref }: Service): boolean =>
  namespace === 'kube-system' && (ref.name === 'default-http-backend' || ref.name === 'l7-default-backend')

const whoIsBehind = (service: Service, behind: readonly Workload[]): string => {
  if (behind.length > 0) return several(behind.map(workload => workload.ref.name))
  if (service.endpoints.length > 0) return several(service.endpoints.map(endpoint => endpoint.address))
  return service.selector === null ? 'endpoints that nobody wrote' : 'pods that do not exist'
}

export const nodePort: Check = {
  id: 'PST-N007',
  title: 'NodePort Service',
  severity: 'medium',
  why: 'A NodePort opens the same port on every node of the cluster, also where no pod of the Service runs. With `externalTrafficPolicy: Cluster` the connection is relayed with the node’s address, so pod policy sees a node instead of the client.',
  remedy: 'Use ClusterIP behind an Ingress, Gateway or internal load balancer.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport'],
  *run({ cluster }) {
    for (const service of cluster.services) {
      if (!exposuresOf(service).includes('node-port') || isPlatforms(service)) continue
      const ports = service.ports.map(port => `${port.nodePort ?? 'allocated'}/${port.protocol}`)
      const behind = workloadsBehind(service, cluster)
      const outside = service.endpoints.filter(
        endpoint => endpoint.pod === null && ['public', 'name'].includes(placeOf(endpoint.address)),
      )
      const asNode = behind.some(workload => workload.shape.hostNetwork)
      const relays = service.externalTrafficPolicy === 'Cluster'
      yield hit(
        service,
        `every node listens on ${ports.join(', ')} for ${whoIsBehind(service, behind)}${relays ? ', and relays with its own address' : ''}`,
        `change Service \`${service.ref.name}\` in \`${service.namespace}\` to \`type: ClusterIP\``,
        {
          at: ['spec', 'type'],
          severity: asNode || outside.length > 0 ? 'high' : isSystemNamespace(service.namespace) ? 'low' : null,
          witness: `nodePort: ${ports.join(', ')}`,
          path: [
            { hop: 'node', id: 'every node' },
            { hop: 'service', id: idOf(service.ref) },
            ...behind.slice(0, 1).map(workload => ({ hop: 'workload', id: idOf(workload.ref) })),
          ],
        },
      )
    }
  },
}
