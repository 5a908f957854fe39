import type { Gateway } from '../../model/fabric.ts'
import { field, type Json, text } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { type Collected, cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idIn } from './links.ts'
import type { RouteFact } from './routes.ts'

/**
 * Tunnels and private lines, with the network that they end in: that of their router, of their gateway, or of a route to them.
 * Source: Compute Engine API, VpnTunnel, VpnGateway, TargetVpnGateway, InterconnectAttachment.
 */
export const linesIn = (
  collected: Collected,
  routes: readonly RouteFact[],
): { readonly gateways: readonly Gateway[]; readonly faults: readonly Fault[] } => {
  const networks = new Map(
    (['router', 'vpn-gateway', 'target-vpn-gateway'] as const).flatMap(noun =>
      collected.in(noun).flatMap(({ id, body, link }) => {
        const network = idIn(field(body, 'network'), 'networks', link)
        return network === null ? [] : [[id, network] as const]
      }),
    ),
  )
  const byRoute = new Map(
    routes.flatMap(({ next, network }) => (next.kind === 'gateway' ? [[next.id, network] as const] : [])),
  )
  const items = [...collected.in('vpn-tunnel'), ...collected.in('interconnect')]
  const networkOf = ({ id, body, link }: GcpItem): string | null => {
    for (const [key, collection] of HOLDERS) {
      const holder = idIn(field(body, key), collection, link)
      const network = holder === null ? undefined : networks.get(holder)
      if (network !== undefined) return network
    }
    return byRoute.get(id) ?? null
  }
  const lowered = items.map(item => ({ item, network: networkOf(item), standing: standingOf(item.body) }))
  return {
    gateways: lowered.flatMap(({ item, network, standing }) =>
      network === null || item.isDisputed ? [] : [line(item, network, standing.isUp)],
    ),
    faults: lowered.flatMap(({ item: { id }, network, standing }) => [
      ...(network === null ? [{ id, why: 'the network that it ends in was not read' }] : []),
      ...(standing.why === null ? [] : [{ id, why: standing.why }]),
    ]),
  }
}

const HOLDERS = [
  ['router', 'routers'],
  ['vpnGateway', 'vpnGateways'],
  ['targetVpnGateway', 'targetVpnGateways'],
] as const

/** A state that is not known counts as up: no way out may be left out. */
const standingOf = (body: Json): { readonly isUp: boolean; readonly why: string | null } => {
  const status = text(field(body, 'status')) ?? text(field(body, 'operationalStatus')) ?? text(field(body, 'state'))
  if (status === undefined) return { isUp: true, why: 'its state is not told' }
  if (UP.includes(status)) return { isUp: true, why: null }
  if (DOWN.includes(status)) return { isUp: false, why: null }
  return { isUp: true, why: `its state \`${status}\` is not known` }
}

const UP = [
  'ESTABLISHED',
  'ALLOCATING_RESOURCES',
  'OS_ACTIVE',
  'ACTIVE',
  'FIRST_HANDSHAKE',
  'WAITING_FOR_FULL_CONFIG',
  'PROVISIONING',
]
const DOWN = [
  'AUTHORIZATION_ERROR',
  'NEGOTIATION_FAILURE',
  'DEPROVISIONING',
  'FAILED',
  'NO_INCOMING_PACKETS',
  'REJECTED',
  'STOPPED',
  'NETWORK_ERROR',
  'OS_UNPROVISIONED',
  'DEFUNCT',
  'PENDING_PARTNER',
  'PENDING_CUSTOMER',
  'UNPROVISIONED',
]

const line = (item: GcpItem, network: string, isUp: boolean): Gateway => ({
  ...cloudObject(item),
  kind: 'on-premises',
  network,
  subnet: null,
  publicAddresses: [],
  privateAddresses: [],
  takes: null,
  reachesInternet: false,
  filter: null,
  translates: bothFamilies.empty,
  isUp,
  isCut: false,
})
