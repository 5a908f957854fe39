import { type Check, hit } from '../check.ts'

export const externalIps: Check = {
  id: 'PST-N010',
  title: 'Service that claims addresses with externalIPs',
  severity: 'high',
  why: 'Every node then answers for these addresses itself: traffic of the whole cluster toward them is taken over, without a check of who owns them (CVE-2020-8554). It also opens the nodes on the Service’s ports.',
  remedy: 'Use a LoadBalancer Service, and forbid `externalIPs` with an admission policy.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/97076',
    'https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#denyserviceexternalips',
  ],
  *run({ cluster }) {
    const own = new Set(cluster.nodes.flatMap(node => [...node.internalAddresses, ...node.externalAddresses]))
    for (const service of cluster.services) {
      if (service.externalIPs.length === 0) continue
      yield hit(
        service,
        `every node takes over traffic to ${service.externalIPs.join(', ')} on ${service.ports.map(port => `${port.port}/${port.protocol}`).join(', ')}`,
        `remove \`externalIPs\` from Service \`${service.ref.name}\` in \`${service.namespace}\``,
        {
          at: ['spec', 'externalIPs'],
          // A node's own address takes nothing from anybody else: it is a NodePort by another name.
          severity: service.externalIPs.every(address => own.has(address)) ? 'medium' : null,
          witness: `externalIPs: ${service.externalIPs.join(', ')}`,
        },
      )
    }
  },
}
