import { type Address, inBlockText, readAddress } from './ip.ts'
import type { Mesh } from './istio-mesh.ts'
import { isVisible, type Scope } from './istio-scope.ts'
import { at, integer, list, text } from './json.ts'
import { every, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

interface Asked {
  readonly mesh: Mesh
  readonly scope: Scope
  readonly entries: readonly Json[]
  readonly address: Address
  readonly port: number
}

/**
 * Whether the proxy, for a ServiceEntry's sake, may connect to the address and port: for who asks for them, or for somebody who
 * asked for another. Who asks for an address and is connected to another does not reach what he asked for.
 * Source: istio.io, reference of ServiceEntry; istio, pilot/pkg/serviceregistry/serviceentry/conversion.go.
 */
export const passesByEntry = (asked: Asked, entry: Json): Tri => byPort(asked, entry, passesByPort)

/** Whether the proxy may take the connection for a ServiceEntry's sake, wherever it goes on to. */
export const isTakenByEntry = (asked: Asked, entry: Json): Tri =>
  byPort(asked, entry, (_, __, port) =>
    integer(at(port, 'number')) === asked.port ? isTaken(asked, entry, kindOf(port)) : 'no',
  )

const byPort = (asked: Asked, entry: Json, holds: (asked: Asked, entry: Json, port: Json) => Tri): Tri =>
  some(
    list(at(entry, 'spec', 'ports')).map(port =>
      every([isVisible(asked.mesh, asked.scope, entry, port, asked.entries), holds(asked, entry, port)]),
    ),
  )

const passesByPort = (asked: Asked, entry: Json, port: Json): Tri => {
  const kind = kindOf(port)
  if (kind === 'none') return 'no'
  // Pods and WorkloadEntries that are not looked at.
  if (at(entry, 'spec', 'workloadSelector') !== undefined) return 'unknown'
  const number = integer(at(port, 'number'))
  const target = integer(at(port, 'targetPort'))
  const endpoints = list(at(entry, 'spec', 'endpoints'))
  const portAt = (endpoint: Json): number | undefined =>
    integer(at(endpoint, 'ports', text(at(port, 'name')) ?? '')) ?? target ?? number
  // A name may resolve to any address. Which of several endpoints is taken is not asked.
  const isAmong = (meant: readonly Json[]): Tri =>
    some(meant.map(one => (isIn(asked.address, text(at(one, 'address'))) === 'no' ? 'no' : 'unknown')))
  switch (at(entry, 'spec', 'resolution') ?? 'NONE') {
    case 'NONE': {
      if (asked.port !== number && asked.port !== target) return 'no'
      const taken = isTaken(asked, entry, kind)
      // Only later versions change the port.
      return target === undefined || target === number || taken === 'no' ? taken : 'unknown'
    }
    case 'STATIC':
      return isAmong(endpoints.filter(endpoint => portAt(endpoint) === asked.port))
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      if (endpoints.length > 0) return isAmong(endpoints.filter(endpoint => portAt(endpoint) === asked.port))
      return (target ?? number) === asked.port ? 'unknown' : 'no'
    default:
      return 'unknown'
  }
}

type Kind = 'tcp' | 'other tcp' | 'named' | 'http' | 'none'

/**
 * Case does not count; what is not known is told apart by looking at it. Source: istio, pkg/config/protocol/instance.go;
 * pilot/pkg/networking/networking.go, ModelProtocolToListenerProtocol.
 */
const KINDS = new Map<string, Kind>([
  ['tcp', 'tcp'],
  ['redis', 'tcp'],
  // These share a port with nothing else: which entry has it hangs on the order.
  ['mongo', 'other tcp'],
  ['mysql', 'other tcp'],
  ['tls', 'named'],
  ['https', 'named'],
  ['http', 'http'],
  ['http2', 'http'],
  ['grpc', 'http'],
  ['grpc-web', 'http'],
  ['udp', 'none'],
])

const kindOf = (port: Json): Kind => KINDS.get((text(at(port, 'protocol')) ?? '').toLowerCase()) ?? 'named'

/**
 * Whether a connection to the address is taken for the entry's port. HTTP is told by its Host header at any address, TLS by its
 * server name where the entry has no address; TCP by the address, and at any where the entry has none.
 * Source: istio, pilot/pkg/networking/core/listener.go, buildSidecarOutboundListener; tls.go.
 */
const isTaken = (asked: Asked, entry: Json, kind: Kind): Tri => {
  if (kind === 'none') return 'no'
  if (kind === 'http') return 'unknown'
  const covered = isCovered(asked, entry)
  return kind === 'tcp' ? covered : covered === 'no' ? 'no' : 'unknown'
}

/** Only the first address is sure to be used: of several, the reference says that one host has no use for them. */
const isCovered = ({ address }: Asked, entry: Json): Tri => {
  const [first, ...more] = list(at(entry, 'spec', 'addresses')).map(one => isIn(address, text(one)))
  if (first === undefined) return 'yes'
  return more.includes('yes') && first === 'no' ? 'unknown' : some([first, ...more])
}

/** An address or a block. */
const isIn = (address: Address, written: string | undefined): Tri => {
  if (written === undefined || written.includes('/')) return inBlockText(address, written)
  const one = readAddress(written)
  return one === null ? 'unknown' : tri(one.family === address.family && one.bits === address.bits)
}
