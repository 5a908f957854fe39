import type { CloudObject, NetworkInterface } from '../../model/fabric.ts'
import type { Collected } from './collect.ts'
import { addressIn, type Item, idFor, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'

/** Elastic addresses by the interface that holds them. */
export interface ElasticAddresses {
  readonly of: (networkInterface: string) => NetworkInterface['publicAddresses']
  /** For coverage alone. */
  readonly objects: readonly Lowered<CloudObject>[]
}

/**
 * One that no interface holds is nobody’s. `known`: interfaces that were read: the address of another one is kept nowhere.
 * Source: EC2 API Reference, Address.
 */
export const elasticAddressesIn = (collected: Collected, known: ReadonlySet<string>): ElasticAddresses => {
  const readings = collected.in('Addresses').map(item => readAddressItem(item, known))
  const held = Map.groupBy(
    readings.flatMap(({ holder, pair }) => (holder === null || pair === null ? [] : [{ holder, pair }])),
    ({ holder }) => holder,
  )
  return {
    of: id => held.get(id)?.map(({ pair }) => pair) ?? [],
    objects: readings.map(({ item, faults }) => ({
      id: idFor('Addresses', item.id),
      item,
      value: null,
      faults,
    })),
  }
}

interface AddressReading {
  readonly item: Item
  readonly holder: string | null
  readonly pair: NetworkInterface['publicAddresses'][number] | null
  readonly faults: readonly string[]
}

const readAddressItem = (item: Item, known: ReadonlySet<string>): AddressReading => {
  const { body } = item
  const holder = wordIn(body, 'NetworkInterfaceId')
  if (holder === null) {
    const instance = wordIn(body, 'InstanceId')
    const faults = instance === null ? [] : [`which interface of \`${instance}\` holds it is not told`]
    return { item, holder: null, pair: null, faults }
  }
  if (!known.has(holder))
    return { item, holder: null, pair: null, faults: [`the interface that holds it, \`${holder}\`, was not read`] }
  const [own, seenAs] = [addressIn(body, 'PrivateIpAddress'), addressIn(body, 'PublicIp')]
  if (own.kind === 'read' && seenAs.kind === 'read')
    return {
      item,
      holder: idFor('NetworkInterfaces', holder),
      pair: { of: own.value, seenAs: seenAs.value },
      faults: [],
    }
  const whys = [own, seenAs].flatMap(read => (read.kind === 'refused' ? [read.why] : []))
  return { item, holder: null, pair: null, faults: whys }
}
