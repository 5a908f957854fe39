import { exposuresOf, workloadsBehind } from '../../inventory/services.ts'
import { idOf } from '../../model/identity.ts'
import { type Check, hit, several } from '../check.ts'

export const nodePort: Check = {
  id: 'PST-N007',
  title: 'NodePort Service',
  severity: 'medium',
  why: 'A NodePort opens the same port on every node of the cluster, also where no pod of the Service runs. With `externalTrafficPolicy: Cluster` the connection is relayed with the node’s address, so pod policy sees a node instead of the client.',
  remedy: 'Use ClusterIP behind an Ingress, Gateway or internal load balancer.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport'],
  *run({ cluster }) {
    for (const service of cluster.services) {
      if (!exposuresOf(service).includes('node-port')) continue
      const ports = service.ports.map(port => `${port.nodePort ?? 'allocated'}/${port.protocol}`)
      const behind = workloadsBehind(service, cluster)
      const asNode = behind.some(workload => workload.shape.hostNetwork)
      const relays = service.externalTrafficPolicy === 'Cluster'
      yield hit(
        service,
        `every node listens on ${ports.join(', ')} for ${behind.length > 0 ? several(behind.map(workload => workload.ref.name)) : 'pods that do not exist'}${relays ? ', and relays with its own address' : ''}`,
        `change Service \`${service.ref.name}\` in \`${service.namespace}\` to \`type: ClusterIP\``,
        {
          at: ['spec', 'type'],
          severity: asNode ? 'high' : null,
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
