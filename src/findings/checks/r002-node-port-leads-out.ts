import { passing } from '../../engine/verdict.ts'
import { placeOf } from '../../inventory/address.ts'
import { compareText } from '../../model/order.ts'
import type { Service } from '../../model/service.ts'
import { TCP, UDP } from '../../sets/protocol.ts'
import { type Traffic, traffics } from '../../sets/traffic.ts'
import { type Check, hit, several } from '../check.ts'
import { HTTPS, portOf } from '../known-traffic.ts'
import { only } from '../rule-reach.ts'
import { nameOf } from '../signatures.ts'

/**
 * On the sender's own node kube-proxy turns the packet before policy looks; on another node after it has passed policy here.
 * Source: projectcalico/calico issue 9869, on what policy sees of a node port; kubernetes.io, "Virtual IPs and Service Proxies".
 */
export const nodePortLeadsOut: Check = {
  id: 'PST-R002',
  title: 'Node port that carries closed workloads out',
  severity: 'high',
  why: 'A packet to the port on another node is policed as a packet to that node. There it is turned to the Service’s endpoint outside and leaves with the node’s address: the policy that closes the internet never sees the destination.',
  remedy: 'Make it a ClusterIP Service, or deny the node-port range to pods.',
  references: [
    'https://kubernetes.io/docs/reference/networking/virtual-ips/',
    'https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport',
  ],
  *run(view) {
    const { cluster, inventory } = view
    const services = cluster.services.filter(leadsOut)
    // What replaces kube-proxy may turn the packet on the sender’s own node, where policy sees the endpoint.
    if (services.length === 0 || cluster.nodes.length < 2 || inventory.dataplane.kubeProxy.replacedBy !== null) return
    const { signatures, passes, engine, zones } = view.possible()
    const { table, spaces } = engine
    const closed = signatures.filter(signature => passes(signature, only(4, zones.internet), HTTPS) === 'no')
    for (const service of services) {
      const wanted = table.idOf(nodePortsOf(service))
      const carried = closed
        .filter(({ stacks }) => table.intersect(passing(spaces.otherNode, stacks).must, wanted) !== table.empty)
        .flatMap(({ subjects }) => subjects.map(nameOf))
      const names = [...new Set(carried)].sort(compareText)
      if (names.length === 0) continue
      const port = service.ports.find(({ nodePort }) => nodePort !== null)?.nodePort
      const outside = service.endpoints.find(({ address }) => placeOf(address) === 'public')?.address
      yield hit(
        service,
        `${several(names)} ${names.length === 1 ? 'has' : 'have'} no way to the internet and ${names.length === 1 ? 'reaches' : 'reach'} port ${port} of every node, which leads to \`${outside}\``,
        `make Service \`${service.ref.name}\` in \`${service.namespace}\` a ClusterIP, or deny port ${port} of nodes to these pods`,
        { at: ['spec', 'ports'], witness: `${names[0]} -> other node:${port} -> ${outside}` },
      )
    }
  },
}

/** Endpoints that somebody wrote, on the internet, behind a port of every node. */
const leadsOut = ({ type, selector, ports, endpoints }: Service): boolean =>
  (type === 'NodePort' || type === 'LoadBalancer') &&
  selector === null &&
  ports.some(({ nodePort }) => nodePort !== null) &&
  endpoints.some(({ address }) => placeOf(address) === 'public')

const nodePortsOf = ({ ports }: Service): Traffic =>
  ports
    .flatMap(({ protocol, nodePort }) =>
      nodePort === null || (protocol !== 'TCP' && protocol !== 'UDP')
        ? []
        : [portOf(protocol === 'TCP' ? TCP : UDP, nodePort)],
    )
    .reduce(traffics.union, traffics.empty)
