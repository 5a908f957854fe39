import type { Machine, NetworkInterface } from '../../model/fabric.ts'
import { field, type Json, list, text, textMap } from '../../model/json.ts'
import type { AnyAddress } from '../../sets/cidr.ts'
import { cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idFor, idIn } from './links.ts'
import type { Member } from './members.ts'
import { addressOf, rangeOf } from './ranges.ts'
import { type Who, whoIn } from './who.ts'

/** An interface of a machine before its filter and its table are known. */
export interface Nic extends Member {
  readonly item: GcpItem
  readonly instance: string
  readonly subnet: string
  readonly interface: Omit<NetworkInterface, 'filters' | 'table' | 'subnet'>
  readonly faults: readonly string[]
}

/** Source: Compute Engine API, Instance, NetworkInterface, AccessConfig. */
export const nicsOf = (item: GcpItem): { readonly nics: readonly Nic[]; readonly faults: readonly Fault[] } => {
  const { body } = item
  const who = whoIn(body)
  const listed = field(body, 'networkInterfaces')
  const read = list(listed).map((nic, i) => readNic(item, nic, i, who))
  const nics = read.filter(one => one !== null)
  const canForward = field(body, 'canIpForward')
  const whys = [
    ...(Array.isArray(listed) ? [] : ['its interfaces were not read']),
    ...(nics.length === read.length ? [] : ['an interface names no subnet']),
    ...(canForward === undefined || typeof canForward === 'boolean' ? [] : ['whether it forwards cannot be read']),
    ...(item.isDisputed ? ['which filters it has cannot be told'] : []),
    ...nics.flatMap(({ faults }) => faults),
  ]
  return { nics, faults: [...new Set(whys)].map(why => ({ id: item.id, why })) }
}

const readNic = (item: GcpItem, nic: Json, index: number, who: Who): Nic | null => {
  const { body, link } = item
  const network = idIn(field(nic, 'network'), 'networks', link)
  const region = link.place === null ? null : link.place.replace(/-[a-z]$/, '')
  const subnet = idIn(field(nic, 'subnetwork'), 'subnetworks', { ...link, place: region })
  if (subnet === null || network === null) return null
  const faults: string[] = []
  const read = (holder: Json | undefined, key: string): readonly AnyAddress[] => {
    const written = text(field(holder, key))
    if (written === undefined || written === '') {
      if ((field(holder, key) ?? '') !== '') faults.push('an address cannot be read')
      return []
    }
    const address = addressOf(written.split('/')[0])
    if (address === null) faults.push('an address cannot be read')
    return address === null ? [] : [address]
  }
  const primary4 = read(nic, 'networkIP')
  const outer6 = list(field(nic, 'ipv6AccessConfigs')).flatMap(one => read(one, 'externalIpv6'))
  const primary = [...primary4, ...read(nic, 'ipv6Address'), ...outer6]
  const aliases = list(field(nic, 'aliasIpRanges')).flatMap(one => {
    const found = addressesIn(field(one, 'ipCidrRange'))
    if (found === null)
      faults.push(`the alias range \`${text(field(one, 'ipCidrRange')) ?? ''}\` is not among its addresses`)
    return found ?? []
  })
  const [own] = primary4
  const name = text(field(nic, 'name')) ?? `nic${index}`
  const publics = list(field(nic, 'accessConfigs')).flatMap(one => read(one, 'natIP'))
  return {
    item,
    network,
    instance: item.id,
    subnet,
    who: item.isDisputed ? { tags: null, account: null } : who,
    primary,
    addresses: [...primary, ...aliases],
    interface: {
      ...cloudObject(item, {
        id: idFor('interface', link.project, link.place, link.name, name),
        name: `${link.name} ${name}`,
        at: ['networkInterfaces', index],
      }),
      of: item.id,
      addresses: [...primary, ...aliases],
      untold: [],
      // An external IPv6 address is the machine’s own.
      publicAddresses: [
        ...(own === undefined ? [] : publics.map(seenAs => ({ of: own, seenAs }))),
        ...outer6.map(one => ({ of: one, seenAs: one })),
      ],
      forwards: field(body, 'canIpForward') === true,
      balancers: [],
    },
    faults,
  }
}

/** A node of a cluster has a range of aliases for its pods, of /24 as a rule; null: it cannot be read, or holds too many. */
const addressesIn = (written: Json | undefined): readonly AnyAddress[] | null => {
  const range = rangeOf(written)
  if (range === null || range.family !== 4 || range.prefix < LONGEST) return null
  const first = range.words[0] as number
  return Array.from({ length: 2 ** (32 - range.prefix) }, (_, i): AnyAddress => ({ family: 4, words: [first + i] }))
}

/** 1024 addresses: a node has at most 512 for its pods. Source: GKE, “Configure maximum Pods per node”. */
const LONGEST = 22

/** GKE writes the name of the cluster into a label of each machine that is a node of it. */
export const lowerInstance = (item: GcpItem): Machine => {
  const cluster = textMap(field(item.body, 'labels')).get('goog-k8s-cluster-name')
  return { ...cloudObject(item), clusters: cluster === undefined || cluster === '' ? [] : [cluster], metadata: null }
}
