import { addressesOfTexts } from '../../../engine/ground.ts'
import type { CloudObject } from '../../../model/fabric.ts'
import { idOf } from '../../../model/identity.ts'
import type { PrivateEndpointDocument } from '../../../model/intent.ts'
import { printAddresses } from '../../../sets/address-text.ts'
import { bothFamilies } from '../../../sets/addresses.ts'
import { printAddress } from '../../../sets/cidr.ts'
import { several } from '../../check.ts'
import { isNamed } from '../approvals.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import type { FabricView } from '../view.ts'

export const endpointNotThere: FabricCheck = {
  id: 'PST-C029',
  title: 'Declared private endpoint that no network has',
  severity: 'medium',
  why: 'Somebody declared that a service is reached by a private way, and intents lean on it. Where that way is not there, the same names lead to the public addresses of the service, by whatever exit there is.',
  remedy: 'Make the endpoint, or change the declaration to one that is there.',
  references: [
    'docs/intents.md',
    'https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html',
    'https://learn.microsoft.com/en-us/azure/private-link/private-endpoint-overview',
  ],
  *run(view) {
    if (view.fabric.endpoints === null) return
    for (const declared of view.estate.intents.endpoints) {
      const asked = askedBy(declared)
      if (declared.faults.length > 0 || asked.length === 0 || !isWithin(view, declared) || isThere(view, declared))
        continue
      yield hitOn(
        asObject(declared),
        `no network that was read has it: there is no endpoint ${several(asked)}`,
        `make the endpoint, or let \`${declared.ref.name}\` name one that is there`,
        { at: ['spec', declared.ids.length > 0 ? 'ids' : 'addresses'] },
      )
    }
  },
}

/** By what it can be found; names are answered by resolvers, and services by many. */
const askedBy = ({ ids, addresses }: PrivateEndpointDocument): readonly string[] =>
  ids.length > 0 ? ids : bothFamilies.isEmpty(addresses) ? [] : printAddresses(addresses)

/** Of an environment of which no network was read, nothing is known. */
const isWithin = ({ estate, fabric }: FabricView, { environment }: PrivateEndpointDocument): boolean => {
  if (environment === null) return true
  const networks = estate.intents.environments.flatMap(one => (one.ref.name === environment ? one.networks : []))
  return fabric.networks.some(({ id }) => isNamed(networks, id))
}

const isThere = ({ fabric }: FabricView, { ids, addresses }: PrivateEndpointDocument): boolean => {
  const objects: readonly CloudObject[] = [
    ...(fabric.endpoints ?? []),
    ...fabric.gateways,
    ...fabric.interfaces,
    ...fabric.attachments,
  ]
  return (
    objects.some(({ id, name }) => isNamed(ids, id) || isNamed(ids, name)) ||
    fabric.interfaces.some(
      one =>
        !bothFamilies.isEmpty(bothFamilies.intersect(addresses, addressesOfTexts(one.addresses.map(printAddress)))),
    )
  )
}

/** What is missing has no object of its own: the declaration stands for it. */
const asObject = ({ ref, origin }: PrivateEndpointDocument): CloudObject => ({
  id: idOf(ref),
  name: ref.name,
  account: null,
  region: null,
  origin,
  at: [],
})
