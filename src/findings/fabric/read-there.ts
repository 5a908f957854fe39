import { compareText } from '../../model/order.ts'
import type { FabricView } from './view.ts'

/**
 * Whether what was read of some kind is all that a network has of it. An output names no account and no region: where the estate
 * has several, an object of the network’s own has to be among those that were read.
 */
export const readThere = (
  { fabric }: FabricView,
  networks: readonly (string | null)[],
): ((network: string) => boolean) => {
  const accounts = new Map(fabric.networks.map(({ id, account }) => [id, account ?? '']))
  const regions = new Map<string, string>()
  for (const { network, region } of fabric.subnets.toSorted((a, b) => compareText(a.id, b.id)))
    regions.set(network, region ?? '')
  const placeOf = (network: string): string => `${accounts.get(network) ?? ''} ${regions.get(network) ?? ''}`
  const isOnePlace = new Set(fabric.networks.map(({ id }) => placeOf(id))).size <= 1
  const seen = new Set(networks.flatMap(network => (network === null ? [] : [placeOf(network)])))
  return network => isOnePlace || seen.has(placeOf(network))
}
