import { placeOf } from '../../inventory/address.ts'
import type { Service } from '../../model/service.ts'
import { type Check, hit, several } from '../check.ts'

export const serviceOutside: Check = {
  id: 'PST-N012',
  title: 'Service that stands for something outside the cluster',
  severity: 'low',
  why: 'A Service name that leads outside hides an exit behind an internal name: reviewers of policy see a Service, the packet leaves. Whoever may edit the Service or its endpoints may change where it goes.',
  remedy: 'Call the outside name directly and allow it by name, or record the Service among the declared exits.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors'],
  *run({ cluster }) {
    for (const service of cluster.services) {
      const targets = outsideOf(service)
      if (targets === null) continue
      yield hit(
        service,
        `\`${service.ref.name}.${service.namespace}\` leads to ${several(targets)}, outside the cluster`,
        `declare ${several(targets)} as an exit of Service \`${service.ref.name}\` in \`${service.namespace}\`, or remove it`,
        {
          at: ['spec'],
          witness: targets[0] ?? null,
        },
      )
    }
  },
}

const outsideOf = (service: Service): readonly string[] | null => {
  if (service.type === 'ExternalName' && service.externalName !== null) {
    const name = service.externalName
    return placeOf(name) === 'name' && !/(\.cluster\.local|\.svc|^localhost)\.?$/.test(name) ? [name] : null
  }
  // The API server's own Service is no exit that anybody chose.
  if (service.selector !== null || (service.namespace === 'default' && service.ref.name === 'kubernetes')) return null
  const addresses = service.endpoints
    .filter(endpoint => endpoint.pod === null && placeOf(endpoint.address) === 'public')
    .map(endpoint => endpoint.address)
  const names = service.endpoints
    .filter(endpoint => endpoint.pod === null && placeOf(endpoint.address) === 'name')
    .map(endpoint => endpoint.address)
  return addresses.length + names.length === 0 ? null : [...addresses, ...names]
}
