import type { JsonObject } from '../../model/json.ts'
import { isUnknown, type Resource, wordOf } from './resource.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { expressionOf, idOf } from './world.ts'

/** Who holds an elastic address that is not known yet. */
export const elasticHolders = ({ world, linking }: Around): ReadonlySet<string> => {
  const held = new Set<string>()
  for (const resource of [...world.ofType('aws_eip'), ...world.ofType('aws_eip_association')]) {
    if (wordOf(resource, 'public_ip') !== null) continue
    const isAssociation = resource.type === 'aws_eip_association'
    const keys = isAssociation
      ? (['instance_id', 'network_interface_id'] as const)
      : (['instance', 'network_interface'] as const)
    for (const [i, key] of keys.entries()) {
      if (isUnknown(resource, key) && expressionOf(world, resource, key) === undefined) continue
      const link = linking.link(resource, key, i === 0 ? 'instance' : 'interface')
      for (const { id } of link.kind === 'id' ? [link] : link.kind === 'open' ? link.among : []) held.add(id)
    }
  }
  return held
}

/** Elastic addresses that are known, with who holds them. Source: AWS provider, `aws_eip`; EC2 API Reference, Address. */
export const putElasticAddresses = ({ world, linking, supply }: Around): void => {
  const associations = new Map<string, Resource>()
  for (const resource of world.ofType('aws_eip_association')) {
    supply.part(resource)
    const id = wordOf(resource, 'allocation_id')
    if (id !== null) associations.set(id, resource)
  }
  for (const resource of world.ofType('aws_eip')) {
    const id = idOf(resource)
    const by = associations.get(id)
    const told = (own: string, other: string): string | null =>
      (by === undefined ? null : wordOf(by, other)) ?? wordOf(resource, own)
    const PublicIp = wordOf(resource, 'public_ip')
    const holder = told('network_interface', 'network_interface_id')
    const instance = told('instance', 'instance_id')
    const eni = holder ?? (instance === null ? null : primaryOf(linking.named(instance).of))
    const isHeld = PublicIp !== null && eni !== null
    const body: JsonObject = { AllocationId: id, PublicIp, ...tagsOf(resource) }
    const PrivateIpAddress = told('private_ip', 'private_ip_address')
    supply.put('Addresses', id, isHeld ? { ...body, NetworkInterfaceId: eni, PrivateIpAddress } : body, resource)
  }
}

const primaryOf = (instance: Resource | null): string | null =>
  instance === null ? null : wordOf(instance, 'primary_network_interface_id')
