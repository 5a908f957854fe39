import type { CloudObject } from '../../model/fabric.ts'
import type { Json } from '../../model/json.ts'
import type { AnyAddress, AnyCidr } from '../../sets/cidr.ts'
import { type Lowered, type Merged, merge } from '../aws/lowered.ts'
import type { Collected } from './collect.ts'
import { cloudObject, type Item } from './item.ts'
import { addressIn, idOf, prop, readBlock, word } from './property.ts'

/** One address, or a block of them, that the world sees. */
interface Held extends CloudObject {
  /** Empty: none was assigned yet. */
  readonly addresses: readonly AnyAddress[]
  /** Of a block that is too large to be written out. */
  readonly isLarge: boolean
}

export interface PublicAddresses {
  readonly merged: Merged<CloudObject>
  /** What `{"id": …}` of an address or of a block stands for; null: not read. */
  readonly of: (reference: Json | undefined) => readonly AnyAddress[] | null
}

/** Of gateways no more than sixteen, so that nothing larger needs to be written out. Source: Azure NAT Gateway, “Static public IP addresses”. */
const LARGEST = 16

/** Source: Azure REST API Reference, PublicIPAddress, PublicIPPrefix. */
export const publicAddressesIn = (collected: Collected): PublicAddresses => {
  const merged = merge<Held>(
    [
      ...collected.in('microsoft.network/publicipaddresses'),
      ...collected.in(
        'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses',
      ),
    ]
      .map(lowerAddress)
      .concat(collected.in('microsoft.network/publicipprefixes').map(lowerPrefix)),
    () => null,
  )
  const known = new Map(merged.values.map(one => [one.id, one]))
  return {
    merged,
    of: reference => {
      const inside = addressIn(reference, 'ipAddress')
      const held = known.get(idOf(prop(reference, 'id')) ?? '')
      return held !== undefined ? held.addresses : inside === null ? null : [inside]
    },
  }
}

const lowerAddress = (item: Item): Lowered<Held> => {
  const address = addressIn(item.body, 'ipAddress')
  const isWritten = word(item.body, 'ipAddress') !== null
  return {
    id: item.id,
    item,
    value: { ...cloudObject(item), addresses: address === null ? [] : [address], isLarge: false },
    faults: isWritten && address === null ? ['its address cannot be read'] : [],
  }
}

const lowerPrefix = (item: Item): Lowered<Held> => {
  const read = readBlock(word(item.body, 'ipPrefix') ?? '')
  const addresses = read.kind === 'read' ? addressesIn(read.value) : null
  return {
    id: item.id,
    item,
    value: { ...cloudObject(item), addresses: addresses ?? [], isLarge: addresses === null },
    faults:
      read.kind === 'refused'
        ? [`its block cannot be read: ${read.why}`]
        : addresses === null
          ? [`its addresses are more than ${LARGEST}, and are not written out`]
          : [],
  }
}

/** null: more than are written out. */
const addressesIn = ({ family, words, prefix }: AnyCidr): readonly AnyAddress[] | null => {
  const count = 2 ** ((family === 4 ? 32 : 128) - prefix)
  if (count > LARGEST) return null
  return Array.from({ length: count }, (_, i) => {
    const last = words.length - 1
    const own = words.map((word, w) => (w === last ? word + i : word))
    return { family, words: own } as AnyAddress
  })
}
