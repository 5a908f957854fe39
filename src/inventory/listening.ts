import type { Cluster } from '../model/cluster.ts'
import type { Doubt } from '../model/rule.ts'
import type { Service, ServicePort } from '../model/service.ts'
import type { Container, Workload } from '../model/workload.ts'
import { portRange, portSets, unionOfPorts } from '../sets/port-set.ts'
import { type PortProtocol, portProtocolNamed, TCP } from '../sets/protocol.ts'
import { portTraffic, type Traffic } from '../sets/traffic.ts'
import { selectsWorkload } from './services.ts'

/** Ports at which a workload takes what it forwards, as far as documents show them. */
export interface Listening {
  readonly traffic: Traffic
  readonly doubt: Doubt | null
}

export const portsTraffic = (protocol: PortProtocol, ports: readonly number[]): Traffic =>
  portTraffic(
    protocol,
    unionOfPorts(
      ports.flatMap(port => {
        const read = portRange(port)
        return read.kind === 'read' ? [read.value] : []
      }),
    ),
  )

/**
 * The one TCP port that the container declares, or that Services send to. Declaring is no condition for listening, so of
 * several, or of none, it stays open. Source: k8s.io/api/core/v1, Container, `ports`.
 */
export const tcpPortOf = (cluster: Cluster, workload: Workload, container: Container): Listening => {
  const declared = container.ports.flatMap(({ protocol, port }) => (protocol === 'TCP' ? [port] : []))
  const targeted = targetsOf(cluster, workload, 'TCP').map(({ target }) => target)
  const shared = declared.filter(port => targeted.includes(port))
  for (const ports of [declared, shared, ...(declared.length === 0 ? [targeted] : [])]) {
    const [only, ...more] = new Set(ports)
    if (only !== undefined && more.length === 0) return { traffic: portsTraffic(TCP, [only]), doubt: null }
  }
  const known = declared.length > 0 ? declared : targeted
  return {
    traffic: known.length > 0 ? portsTraffic(TCP, known) : portTraffic(TCP, portSets.full),
    doubt: PORT_OPEN,
  }
}

const PORT_OPEN: Doubt = {
  level: 'unknown',
  why: 'at which of its ports it takes requests does not stand in any document that was read',
  settledBy: 'a `containerPort` for it alone, or a Service that leads to it',
}

/** The pods' ports to which Services of the workload lead, by protocol; names are looked up in its containers. */
export const targetsOf = (
  { services }: Cluster,
  workload: Workload,
  protocol: string,
): readonly { readonly port: number; readonly target: number }[] =>
  services
    .filter(service => service.namespace === workload.namespace && selectsWorkload(service, workload))
    .flatMap(service => service.ports)
    .flatMap(port => {
      const target = port.protocol === protocol ? targetOf(port, workload) : null
      return target === null ? [] : [{ port: port.port, target }]
    })

const targetOf = ({ port, targetPort, protocol }: ServicePort, { shape }: Workload): number | null => {
  if (targetPort === null) return port
  if (/^\d+$/.test(targetPort)) return Number(targetPort)
  return (
    shape.containers
      .flatMap(container => container.ports)
      .find(declared => declared.name === targetPort && declared.protocol === protocol)?.port ?? null
  )
}

/** What a Service's ports lead to, of the protocols that Services carry. */
export const servicePortTraffic = (
  { ports }: Service,
  numberOf: (port: ServicePort) => number | null,
): readonly Traffic[] =>
  ports.flatMap(port => {
    const protocol = portProtocolNamed(port.protocol)
    const number = numberOf(port)
    return protocol === null || number === null ? [] : [portsTraffic(protocol, [number])]
  })
