import { placeOf } from '../../inventory/address.ts'
import { proxySettings } from '../../inventory/proxy-environment.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const outsideProxy: Check = {
  id: 'PST-M012',
  title: 'Forward proxy on a public address',
  severity: 'high',
  why: 'A proxy outside the network sees every destination the workload asks for, and carries it anywhere. Filters on the way see one address and one port.',
  remedy: 'Use the network’s own proxy.',
  references: ['https://attack.mitre.org/techniques/T1090/002/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const { container, proxies } of proxySettings(cluster, workload)) {
        const outside = proxies.find(proxy => placeOf(proxy.host) === 'public')
        if (outside === undefined) continue
        yield hit(
          workload,
          `\`${container.name}\` sends its requests to a proxy at ${outside.host}, outside the network`,
          `replace ${outside.name} of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` by the network’s own proxy`,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            witness: `${outside.name}=${outside.url}`,
          },
        )
      }
    }
  },
}
