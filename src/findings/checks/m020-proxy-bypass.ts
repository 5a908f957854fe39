import { proxySettings } from '../../inventory/proxy-environment.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'
import { WEB } from '../known-traffic.ts'
import { only, packetOf } from '../rule-reach.ts'

export const proxyBypass: Check = {
  id: 'PST-M020',
  title: 'Proxy that nobody has to use',
  severity: 'medium',
  why: 'The workload is told to use a proxy, and policy lets it connect directly as well. Variables bind only programs that read them: a library that does not, or anybody who takes the workload over, leaves past the proxy’s list and log.',
  remedy: 'Close the direct way by policy, and leave the proxy open.',
  references: ['https://curl.se/docs/manpage.html#ENVIRONMENT'],
  *run(view) {
    const withProxy = new Map(
      view.cluster.workloads.flatMap(workload => {
        const settings = proxySettings(view.cluster, workload).filter(({ proxies }) => proxies.length > 0)
        return settings.length === 0 ? [] : [[workload, settings] as const]
      }),
    )
    if (withProxy.size === 0) return
    const { signatures, mostly, zones } = view.possible()
    const families = [only(4, zones.internet), only(6, zones.internet)]
    const told = new Set<string>()
    for (const signature of signatures) {
      if (!signature.subjects.some(({ workload }) => withProxy.has(workload))) continue
      const open = families.find(internet => mostly(signature, internet, WEB))
      if (open === undefined) continue
      for (const subject of signature.subjects) {
        const { workload } = subject
        for (const { container, proxies } of withProxy.get(workload) ?? []) {
          const [first] = proxies
          const key = `${workload.namespace}/${workload.ref.kind}/${workload.ref.name} ${container.name}`
          if (first === undefined || told.has(key)) continue
          told.add(key)
          yield hit(
            workload,
            `\`${container.name}\` is told to use \`${first.host}\`, and policy lets it reach the web directly`,
            `close the direct way of \`${workload.ref.name}\` by policy, and leave the proxy open`,
            {
              at: pathOfContainer(workload, container),
              key: container.name,
              witness: packetOf({ subjects: [subject] }, open, WEB),
            },
          )
        }
      }
    }
  },
}
