import type { FilterRule, Route } from '../../../model/fabric.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import { printCidrs } from '../../../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../../../sets/addresses.ts'
import { printCidr } from '../../../sets/cidr.ts'
import { readingOf } from './reading-of.ts'

/** Objects as gcloud prints them, of project `p`, network `n` and region `europe-west1`. For tests only. */

const API = 'https://www.googleapis.com/compute/v1/projects/p'
export const NETWORK_LINK = `${API}/global/networks/n`
export const REGION = 'europe-west1'

export const linkOf = (path: string): string => `${API}/${path}`

export const network = (more: JsonObject = {}): JsonObject => ({
  kind: 'compute#network',
  name: 'n',
  selfLink: NETWORK_LINK,
  autoCreateSubnetworks: false,
  routingConfig: { routingMode: 'REGIONAL' },
  ...more,
})

export const subnet = (name: string, ipCidrRange: string, more: JsonObject = {}): JsonObject => ({
  kind: 'compute#subnetwork',
  name,
  selfLink: linkOf(`regions/${REGION}/subnetworks/${name}`),
  network: NETWORK_LINK,
  region: linkOf(`regions/${REGION}`),
  ipCidrRange,
  privateIpGoogleAccess: false,
  ...more,
})

export const route = (name: string, destRange: string, more: JsonObject): JsonObject => ({
  kind: 'compute#route',
  name,
  selfLink: linkOf(`global/routes/${name}`),
  network: NETWORK_LINK,
  destRange,
  priority: 1000,
  ...more,
})

export const INTERNET: JsonObject = { nextHopGateway: linkOf('global/gateways/default-internet-gateway') }
export const DEFAULT_ROUTE = route('default', '0.0.0.0/0', INTERNET)

export const instance = (name: string, networkIP: string, more: JsonObject = {}, nic: JsonObject = {}): JsonObject => ({
  kind: 'compute#instance',
  name,
  selfLink: linkOf(`zones/${REGION}-b/instances/${name}`),
  status: 'RUNNING',
  canIpForward: false,
  networkInterfaces: [
    {
      name: 'nic0',
      network: NETWORK_LINK,
      subnetwork: linkOf(`regions/${REGION}/subnetworks/s`),
      networkIP,
      ...nic,
    },
  ],
  ...more,
})

/** What applies to the network, with nothing above and beside it but what is given. */
export const effective = (firewalls: readonly Json[], firewallPolicys: readonly Json[] = []): JsonObject => ({
  network: NETWORK_LINK,
  region: REGION,
  effectiveFirewalls: { firewalls, firewallPolicys },
})

export const firewall = (name: string, more: JsonObject): JsonObject => ({
  kind: 'compute#firewall',
  name,
  selfLink: linkOf(`global/firewalls/${name}`),
  network: NETWORK_LINK,
  direction: 'INGRESS',
  priority: 1000,
  disabled: false,
  ...more,
})

/** Routes of the table of an interface or, without one, of the subnet `s`: `10.0.0.0/24 network`. */
export const tableOf = (documents: readonly JsonObject[], of: string | null = null): readonly string[] => {
  const { fabric } = readingOf(...documents)
  const subnet = fabric.subnets.find(({ id }) => id === `gcp:subnet/p/${REGION}/s`)
  const own = of === null ? null : fabric.interfaces.find(({ id }) => id.includes(`/${of}/`))?.table
  const table = fabric.tables.find(({ id }) => id === (own ?? subnet?.table))
  return (table?.routes ?? []).map(printRoute)
}

export const printRoute = ({ destination, next }: Route): string => {
  const where = destination === null ? '?' : printCidr(destination)
  if (next.kind === 'unknown') return `${where} unknown`
  if (next.kind === 'address') return `${where} address`
  return `${where} ${next.kind}${'id' in next ? ` ${next.id}` : ''}`
}

/** Rules of the filter of a machine, or, without one, of anybody in `s`: `0 deny 10.0.0.0-10.255.255.255`. */
export const rulesOf = (
  documents: readonly JsonObject[],
  direction: 'egress' | 'ingress',
  of: string | null = null,
): readonly string[] => {
  const { fabric } = readingOf(...documents)
  const ids =
    of === null
      ? fabric.subnets.find(({ id }) => id === `gcp:subnet/p/${REGION}/s`)?.memberFilters
      : fabric.interfaces.find(({ id }) => id.includes(`/${of}/`))?.filters
  const filter = fabric.filters.find(({ id }) => id === ids?.[0])
  return (filter?.[direction] ?? []).map(printRule)
}

const printRule = ({ tier, action, peers }: FilterRule): string => {
  switch (peers.kind) {
    case 'addresses':
      return `${tier} ${action} ${printSet(peers.addresses)}`
    case 'perhaps':
      return `${tier} ${action} perhaps ${printSet(peers.addresses)}`
    case 'names':
      return `${tier} ${action} names ${peers.patterns.join(' ')}`
    default:
      return `${tier} ${action} ${peers.kind}`
  }
}

export const printSet = (addresses: Addresses): string => {
  if (bothFamilies.equals(addresses, bothFamilies.full)) return '*'
  const parts = [...printCidrs(addresses.v4), ...printCidrs(addresses.v6)]
  return parts.length === 0 ? 'nobody' : parts.join(' ')
}
