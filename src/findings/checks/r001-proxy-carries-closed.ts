import type { Subject } from '../../engine/population.ts'
import { passing } from '../../engine/verdict.ts'
import { proxyProductIn } from '../../inventory/exits.ts'
import { idOf } from '../../model/identity.ts'
import { compareText } from '../../model/order.ts'
import { TCP } from '../../sets/protocol.ts'
import { protocolTraffic } from '../../sets/traffic.ts'
import { type Check, hit, several } from '../check.ts'
import { HTTPS } from '../known-traffic.ts'
import type { PossibleView } from '../possible-view.ts'
import { only } from '../rule-reach.ts'
import { nameOf } from '../signatures.ts'

export const proxyCarriesClosed: Check = {
  id: 'PST-R001',
  title: 'Forward proxy that carries closed workloads out',
  severity: 'low',
  why: 'Policy closes the internet to a workload and opens the port of a forward proxy, which has it. From then on the proxy’s own rules are the only limit of what leaves: they belong to the review of the policy.',
  remedy: 'Keep the proxy’s list as tight as the policy, and let only those reach it who need it.',
  references: ['https://attack.mitre.org/techniques/T1090/001/'],
  *run(view) {
    const { cluster } = view
    const proxies = cluster.workloads.filter(
      workload => !workload.shape.hostNetwork && proxyProductIn(cluster, workload) !== null,
    )
    if (proxies.length === 0) return
    const possible = view.possible()
    const closed = possible.signatures.filter(
      signature => possible.passes(signature, only(4, possible.zones.internet), HTTPS) === 'no',
    )
    for (const proxy of proxies) {
      const served = possible.engine.population.subjects.find(({ workload }) => workload === proxy)
      if (served === undefined || served.identity === null || !mayLeave(served, possible)) continue
      const carried = carriedBy(served.identity, closed, possible).filter(name => name !== nameOf(served))
      if (carried.length === 0) continue
      yield hit(
        proxy,
        `${several(carried)} ${carried.length === 1 ? 'has' : 'have'} no way to the internet and ${carried.length === 1 ? 'reaches' : 'reach'} this proxy, which has one`,
        `hold ${proxy.ref.kind} \`${proxy.ref.name}\` in \`${proxy.namespace}\` to the destinations that its clients need`,
        {
          at: proxy.shapePath,
          witness: `${carried[0]} -> ${nameOf(served)} -> 1.1.1.1:443/TCP`,
          path: [{ hop: 'relay', id: idOf(proxy.ref) }],
        },
      )
    }
  },
}

/** Some part of the internet, certainly. */
const mayLeave = (subject: Subject, { engine, zones }: PossibleView): boolean => {
  const { must } = passing(engine.spaces.v4, engine.stacksOf(subject, 'egress'))
  return !engine.spaces.v4.algebra.isEmpty(engine.spaces.v4.regions.within(must, zones.internet.v4))
}

/** Both ends let some TCP pass: the workload’s own policies, and the proxy’s. */
const carriedBy = (proxy: number, closed: PossibleView['signatures'], { engine }: PossibleView): readonly string[] => {
  const { table, spaces } = engine
  const tcp = table.idOf(protocolTraffic(TCP))
  const admitted = passing(spaces.pods, engine.ingressOf(proxy)).must
  const names = closed.flatMap(({ stacks, subjects }) => {
    const sent = table.intersect(spaces.pods.relations.idAt(passing(spaces.pods, stacks).must, proxy), tcp)
    if (sent === table.empty) return []
    return subjects
      .filter(
        ({ identity }) =>
          identity !== null && table.intersect(sent, spaces.pods.relations.idAt(admitted, identity)) !== table.empty,
      )
      .map(nameOf)
  })
  return [...new Set(names)].sort(compareText)
}
