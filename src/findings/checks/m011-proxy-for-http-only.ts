import { proxySettings } from '../../inventory/proxy-environment.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const proxyForHttpOnly: Check = {
  id: 'PST-M011',
  title: 'Proxy for HTTP and none for HTTPS',
  severity: 'medium',
  why: 'Only `http_proxy` is set: plain requests pass the proxy, and everything over TLS, which is nearly everything, connects directly.',
  remedy: 'Set `https_proxy` too, in both spellings.',
  references: ['https://curl.se/docs/manpage.html#ENVIRONMENT'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const { container, proxies } of proxySettings(cluster, workload)) {
        const kinds = new Set(proxies.map(proxy => proxy.scheme))
        if (!kinds.has('http') || kinds.has('https') || kinds.has('all')) continue
        yield hit(
          workload,
          `\`${container.name}\` uses a proxy for HTTP only, so HTTPS connects directly`,
          `set \`HTTPS_PROXY\` and \`https_proxy\` on ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            witness: proxies[0] === undefined ? null : `${proxies[0].name}=${proxies[0].url}`,
          },
        )
      }
    }
  },
}
