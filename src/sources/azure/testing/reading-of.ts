import type { FilterPeers, FilterRule, NextHop, Route } from '../../../model/fabric.ts'
import type { JsonObject } from '../../../model/json.ts'
import { printAddresses, printCidrs } from '../../../sets/address-text.ts'
import { bothFamilies } from '../../../sets/addresses.ts'
import { printAddress, printCidr } from '../../../sets/cidr.ts'
import { trafficElements } from '../../../sets/traffic-text.ts'
import type { RawDocument } from '../../files/read.ts'
import { type AzureReading, azureFabric } from '../fabric.ts'

/** Documents as if each were a file of its own: `0.json`, `1.json`. For tests only. */
export const documentsOf = (...bodies: readonly JsonObject[]): readonly RawDocument[] =>
  bodies.map((body, source) => ({
    kind: 'document',
    body,
    origin: { file: `${source}.json`, source, start: 0, end: 1, line: 1, format: 'json', item: null },
    cluster: 'c',
  }))

export const readingOf = (...bodies: readonly JsonObject[]): AzureReading => azureFabric(documentsOf(...bodies))

/** Why something was not understood in full, in order. */
export const whysOf = (reading: AzureReading): readonly string[] => reading.notes.map(({ why }) => why)

export const SUBSCRIPTION = '00000000-0000-0000-0000-00000000000a'

/** The id of a resource of one group: `net('virtualNetworks/hub')`. */
const idIn =
  (namespace: string) =>
  (path: string): string =>
    `/subscriptions/${SUBSCRIPTION}/resourceGroups/Net/providers/Microsoft.${namespace}/${path}`

export const net = idIn('Network')
export const compute = idIn('Compute')
export const web = idIn('Web')
export const apps = idIn('App')

/** As the model writes it: `own('subnet/hub/a')`. */
export const own = (path: string): string => path.replace(/^([^/]+)\//, `azure:$1/${SUBSCRIPTION}/net/`)

/** Without what all ids of these tests begin with. */
export const short = (id: string | null): string =>
  (id ?? '-').replace(`/${SUBSCRIPTION}/net`, '').replace(/^azure:/, '')

/** A resource as the command line prints it, or, `asApi`, as the API does. */
export const resource = (id: string, properties: JsonObject): JsonObject => ({
  id,
  name: id.split('/').at(-1) ?? '',
  location: 'westeurope',
  ...properties,
})

export const asApi = ({ id, name, location, ...properties }: JsonObject): JsonObject => ({
  id: id ?? null,
  name: name ?? null,
  location: location ?? null,
  properties,
})

export const reference = (id: string): JsonObject => ({ id })

/** A network of one block with subnets, `name: [range, more]`. */
export const vnet = (
  name: string,
  space: readonly string[],
  subnets: Readonly<Record<string, readonly [string, JsonObject]>>,
  more: JsonObject = {},
): JsonObject =>
  resource(net(`virtualNetworks/${name}`), {
    addressSpace: { addressPrefixes: [...space] },
    subnets: Object.entries(subnets).map(([own, [addressPrefix, rest]]) =>
      resource(net(`virtualNetworks/${name}/subnets/${own}`), { addressPrefix, ...rest }),
    ),
    ...more,
  })

export const nextText = (next: NextHop): string => {
  switch (next.kind) {
    case 'address':
      return printAddress(next.address)
    case 'gateway':
    case 'peering':
    case 'service':
      return `${next.kind} ${short(next.id)}`
    default:
      return next.kind
  }
}

/** `10.0.0.0/16 network local 2` */
export const routeText = ({ destination, next, by, rank }: Route): string =>
  `${destination === null ? '?' : printCidr(destination)} ${nextText(next)} ${by} ${rank}`

const peersText = (peers: FilterPeers): string => {
  switch (peers.kind) {
    case 'addresses':
    case 'perhaps': {
      const { v4, v6 } = peers.addresses
      const all = bothFamilies.equals(peers.addresses, bothFamilies.full)
      const ranges = [...printCidrs(v4), ...printCidrs(v6)]
      const said = all ? '*' : ranges.length > 6 ? `${ranges.length} blocks` : ranges.join(',')
      return peers.kind === 'perhaps' ? `perhaps ${said}` : said
    }
    case 'members':
      return peers.filter
    case 'names':
      return peers.patterns.join(',')
    case 'unknown':
      return '?'
  }
}

/** `allow 10.0.0.0/16 from * TCP 443` */
export const ruleText = ({ action, own: end, peers, traffic, tier }: FilterRule): string =>
  [
    ...(tier === 0 ? [] : [`tier ${tier}`]),
    action,
    peersText(peers),
    ...(end === null ? [] : ['own', peersText(end)]),
    trafficElements(traffic)
      .map(element => Object.values(element).join(' '))
      .join('; '),
  ].join(' ')

export const printed = printAddresses
