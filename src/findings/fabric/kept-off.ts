import type { FabricView } from './view.ts'

/** Something keeps the subnet, or its network, from the internet whatever routes say, and how far is not known. */
export const isKeptOff = ({ places }: Pick<FabricView, 'places'>, subnet: string): boolean => {
  const own = places.subnets.get(subnet)
  const network = own === undefined ? undefined : places.networks.get(own.network)
  return (own?.internetDoubts.length ?? 0) > 0 || (network?.internetDoubts.length ?? 0) > 0
}
