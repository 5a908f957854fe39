import type { Service } from '../model/service.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import type { Bits } from '../sets/bit-set.ts'
import type { TrafficId } from '../sets/traffic-table.ts'
import type { ClusterEngine } from './cluster-engine.ts'
import type { Entry } from './entries.ts'
import { includesName } from './names.ts'

/** Where a question points, as parts of a row. */
export interface Wanted {
  readonly addresses: Addresses
  readonly members: Bits
  readonly ownNode: boolean
  readonly otherNode: boolean
  readonly apiserver: boolean
  readonly services: readonly Service[]
  readonly name: string | null
  readonly traffic: TrafficId
}

/** The part of an entry that a question asks about; null where it asks nothing of it. */
export const within = ({ table, selection: { bits } }: ClusterEngine, entry: Entry, wanted: Wanted): Entry | null => {
  const traffic = table.intersect(entry.traffic, wanted.traffic)
  if (traffic === table.empty) return null
  const { to } = entry
  switch (to.kind) {
    case 'addresses': {
      const addresses = bothFamilies.intersect(to.addresses, wanted.addresses)
      return bothFamilies.isEmpty(addresses) ? null : { ...entry, traffic, to: { ...to, addresses } }
    }
    case 'workloads': {
      const members = bits.intersect(to.members, wanted.members)
      return bits.isEmpty(members) ? null : { ...entry, traffic, to: { ...to, members } }
    }
    case 'nodes':
      return (to.nodes === 'own' ? wanted.ownNode : wanted.otherNode) ? { ...entry, traffic } : null
    case 'service':
      return wanted.services.includes(to.service) ? { ...entry, traffic } : null
    case 'names':
      return wanted.name !== null && includesName(to.patterns, wanted.name) ? { ...entry, traffic } : null
    case 'apiserver':
      return wanted.apiserver ? { ...entry, traffic } : null
  }
}
