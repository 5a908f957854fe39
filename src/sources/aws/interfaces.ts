import type { NetworkInterface } from '../../model/fabric.ts'
import { at, field, isObject, type Json, list, text } from '../../model/json.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { printAddress } from '../../sets/cidr.ts'
import type { Collected } from './collect.ts'
import { tasksOwning } from './container-tasks.ts'
import { delegatedIn } from './delegated.ts'
import type { ElasticAddresses } from './elastic-addresses.ts'
import { addressIn, cloudObject, type Item, idFor, idIn, wordIn } from './item.ts'
import { content, DIFFERS, type Lowered } from './lowered.ts'

/**
 * Interfaces stand by themselves and inside instances, which say the same: one that stands by itself counts.
 * Source: EC2 API Reference, NetworkInterface, InstanceNetworkInterface.
 */
export const interfacesIn = (collected: Collected, elastic: ElasticAddresses): readonly Lowered<NetworkInterface>[] => {
  const owners = ownersIn(collected)
  // An interface of a task may hang on the machine that the task runs on.
  const tasks = tasksOwning(collected)
  const inside = collected.in('Reservations').flatMap(instance =>
    list(field(instance.body, 'NetworkInterfaces')).flatMap((body, i) => {
      const id = wordIn(body, 'NetworkInterfaceId')
      if (id === null || !isObject(body)) return []
      const item: Item = { ...instance, id, body, at: [...instance.at, 'NetworkInterfaces', i] }
      return [lowerInterface(item, tasks.get(id) ?? idFor('Reservations', instance.id), elastic)]
    }),
  )
  const alone = collected
    .in('NetworkInterfaces')
    .map(item => lowerInterface(item, tasks.get(item.id) ?? ownerOf(item, owners), elastic))
  const known = new Set(alone.map(({ id }) => id))
  const others = Map.groupBy(inside, ({ id }) => id)
  return [
    ...alone.map(lowered => {
      const differs = (others.get(lowered.id) ?? []).some(other => content(other.value) !== content(lowered.value))
      return differs ? { ...lowered, faults: [...lowered.faults, DIFFERS] } : lowered
    }),
    ...inside.filter(({ id }) => !known.has(id)),
  ]
}

/** Gateways and endpoints that say which interfaces are theirs. */
const ownersIn = (collected: Collected): ReadonlyMap<string, string> => {
  const owners = new Map<string, string>()
  for (const { id, body } of collected.in('NatGateways'))
    for (const one of list(field(body, 'NatGatewayAddresses'))) {
      const own = wordIn(one, 'NetworkInterfaceId')
      if (own !== null) owners.set(own, idFor('NatGateways', id))
    }
  for (const { id, body } of collected.in('VpcEndpoints'))
    for (const own of list(field(body, 'NetworkInterfaceIds')))
      if (typeof own === 'string') owners.set(own, idFor('VpcEndpoints', id))
  return owners
}

const ownerOf = ({ id, body }: Item, owners: ReadonlyMap<string, string>): string | null =>
  idIn('Reservations', field(body, 'Attachment'), 'InstanceId') ?? owners.get(id) ?? null

const lowerInterface = (item: Item, of: string | null, elastic: ElasticAddresses): Lowered<NetworkInterface> => {
  const { body } = item
  const object = cloudObject('NetworkInterfaces', item)
  const subnet = idIn('Subnets', body, 'SubnetId')
  const faults: string[] = []
  const read = (one: Json, key: string): readonly AnyAddress[] => {
    const address = addressIn(one, key)
    if (address.kind === 'read') return [address.value]
    faults.push(`an address cannot be read: ${address.why}`)
    return []
  }
  const listed = list(field(body, 'PrivateIpAddresses'))
  // The primary address stands beside the list, too, with the same fields.
  const inner = listed.length === 0 && wordIn(body, 'PrivateIpAddress') !== null ? [body] : listed
  const delegated = delegatedIn(body)
  const addresses = [
    ...inner.flatMap(one => read(one, 'PrivateIpAddress')),
    ...list(field(body, 'Ipv6Addresses')).flatMap(one => read(one, 'Ipv6Address')),
    ...delegated.addresses,
  ]
  const publicAddresses = [
    ...inner
      .filter(one => text(at(one, 'Association', 'PublicIp')) !== undefined)
      .flatMap(one => {
        const [own] = read(one, 'PrivateIpAddress')
        const [seenAs] = read(field(one, 'Association') ?? null, 'PublicIp')
        return own === undefined || seenAs === undefined ? [] : [{ of: own, seenAs }]
      }),
    ...elastic.of(object.id),
  ]
  const groups = field(body, 'Groups')
  const check = field(body, 'SourceDestCheck')
  if (subnet === null) faults.push('it names no subnet')
  if (!Array.isArray(groups)) faults.push('its security groups were not read')
  if (typeof check !== 'boolean') faults.push('whether it takes packets for others is not told')
  if (inner.some(one => text(at(one, 'Association', 'CarrierIp')) !== undefined))
    faults.push('its carrier address is not evaluated')
  return {
    id: object.id,
    item,
    value:
      subnet === null
        ? null
        : {
            ...object,
            subnet,
            of,
            addresses: onceEach(addresses, printAddress),
            publicAddresses: onceEach(publicAddresses, pair => `${printAddress(pair.of)} ${printAddress(pair.seenAs)}`),
            filters: Array.isArray(groups) ? groupsIn(list(groups)) : [UNREAD_GROUPS],
            forwards: check === false,
            untold: [],
            table: null,
            balancers: [],
          },
    faults: [...new Set([...faults, ...delegated.faults])],
  }
}

/** An interface of which documents say different things: which filters it has, nobody can tell. */
export const doubtfulInterface = (one: NetworkInterface): NetworkInterface => ({ ...one, filters: [UNREAD_GROUPS] })

/** A name that nothing has, so that whoever asks for the filter finds that it was not read. */
export const UNREAD_GROUPS = 'aws:security-group/unread'

const groupsIn = (groups: readonly Json[]): readonly string[] =>
  [...new Set(groups.map(group => idIn('SecurityGroups', group, 'GroupId') ?? UNREAD_GROUPS))].sort()

/** In order, so that two forms of one interface say the same. */
const onceEach = <T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] =>
  [...new Map(values.map(value => [keyOf(value), value]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
