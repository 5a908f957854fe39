import { inFamily } from '../../../engine/fabric/filters.ts'
import type { FilterRule, NetworkInterface } from '../../../model/fabric.ts'
import type { AddressSet } from '../../../sets/address-set.ts'
import { printCidrs } from '../../../sets/address-text.ts'
import { bothFamilies } from '../../../sets/addresses.ts'
import { type Family, printAddress } from '../../../sets/cidr.ts'
import { TCP } from '../../../sets/protocol.ts'
import { protocolTraffic, type Traffic, traffics } from '../../../sets/traffic.ts'
import { several } from '../../check.ts'
import { portOf, portsFrom } from '../../known-traffic.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import { filtersOfNodes, type NodeFilter } from '../filters-of-nodes.ts'
import { isKeptOff } from '../kept-off.ts'
import { isMost } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { joinedWords, nodeHop, shortOf } from '../words.ts'

export const openGroup: FabricCheck = {
  id: 'PST-C011',
  title: 'Filter of nodes that lets the whole internet in',
  severity: 'medium',
  why: 'Node ports, the kubelet and remote shells are for the cluster and its operators. A filter that lets everybody in leaves it to routes and luck whether somebody outside can knock, and both change without anybody looking at the filter.',
  remedy: 'Let in load balancers and operators by their own groups or ranges, and nobody else.',
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html',
  ],
  *run(view) {
    for (const each of filtersOfNodes(view)) {
      const found = hitAt(view, each)
      if (found !== null) yield found
    }
  },
}

const hitAt = (view: FabricView, { filter, nodes }: NodeFilter): FabricHit | null => {
  const open = ([4, 6] as const).flatMap(family =>
    filter.ingress
      .filter(rule => isFromAnywhere(view, rule, family))
      .flatMap(rule => {
        const what = openedBy(rule.traffic)
        return what.length === 0 ? [] : [{ family, rule, what }]
      }),
  )
  const [first] = open
  const [any] = nodes
  if (first === undefined || any === undefined) return null
  const seen = open.flatMap(({ family, what }) =>
    nodes.flatMap(there => {
      const found = knockableAt(view, there.one, family)
      return found === null ? [] : [{ ...there, ...found, port: (what[0] as Sensitive).port }]
    }),
  )[0]
  const words = joinedWords([...new Set(open.flatMap(({ what }) => what.map(({ name }) => name)))])
  const anywhere = several([...new Set(open.flatMap(({ family, rule }) => printCidrs(fromOf(rule, family))))])
  const whom = nodes.length === 1 ? 'a node' : `${nodes.length} nodes`
  const told =
    seen === undefined ? 'the internet knows no address of theirs' : `\`${seen.address}\` can be asked from anywhere`
  return hitOn(
    filter,
    `it lets ${anywhere} in to ${words} of ${whom}: ${told}`,
    `in \`${shortOf(filter.id)}\`: replace ${anywhere} by the groups or ranges of who has to come in`,
    {
      at: first.rule.at,
      severity: seen === undefined ? null : 'high',
      witness: seen === undefined ? null : packetText(seen.address, seen.port),
      path: [
        ...(seen === undefined ? [] : [{ hop: 'gateway', id: seen.gateway }]),
        { hop: 'interface', id: (seen ?? any).one.id },
        nodeHop((seen ?? any).node),
      ],
    },
  )
}

const packetText = (address: string, port: number): string =>
  `anywhere -> ${address.includes(':') ? `[${address}]` : address}:${port}/TCP`

const isFromAnywhere = ({ outward }: FabricView, rule: FilterRule, family: Family): boolean =>
  rule.action === 'allow' && isMost(fromOf(rule, family), outward.internet(family))

const fromOf = ({ peers }: FilterRule, family: Family): AddressSet<Family> =>
  inFamily(peers.kind === 'addresses' ? peers.addresses : bothFamilies.empty, family)

interface Sensitive {
  readonly name: string
  readonly port: number
}

/** Source: kubernetes.io, “Ports and Protocols”. */
const NODE_PORTS = { first: 30_000, last: 32_767 }

const SENSITIVE: readonly (Sensitive & { readonly traffic: Traffic })[] = [
  { name: 'SSH', port: 22, traffic: portOf(TCP, 22) },
  { name: 'the kubelet', port: 10_250, traffic: portOf(TCP, 10_250) },
  { name: 'all node ports', port: NODE_PORTS.first, traffic: portsFrom(TCP, NODE_PORTS.first, NODE_PORTS.last) },
]

/** One port of a Service is somebody’s decision; the whole range is nobody’s. */
const openedBy = (traffic: Traffic): readonly Sensitive[] =>
  traffics.isSubset(protocolTraffic(TCP), traffic)
    ? [{ name: 'everything', port: 22 }]
    : SENSITIVE.filter(one => traffics.isSubset(one.traffic, traffic))

/** The address at which the internet finds an interface, and by which gateway; null: at none, or not by the routes that are there. */
const knockableAt = (
  view: FabricView,
  one: NetworkInterface,
  family: 4 | 6,
): { readonly address: string; readonly gateway: string } | null => {
  if (isKeptOff(view, one.subnet)) return null
  const address =
    family === 4 ? one.publicAddresses[0]?.seenAs : one.addresses.find(candidate => candidate.family === 6)
  // Replies pass whatever the group lets out.
  const back = view.outward
    .from({ kind: 'interface', of: { ...one, filters: [] } }, family)
    .find(({ way }) => way.exit.kind === 'internet-gateway' && way.verdict !== 'denied')
  return address === undefined || back === undefined
    ? null
    : { address: printAddress(address), gateway: back.way.exit.id ?? '' }
}
