import { isMeshEgressGateway } from '../../inventory/exits.ts'
import type { Cluster } from '../../model/cluster.ts'
import type { MeshRoute } from '../../model/dialects.ts'
import { type Check, hit, several } from '../check.ts'

export const partialEgressGateway: Check = {
  id: 'PST-M008',
  title: 'Egress gateway that only part of the traffic takes',
  severity: 'medium',
  why: 'An egress gateway works only where a route sends traffic to it; every workload and host that the route leaves out goes directly, with another source address and another log. Nothing tells the difference from inside.',
  remedy:
    'Route every workload and every outside host through the gateway, and let an enforced policy close the direct way.',
  references: ['https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/'],
  *run({ cluster }) {
    if (!cluster.workloads.some(isMeshEgressGateway)) return
    const routed = new Set<string>()
    for (const route of cluster.mesh.routes) {
      const toGateway = route.rules.filter(rule =>
        rule.destinations.some(destination => /egress-?gateway/.test(destination)),
      )
      if (toGateway.length === 0) continue
      for (const host of route.hosts) routed.add(host)
      const limited = toGateway.filter(rule => rule.sourceLabels.size > 0)
      if (limited.length > 0 && limited.length === toGateway.length) {
        yield hit(
          route,
          `only workloads with ${limited.map(rule => [...rule.sourceLabels].map(([key, value]) => `\`${key}=${value}\``).join(', ')).join(' or ')} take the gateway to ${several(route.hosts)}; all others go directly`,
          `remove \`sourceLabels\` from VirtualService \`${route.ref.name}\` in \`${route.namespace}\``,
          {
            at: ['spec'],
            key: 'sources',
            witness: limited.map(rule => [...rule.sourceLabels].map(pair => pair.join('=')).join(',')).join(' '),
          },
        )
      }
      if (!completesAtGateway(cluster, route)) {
        yield hit(
          route,
          `no Gateway of an egress gateway admits ${several(route.hosts)}, so what is sent there is refused or goes directly`,
          `add a Gateway with host ${several(route.hosts)} for the egress gateway that \`${route.ref.name}\` names`,
          { at: ['spec'], key: 'gateway' },
        )
      }
    }
    for (const entry of cluster.mesh.externalHosts) {
      const direct = entry.hosts.filter(host => !routed.has(host))
      if (!entry.external || direct.length === 0) continue
      yield hit(
        entry,
        `no route sends ${several(direct)} to the egress gateway, so sidecars connect directly`,
        `route ${several(direct)} of ServiceEntry \`${entry.ref.name}\` through the egress gateway with a VirtualService`,
        { at: ['spec', 'hosts'], key: 'unrouted', severity: 'low', witness: direct.join(', ') },
      )
    }
  },
}

const completesAtGateway = (cluster: Cluster, route: MeshRoute): boolean => {
  // The second leg: a rule of the same route for what arrives at a gateway.
  const gateways = route.gateways.filter(gateway => gateway !== 'mesh')
  if (gateways.length === 0) return false
  const exits = cluster.workloads.filter(isMeshEgressGateway)
  // A Gateway of the way in admits nothing on the way out.
  const atExits = cluster.mesh.gateways.filter(gateway =>
    exits.some(({ shape }) => [...gateway.selector].every(([key, value]) => shape.labels.get(key) === value)),
  )
  const hosts = new Set(atExits.flatMap(gateway => gateway.hosts.map(host => host.replace(/^.*\//, ''))))
  return route.hosts.every(
    host =>
      hosts.has(host) ||
      hosts.has('*') ||
      [...hosts].some(known => known.startsWith('*.') && host.endsWith(known.slice(1))),
  )
}
