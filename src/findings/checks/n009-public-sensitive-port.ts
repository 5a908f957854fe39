import { proxyProduct } from '../../inventory/exits.ts'
import { imageName } from '../../inventory/image.ts'
import { isLimited, loadBalancerScheme, sourceRangesOf, workloadsBehind } from '../../inventory/services.ts'
import type { Service, ServicePort } from '../../model/service.ts'
import type { Container, Workload } from '../../model/workload.ts'
import { type Check, hit } from '../check.ts'

/** Ports of stores, brokers, proxies and remote administration. Source: IANA service names; the projects’ defaults. */
const SENSITIVE: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [23, 'telnet'],
  [1433, 'SQL Server'],
  [1521, 'Oracle'],
  [2375, 'Docker'],
  [2379, 'etcd'],
  [3128, 'a forward proxy'],
  [3306, 'MySQL'],
  [3389, 'RDP'],
  [5432, 'PostgreSQL'],
  [5672, 'AMQP'],
  [6379, 'Redis'],
  [6443, 'a Kubernetes API'],
  [8888, 'a proxy or notebook'],
  [9042, 'Cassandra'],
  [9092, 'Kafka'],
  [9200, 'Elasticsearch'],
  [10250, 'a kubelet'],
  [11211, 'memcached'],
  [1080, 'a SOCKS proxy'],
  [27017, 'MongoDB'],
])
/** Images that are the store itself: an exporter, a console or an operator of one is not. */
const STORES =
  /^(postgres|postgresql|postgresql-repmgr|postgis|timescaledb|spilo-\d+|mysql|mysql-server|mariadb|mariadb-galera|redis|redis-stack|redis-stack-server|redis-cluster|valkey|keydb|dragonfly|mongo|mongodb|cassandra|scylla|cockroach|kafka|cp-kafka|zookeeper|nats|elasticsearch|opensearch|rabbitmq|clickhouse|clickhouse-server|etcd|memcached|neo4j|couchdb|influxdb)$/

export const publicSensitivePort: Check = {
  id: 'PST-N009',
  title: 'Public load balancer in front of a store, proxy or administration port',
  severity: 'critical',
  why: 'A database, broker or forward proxy that answers the whole internet is a way in that becomes a way out: replies, replication and proxied requests leave by it. Policy behind it helps only where it sees the real client.',
  remedy: 'Make the load balancer internal, or limit it to the partners’ addresses.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer'],
  *run({ cluster, inventory }) {
    const hasCloud = ['aws', 'azure', 'gcp'].includes(inventory.platform.provider ?? '')
    for (const service of cluster.services) {
      if (service.type !== 'LoadBalancer') continue
      const { scheme } = loadBalancerScheme(service)
      if (scheme === 'internal') continue
      if (isLimited(sourceRangesOf(service))) continue
      const behind = workloadsBehind(service, cluster)
      const what = whatIsBehind(service, behind)
      if (what === null) continue
      yield hit(
        service,
        `${what.what} answers every source on ${what.port}/TCP`,
        `make Service \`${service.ref.name}\` in \`${service.namespace}\` internal, or limit \`loadBalancerSourceRanges\` to those who need it`,
        {
          at: ['spec', 'ports'],
          // Without a cloud, an address or a word about its scheme nobody knows how far it reaches.
          severity: scheme === 'unknown' && !hasCloud ? 'high' : null,
          witness: `0.0.0.0/0 -> ${service.loadBalancerAddresses[0] ?? 'load balancer'}:${what.port}/TCP`,
        },
      )
    }
  },
}

const whatIsBehind = (service: Service, behind: readonly Workload[]): { what: string; port: number } | null => {
  for (const port of service.ports) {
    for (const workload of behind) {
      const { base } = imageName(serving(workload, port)?.image ?? '')
      if (STORES.test(base)) return { what: `the store \`${base}\``, port: port.port }
      const proxy = proxyProduct(workload)
      if (proxy !== null) return { what: `the forward proxy ${proxy}`, port: port.port }
    }
    const name = SENSITIVE.get(port.port) ?? SENSITIVE.get(Number(port.targetPort))
    if (name !== undefined) return { what: name, port: port.port }
  }
  return null
}

/** The container that a Service port leads to: the one that declares it, or the only one there is. */
const serving = ({ shape }: Workload, port: ServicePort): Container | undefined => {
  const main = shape.containers.filter(container => container.role === 'main')
  const target = port.targetPort ?? String(port.port)
  const declares = main.find(container =>
    container.ports.some(own => own.name === target || String(own.port) === target),
  )
  return declares ?? (main.length === 1 ? main[0] : undefined)
}
