import { ofKind } from './estate.ts'
import { readAddress } from './ip.ts'
import { isCaptured } from './istio-capture.ts'
import { readMesh } from './istio-mesh.ts'
import { isTakenByEntry, passesByEntry } from './istio-registry.ts'
import { modeOf, scopeOf } from './istio-scope.ts'
import { at, isObject, text } from './json.ts'
import { some } from './three.ts'
import { type Json, type Packet, TCP } from './types.ts'

/**
 * `yes`: certainly; `no`: certainly not; `open`: the documents do not say, or more than they say would have to be followed.
 * `elsewhere`: if it is not refused, it is connected to another address, so that nobody reaches this one.
 */
export type Refusal = 'yes' | 'elsewhere' | 'no' | 'open'

/** Where redirected connections arrive. Source: istio, listener_builder.go, blackholeFilterChain. */
const PROXY_PORT = 15001

/**
 * Whether Istio's sidecar refuses a pod's packet to an address outside: the packet comes to the proxy, the proxy passes on what
 * its registry holds and nothing else, and nothing visible in the registry may lead to that address and port. An address that a
 * visible entry leads to from elsewhere (an endpoint, what a name resolves to) is open: the pod gets there.
 * Source: istio.io, "Accessing External Services"; istio, pilot/pkg/networking/core/listener.go, listener_builder.go,
 * buildOutboundCatchAllNetworkFiltersOnly.
 */
export const meshRefuses = ({ objects }: { readonly objects: readonly Json[] }, packet: Packet): Refusal => {
  const { from, to, port } = packet
  if (from.kind !== 'pod' || packet.protocol !== TCP) return 'no'
  const address = to.kind === 'address' ? readAddress(to.address) : null
  if (address === null || port === undefined) return 'open'
  const captured = isCaptured(objects, from, address, port)
  if (captured === 'no') return 'no'
  const mesh = readMesh(objects)
  const scope = mesh === null ? null : scopeOf(objects, mesh, from)
  if (mesh === null || scope === null || changesProxies(objects)) return 'open'
  switch (modeOf(mesh, scope)) {
    case 'ALLOW_ANY':
      // Nothing is passed on to that port, at no address; a mode that refuses nothing does not say so.
      return port === PROXY_PORT ? 'open' : 'no'
    case 'REGISTRY_ONLY': {
      const entries = ofKind(objects, 'networking.istio.io', 'ServiceEntry')
      const asked = { mesh, scope, entries, address, port }
      const passes = some(entries.map(entry => passesByEntry(asked, entry)))
      if (passes === 'yes') return 'no'
      if (passes === 'unknown' || captured === 'unknown') return 'open'
      return some(entries.map(entry => isTakenByEntry(asked, entry))) === 'no' ? 'yes' : 'elsewhere'
    }
    case null:
      return 'open'
  }
}

/**
 * Documents that are not followed here, and may let something out: patches, routes, workloads as endpoints, and Services whose
 * endpoints may be anywhere.
 */
const changesProxies = (objects: readonly Json[]): boolean =>
  ofKind(objects, 'networking.istio.io', 'EnvoyFilter', 'VirtualService', 'WorkloadEntry', 'ProxyConfig').length > 0 ||
  ofKind(objects, '', 'Service').some(service => {
    const selector = at(service, 'spec', 'selector')
    return text(at(service, 'spec', 'type')) === 'ExternalName' || !isObject(selector)
  })
