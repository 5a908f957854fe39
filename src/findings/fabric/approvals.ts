import { addressesOfTexts } from '../../engine/ground.ts'
import type { Estate } from '../../model/cluster.ts'
import type { CloudObject, Gateway } from '../../model/fabric.ts'
import { globMatches } from '../../model/glob.ts'
import type { ApprovedExit, Environment } from '../../model/intent.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { printAddress } from '../../sets/cidr.ts'
import type { WayOutward } from './outward.ts'
import { shortOf } from './words.ts'

/** What owners say of exits and networks. */
export interface Approvals {
  /** Somebody approved an exit that is one of these networks’; exits inside clusters say nothing of gateways. */
  readonly areDeclared: boolean
  /** The approved exit that a way goes by; null: it goes by none. */
  readonly ofWay: (way: WayOutward['way']) => ApprovedExit | null
  readonly ofGateway: (gateway: Gateway) => ApprovedExit | null
  /** Environments that name a network by its id. */
  readonly environmentsOf: (network: string) => readonly Environment[]
}

export const approvalsIn = ({ intents, fabric }: Estate): Approvals => {
  // What cannot be read declares nothing.
  const exits = intents.exits.filter(({ faults }) => faults.length === 0)
  const environments = intents.environments.filter(({ faults }) => faults.length === 0)
  const objects = new Map<string, CloudObject>(
    [...fabric.gateways, ...fabric.interfaces, ...fabric.attachments].map(one => [one.id, one]),
  )
  const isOf = (exit: ApprovedExit, id: string): boolean =>
    isNamed(exit.ids, id) ||
    isNamed(exit.names, objects.get(id)?.name ?? null) ||
    (exit.tags.size > 0 &&
      [...exit.tags].every(([key, glob]) => {
        const value = fabric.tags.get(id)?.get(key)
        return value !== undefined && globMatches(glob, value)
      }))
  const hasOne = ({ addresses }: ApprovedExit, texts: readonly string[]): boolean =>
    !bothFamilies.isEmpty(bothFamilies.intersect(addresses, addressesOfTexts(texts)))
  const ofGateway: Approvals['ofGateway'] = ({ id, publicAddresses }) =>
    exits.find(exit => isOf(exit, id) || hasOne(exit, publicAddresses.map(printAddress))) ?? null
  return {
    areDeclared: fabric.gateways.some(gateway => ofGateway(gateway) !== null),
    ofGateway,
    ofWay: ({ hops, exit }) =>
      exits.find(
        one =>
          hasOne(one, exit.sourceAddresses) ||
          (exit.id !== null && isOf(one, exit.id)) ||
          hops.some(({ id }) => objects.has(id) && isOf(one, id)),
      ) ?? null,
    environmentsOf: network => environments.filter(({ networks }) => isNamed(networks, network)),
  }
}

/** People write `nat-0ab` for what is `aws:nat-gateway/nat-0ab` here. */
export const isNamed = (globs: readonly string[], id: string | null): boolean =>
  id !== null && globs.some(glob => globMatches(glob, id) || globMatches(glob, shortOf(id)))
