import { isSystemNamespace } from '../../inventory/add-ons.ts'
import type { Pod } from '../../model/workload.ts'
import { type Check, hit, several } from '../check.ts'

export const endpointsElsewhere: Check = {
  id: 'PST-N038',
  title: 'Service whose written endpoints are another namespace’s',
  severity: 'medium',
  why: 'Who may write endpoints may point a Service at any address of the cluster. Load balancers and Ingresses then relay to pods of another namespace, or to a node, from an address that its policy trusts (CVE-2021-25740).',
  remedy: 'Remove the endpoints, and let a Service in the namespace of the pods select them.',
  references: [
    'https://github.com/kubernetes/kubernetes/issues/103675',
    'https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors',
  ],
  *run({ cluster }) {
    const pods = new Map<string, Pod>(
      cluster.pods.flatMap(pod => (pod.shape.hostNetwork ? [] : pod.addresses.map(address => [address, pod] as const))),
    )
    const nodes = new Map(
      cluster.nodes.flatMap(node => node.internalAddresses.map(address => [address, node.ref.name] as const)),
    )
    for (const service of cluster.services) {
      const isApiServer = service.namespace === 'default' && service.ref.name === 'kubernetes'
      if (service.selector !== null || isApiServer || isSystemNamespace(service.namespace)) continue
      const elsewhere = service.endpoints.flatMap(({ address }) => {
        const pod = pods.get(address)
        if (pod !== undefined) {
          return pod.ref.namespace === service.namespace ? [] : `${address} (pod ${pod.ref.namespace}/${pod.ref.name})`
        }
        const node = nodes.get(address)
        return node === undefined ? [] : `${address} (node ${node})`
      })
      if (elsewhere.length === 0) continue
      const relayed = service.type === 'LoadBalancer' || service.type === 'NodePort'
      yield hit(
        service,
        `\`${service.ref.name}.${service.namespace}\` leads to ${several([...new Set(elsewhere)])}`,
        `remove the written endpoints of Service \`${service.ref.name}\` in \`${service.namespace}\``,
        { at: ['spec'], severity: relayed ? 'high' : null, witness: elsewhere[0] ?? null },
      )
    }
  },
}
