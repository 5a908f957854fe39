import type { Node } from '../../model/cluster.ts'
import { compareText } from '../../model/order.ts'
import type { Doubt } from '../../model/rule.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import type { HostEndpoint } from './context.ts'
import { readNets } from './network-sets.ts'

/** A host endpoint that packets of a node may meet. */
export interface HostWay {
  readonly endpoint: HostEndpoint
  /** It stands for every interface of the node, those of its pods included. */
  readonly isWhole: boolean
  /** Set where another endpoint has the interface toward other nodes and outside: it stands for all the rest. */
  readonly isRest?: true
  /** Why packets may go another way; null: they do not. */
  readonly doubt: Doubt | null
}

/**
 * Which host endpoints a node's packets toward other nodes and outside meet. `*` stands for every interface that has no endpoint
 * of its own; of several the first by name counts. An endpoint for one interface counts for packets that take it, which no
 * document shows: where it expects every address that the node has, the node is taken to have that interface alone, and `*`
 * is left with those of pods, tunnels and the loopback.
 * Source: docs.tigera.io, HostEndpoint; felix/dataplane/linux/endpoint_mgr.go, resolveHostEndpoints; docs/decisions/0009.
 */
export const waysOf = (endpoints: readonly HostEndpoint[], nodes: readonly Node[]): readonly HostWay[] => {
  const whole = firstByName(endpoints.filter(isWholeNode))
  const named = [
    ...Map.groupBy(
      endpoints.filter(one => !isWholeNode(one)),
      interfaceOf,
    ).values(),
  ].flatMap(firstByName)
  const hasAll = (some: readonly HostEndpoint[]): boolean => coversAll(some, nodes)
  const only = named.filter(one => hasAll([one]))
  if (only.length > 0)
    return [
      ...only.map((endpoint): HostWay => ({ endpoint, isWhole: false, doubt: isOne(only) })),
      ...whole.map((endpoint): HostWay => ({ endpoint, isWhole: true, isRest: true, doubt: isOne(whole) })),
    ]
  return [
    ...named.map((endpoint): HostWay => ({ endpoint, isWhole: false, doubt: INTERFACE_OPEN })),
    ...whole.map(
      (endpoint): HostWay => ({
        endpoint,
        isWhole: true,
        doubt: named.length > 0 ? INTERFACE_OPEN : isOne(whole),
      }),
    ),
  ]
}

export const isWholeNode = ({ interfaceName }: HostEndpoint): boolean => interfaceName === '*'

const interfaceOf = ({ interfaceName, object }: HostEndpoint): string => interfaceName ?? ` ${object.ref.name}`

/** More than one only where documents of one name differ. */
const firstByName = (endpoints: readonly HostEndpoint[]): readonly HostEndpoint[] => {
  const [first] = endpoints.toSorted((a, b) => compareText(a.object.ref.name, b.object.ref.name))
  return endpoints.filter(({ object }) => object.ref.name === first?.object.ref.name)
}

const isOne = (some: readonly HostEndpoint[]): Doubt | null => (some.length === 1 ? null : DOCUMENTS_DIFFER)

const coversAll = (endpoints: readonly HostEndpoint[], nodes: readonly Node[]): boolean => {
  const own = nodes.flatMap(node => [...node.internalAddresses, ...node.externalAddresses])
  const expected = addressesOfCidrs(readNets(endpoints.flatMap(({ expectedIPs }) => expectedIPs)).cidrs)
  const { cidrs, fault } = readNets(own)
  return cidrs.length > 0 && fault === null && bothFamilies.isSubset(addressesOfCidrs(cidrs), expected)
}

const INTERFACE_OPEN: Doubt = {
  level: 'unknown',
  why: 'the host endpoint is for one interface, and which one the packet takes is not in the documents',
  settledBy: 'an endpoint with `interfaceName: "*"`, or one whose `expectedIPs` are all addresses of the Node',
}

const DOCUMENTS_DIFFER: Doubt = {
  level: 'unknown',
  why: 'documents for this host endpoint differ, and each may be what the cluster has',
  settledBy: 'one document for it',
}
