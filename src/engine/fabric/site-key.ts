import type { NetworkInterface } from '../../model/fabric.ts'

/** What routes and filters ask of a sender, but for its own addresses: interfaces with equal keys stand in for each other. */
export const siteKey = ({
  subnet,
  filters,
  addresses,
  untold,
  publicAddresses,
  forwards,
  table,
  balancers,
}: NetworkInterface): string =>
  JSON.stringify([
    subnet,
    untold,
    table,
    balancers,
    filters,
    [4, 6].map(family => addresses.some(address => address.family === family)),
    publicAddresses.length > 0,
    forwards,
  ])
