import { type Resource, wordOf } from './resource.ts'
import { tagsOf } from './supply.ts'
import type { Around } from './tables.ts'
import { idOf } from './world.ts'

/**
 * One that is there has a status. One that is made now is active once both sides took it: by `auto_accept`, or by an accepter of the
 * same plan; whether somebody else takes it is not told.
 * Source: AWS provider, `aws_vpc_peering_connection`, `aws_vpc_peering_connection_accepter`.
 */
export const putPeerings = ({ world, linking, supply }: Around): void => {
  const accepted = new Set<string>()
  const open: string[] = []
  const accepters = world.ofType('aws_vpc_peering_connection_accepter')
  for (const resource of accepters) {
    const link = linking.link(resource, 'vpc_peering_connection_id', 'peering')
    supply.part(resource, link.kind === 'open' ? [link.why] : [])
    if (link.kind === 'id' && resource.values['auto_accept'] === true) accepted.add(link.id)
    if (link.kind === 'open') open.push(link.why)
  }
  const known = new Set<string>()
  for (const resource of world.ofType('aws_vpc_peering_connection')) {
    const id = idOf(resource)
    known.add(id)
    const [one, other] = [linking.link(resource, 'vpc_id', 'vpc'), linking.link(resource, 'peer_vpc_id', 'vpc')]
    for (const link of [one, other]) if (link.kind === 'open') supply.say(resource, link.why)
    const status = wordOf(resource, 'accept_status')
    const isTaken = status === 'active' || resource.values['auto_accept'] === true || accepted.has(id)
    supply.put(
      'VpcPeeringConnections',
      id,
      {
        VpcPeeringConnectionId: id,
        RequesterVpcInfo: { VpcId: one.kind === 'id' ? one.id : null },
        AccepterVpcInfo: {
          VpcId: other.kind === 'id' ? other.id : null,
          OwnerId: wordOf(resource, 'peer_owner_id'),
          Region: wordOf(resource, 'peer_region'),
        },
        ...(isTaken
          ? { Status: { Code: 'active' } }
          : status === null || resource.isNew
            ? {}
            : { Status: { Code: status } }),
        ...tagsOf(resource),
      },
      resource,
    )
  }
  for (const resource of accepters) putAccepter(resource, known, supply)
}

/** The accepter’s side of one that another state holds. */
const putAccepter = (resource: Resource, known: Set<string>, supply: Around['supply']): void => {
  const id = wordOf(resource, 'vpc_peering_connection_id')
  if (id === null || known.has(id)) return
  known.add(id)
  const status = wordOf(resource, 'accept_status')
  supply.put(
    'VpcPeeringConnections',
    id,
    {
      VpcPeeringConnectionId: id,
      // The accepter calls its own side `vpc_id`.
      RequesterVpcInfo: { VpcId: wordOf(resource, 'peer_vpc_id') },
      AccepterVpcInfo: { VpcId: wordOf(resource, 'vpc_id') },
      ...(status === null ? {} : { Status: { Code: status } }),
    },
    resource,
  )
}
