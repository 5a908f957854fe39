import { isEverySource } from '../../inventory/address.ts'
import { proxyProduct } from '../../inventory/exits.ts'
import { imageName } from '../../inventory/image.ts'
import { loadBalancerScheme, workloadsBehind } from '../../inventory/services.ts'
import type { Service } from '../../model/service.ts'
import type { Workload } from '../../model/workload.ts'
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
const STORES =
  /^(postgres|postgresql|mysql|mariadb|redis|valkey|mongo|mongodb|cassandra|kafka|elasticsearch|opensearch|rabbitmq|clickhouse|etcd)/

export const publicSensitivePort: Check = {
  id: 'PST-N009',
  title: 'Public load balancer in front of a store, proxy or administration port',
  severity: 'critical',
  why: 'A database, broker or forward proxy that answers the whole internet is a way in that becomes a way out: replies, replication and proxied requests leave by it. Policy behind it helps only where it sees the real client.',
  remedy: 'Make the load balancer internal, or limit it to the partners’ addresses.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer'],
  *run({ cluster }) {
    for (const service of cluster.services) {
      if (service.type !== 'LoadBalancer' || loadBalancerScheme(service).scheme === 'internal') continue
      const ranges = service.loadBalancerSourceRanges
      if (ranges.length > 0 && !ranges.some(isEverySource)) continue
      const behind = workloadsBehind(service, cluster)
      const what = whatIsBehind(service, behind)
      if (what === null) continue
      yield hit(
        service,
        `${what.what} answers every source on ${what.port}/TCP`,
        `make Service \`${service.ref.name}\` in \`${service.namespace}\` internal, or limit \`loadBalancerSourceRanges\` to those who need it`,
        {
          at: ['spec', 'ports'],
          witness: `0.0.0.0/0 -> ${service.loadBalancerAddresses[0] ?? 'load balancer'}:${what.port}/TCP`,
        },
      )
    }
  },
}

const whatIsBehind = (service: Service, behind: readonly Workload[]): { what: string; port: number } | null => {
  for (const workload of behind) {
    const proxy = proxyProduct(workload)
    const store = workload.shape.containers
      .map(container => imageName(container.image).base)
      .find(base => STORES.test(base))
    const port = service.ports[0]?.port
    if (port !== undefined && (proxy !== null || store !== undefined))
      return { what: proxy === null ? `the store \`${store}\`` : `the forward proxy ${proxy}`, port }
  }
  for (const port of service.ports) {
    const name = SENSITIVE.get(port.port) ?? SENSITIVE.get(Number(port.targetPort))
    if (name !== undefined) return { what: name, port: port.port }
  }
  return null
}
