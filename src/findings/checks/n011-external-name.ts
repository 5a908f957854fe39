import { placeOf } from '../../inventory/address.ts'
import type { Service } from '../../model/service.ts'
import { type Check, hit } from '../check.ts'

export const externalName: Check = {
  id: 'PST-N011',
  title: 'Service name that stands for something it should not',
  severity: 'high',
  why: 'An ExternalName Service is a CNAME that anybody with Service rights can write: callers that trust `*.svc.cluster.local` are led to metadata, to a loopback or to another cluster’s address. Host-based policy and mesh registries may take the name for an internal one.',
  remedy: 'Remove the Service, or point it at the name that callers are meant to reach.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#externalname'],
  *run({ cluster }) {
    for (const service of cluster.services) {
      const trick = trickOf(service)
      if (trick === null) continue
      yield hit(
        service,
        trick,
        `remove Service \`${service.ref.name}\` in \`${service.namespace}\`, or let it lead elsewhere`,
        {
          at: service.externalName === null ? ['spec'] : ['spec', 'externalName'],
          witness: service.externalName === null ? trick : `externalName: ${service.externalName}`,
        },
      )
    }
  },
}

/** Public zones that answer any name with the address written in it. Source: nip.io and sslip.io, front pages. */
const HIDDEN = /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\.(?:nip|sslip)\.io\.?$/i

const trickOf = (service: Service): string | null => {
  const name = service.externalName
  if (service.selector === null && service.type !== 'ExternalName') return trickOfEndpoints(service)
  if (service.type !== 'ExternalName' || name === null) return null
  const place = placeOf(name)
  const hidden = HIDDEN.exec(name)
  if (place === 'name' && hidden !== null) {
    const address = hidden.slice(1, 5).join('.')
    return placeOf(address) === 'public'
      ? null
      : `the name resolves to \`${address}\`, which stands in it (\`${name}\`)`
  }
  switch (place) {
    case 'metadata':
      return `the name stands for the instance metadata service (\`${name}\`)`
    case 'loopback':
    case 'link-local':
      return `the name stands for the caller’s own node (\`${name}\`)`
    case 'private':
    case 'public':
      return `an address is no name: \`${name}\` is looked up as one, by whoever answers for it`
    case 'name':
      return /^localhost\.?$/i.test(name) ? 'the name stands for the caller itself (`localhost`)' : null
  }
}

/** Endpoints that somebody wrote by hand. */
const trickOfEndpoints = (service: Service): string | null => {
  const written = service.endpoints.filter(endpoint => endpoint.pod === null).map(endpoint => endpoint.address)
  const metadata = written.find(address => placeOf(address) === 'metadata')
  return metadata === undefined ? null : `its endpoint \`${metadata}\` is the instance metadata service`
}
