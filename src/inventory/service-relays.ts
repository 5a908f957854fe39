import type { Cluster } from '../model/cluster.ts'
import type { Relay, RelayEntrance, RelayGrant } from '../model/relay.ts'
import type { Doubt } from '../model/rule.ts'
import type { Service } from '../model/service.ts'
import { addressesOfCidrs } from '../sets/addresses.ts'
import { type AnyCidr, readAddress } from '../sets/cidr.ts'
import { unionOfTraffics } from '../sets/traffic.ts'
import { dataplaneOf } from './dataplane.ts'
import { servicePortTraffic } from './listening.ts'

/**
 * Services as relays. A packet to the port on another node is policed as one to that node, and turned to an endpoint there; a
 * Service without selector leads to whatever addresses somebody wrote, and where policy is asked before translation it sees the
 * Service’s own address only.
 * Source: kubernetes.io, "Virtual IPs and Service Proxies"; "Service", Services without selectors; projectcalico/calico issue
 * 9869, on what policy sees of a node port.
 */
export const serviceRelays = (cluster: Cluster): readonly Relay[] => {
  const translation = translationDoubt(cluster)
  return cluster.services.flatMap((service): readonly Relay[] => {
    if (service.type === 'ExternalName' || isApiServer(service)) return []
    const isOutside = service.selector === null && service.endpoints.length > 0
    const ports = servicePortTraffic(service, port => port.nodePort)
    const atNodes: readonly RelayEntrance[] =
      (service.type === 'NodePort' || service.type === 'LoadBalancer') && ports.length > 0
        ? [{ at: { kind: 'other-nodes' }, traffic: unionOfTraffics(ports), doubt: translation }]
        : []
    const atAddress: readonly RelayEntrance[] =
      isOutside && !service.headless
        ? [
            {
              at: { kind: 'service', service },
              traffic: unionOfTraffics(servicePortTraffic(service, port => port.port)),
              doubt: null,
            },
          ]
        : []
    const entrances = [...atNodes, ...atAddress]
    const isBackend = service.selector !== null && atNodes.length > 0
    return entrances.length === 0 || !(isOutside || isBackend)
      ? []
      : [
          {
            of: service,
            entrances,
            grants: [isOutside ? toEndpoints(service) : toBackends(service)],
            because: [
              {
                of: service,
                at: isOutside ? ['spec'] : ['spec', 'ports'],
                says: isOutside
                  ? `leads to addresses that somebody wrote: ${service.endpoints.map(({ address }) => address).join(', ')}`
                  : 'every node listens for it and sends on to the pods behind',
              },
            ],
          },
        ]
  })
}

const isApiServer = ({ namespace, ref }: Service): boolean => namespace === 'default' && ref.name === 'kubernetes'

const toEndpoints = (service: Service): RelayGrant => ({
  to: {
    kind: 'addresses',
    addresses: addressesOfCidrs(
      service.endpoints.flatMap(({ address }) => {
        const read = readAddress(address)
        return read.kind === 'read' ? [{ ...read.value, prefix: 32 * read.value.words.length } as AnyCidr] : []
      }),
    ),
  },
  // A number, or the Service's own port: a name is looked up on pods, and there are none.
  traffic: unionOfTraffics(
    servicePortTraffic(service, ({ port, targetPort }) =>
      targetPort !== null && /^\d+$/.test(targetPort) ? Number(targetPort) : port,
    ),
  ),
  as: null,
  admits: { kind: 'everybody' },
  doubts: [],
  because: [],
})

const toBackends = (service: Service): RelayGrant => ({
  to: { kind: 'backends', service },
  traffic: unionOfTraffics(servicePortTraffic(service, ({ port }) => port)),
  as: null,
  admits: { kind: 'everybody' },
  doubts: [],
  because: [],
})

/** What replaces kube-proxy may turn the packet on the sender’s own node, where policy sees the endpoint. */
const translationDoubt = (cluster: Cluster): Doubt | null => {
  const { kubeProxy, profile } = dataplaneOf(cluster)
  return kubeProxy.replacedBy === null && !/ebpf|dataplane-v2/.test(profile)
    ? null
    : {
        level: 'unknown',
        why: 'what stands in for kube-proxy may turn the packet on the sender’s node, where policy sees the endpoint',
        settledBy: 'a packet to the port of another node',
      }
}
