import type { Cluster } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { Relay } from '../model/relay.ts'
import { dnsRelays } from './dns-relays.ts'
import { gatewayRelays } from './gateway-relays.ts'
import { proxyRelays } from './proxy-relays.ts'
import { serviceRelays } from './service-relays.ts'

/** The known forwarders of a cluster, in the order of their ids. Nothing is a relay by being reachable. */
export const relaysOf = (cluster: Cluster): readonly Relay[] =>
  [...proxyRelays(cluster), ...gatewayRelays(cluster), ...dnsRelays(cluster), ...serviceRelays(cluster)].sort((a, b) =>
    compareText(idOf(a.of.ref), idOf(b.of.ref)),
  )
