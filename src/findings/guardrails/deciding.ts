import type { CloudObject, Fabric, Route } from '../../model/fabric.ts'
import type { PlannedResource } from '../../model/plan.ts'
import { type DocumentPath, pathText } from '../../model/provenance.ts'
import { printCidr, readCidr } from '../../sets/cidr.ts'

/** What a way names, before a plan and after it. */
export interface Named {
  /** Of objects on the way, with what they were called before. */
  readonly ids: ReadonlySet<string>
  readonly routes: readonly Route[]
}

/**
 * Addresses of the resources that a plan changes and that have a say in a way: those that make objects on it, and those that tie such
 * objects together (routes, associations, rules, attachments), as far as they name one. Sorted.
 */
export const decidingIn = (
  resources: readonly PlannedResource[],
  addressOf: (id: string) => readonly string[],
): ((named: Named) => readonly string[]) => {
  const changed = resources.filter(({ isChanged }) => isChanged)
  const ties = changed.filter(({ type }) => Object.hasOwn(TIES, type))
  const addresses = new Set(changed.map(({ address }) => address))
  return ({ ids, routes }) => {
    const raw = new Set([...ids].map(rawOf))
    const makers = [...ids].flatMap(addressOf).filter(address => addresses.has(address))
    const destinations = new Set(
      routes.flatMap(({ destination }) => (destination === null ? [] : printCidr(destination))),
    )
    const lists = routes.some(({ by, destination }) => by === 'prefix-list' || destination === null)
    const tied = ties.filter(
      one =>
        names(one, TIES[one.type] ?? [], raw) &&
        (one.type !== 'aws_route' ||
          destinationsOf(one).some(text => destinations.has(text)) ||
          (lists && destinationsOf(one).length === 0)),
    )
    return [...new Set([...makers, ...tied.map(({ address }) => address)])].sort()
  }
}

/** The attribute by which resources that are no object of the network tell what they are about. */
const TIES: Readonly<Record<string, readonly string[]>> = {
  aws_route: ['route_table_id'],
  aws_route_table_association: ['subnet_id', 'gateway_id'],
  aws_main_route_table_association: ['route_table_id'],
  aws_vpn_gateway_route_propagation: ['route_table_id'],
  aws_vpc_endpoint_route_table_association: ['vpc_endpoint_id'],
  aws_internet_gateway_attachment: ['internet_gateway_id'],
  aws_vpn_gateway_attachment: ['vpn_gateway_id'],
  aws_network_acl_rule: ['network_acl_id'],
  aws_network_acl_association: ['subnet_id'],
  aws_security_group_rule: ['security_group_id'],
  aws_vpc_security_group_egress_rule: ['security_group_id'],
  aws_vpc_security_group_ingress_rule: ['security_group_id'],
  aws_vpc_peering_connection_accepter: ['vpc_peering_connection_id'],
  aws_ec2_managed_prefix_list_entry: ['prefix_list_id'],
  aws_eip: ['instance', 'network_interface_id'],
  aws_eip_association: ['instance_id', 'network_interface_id'],
  aws_ec2_transit_gateway_route: ['transit_gateway_route_table_id'],
  aws_ec2_transit_gateway_route_table_association: ['transit_gateway_route_table_id', 'transit_gateway_attachment_id'],
  aws_ec2_transit_gateway_route_table_propagation: ['transit_gateway_route_table_id', 'transit_gateway_attachment_id'],
}

const names = (one: PlannedResource, attributes: readonly string[], raw: ReadonlySet<string>): boolean =>
  one.names.some(
    ({ attribute, ids, open }) =>
      attributes.includes(attribute) && [...ids, ...(open?.among ?? [])].some(id => raw.has(id)),
  )

/** What a platform calls it: `subnet-0a1` of `aws:subnet/subnet-0a1`. Addresses may hold strokes themselves. */
export const rawOf = (id: string): string => id.slice(id.indexOf('/') + 1)

/** Source: AWS provider, `aws_route`. */
const destinationsOf = ({ before, after }: PlannedResource): readonly string[] =>
  [before, after].flatMap(values =>
    ['destination_cidr_block', 'destination_ipv6_cidr_block'].flatMap(key => {
      const text = values?.[key]
      if (typeof text !== 'string' || text === '') return []
      const read = readCidr(text)
      return read.kind === 'read' ? [printCidr(read.value)] : []
    }),
  )

/** The route that a place in a table’s document is, if it is one. */
export const routeAt = ({ tables }: Fabric, of: CloudObject, at: DocumentPath): Route | null =>
  tables.find(({ id }) => id === of.id)?.routes.find(one => pathText(one.at) === pathText(at)) ?? null
