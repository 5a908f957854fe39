import type { ManagedWorkload } from '../../../model/fabric.ts'
import { bothFamilies } from '../../../sets/addresses.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { isWatched } from '../exits.ts'
import type { WayOutward } from '../outward.ts'
import type { FabricView } from '../view.ts'
import { named, shortOf } from '../words.ts'

export const leavesByProvider: FabricCheck = {
  id: 'PST-S001',
  title: 'Function or app that leaves by its provider',
  severity: 'medium',
  why: 'What runs without a machine of its own and is joined to no network sends everything by addresses that the provider shares among many customers. No route, no filter, no firewall and no flow log of its owner sees any of it, and no partner can tell it from a stranger.',
  remedy: 'Join it to a network that leads to an approved exit, and send everything by it.',
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
    'https://learn.microsoft.com/en-us/azure/app-service/overview-vnet-integration',
    'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc',
  ],
  *run(view) {
    const severity = isWatched(view) ? null : 'low'
    for (const workload of view.fabric.managed) {
      if (workload.doubts.length > 0 || !bothFamilies.isEmpty(workload.pinned)) continue
      const out = byProvider(view, workload)
      if (out === null) continue
      yield hitOn(
        workload,
        `it is joined to no network: all of what it sends leaves by addresses of the provider${severity === null ? ', past the exits that are there for it' : ''}`,
        `join ${named(workload)} to subnets that lead to an approved exit, and send everything by them`,
        { severity, witness: `${workload.name ?? shortOf(workload.id)} -> ${out.packet}`, path: out.way.hops },
      )
    }
  },
}

/** A way by the provider that nobody approved; IPv4 where both are. */
export const byProvider = ({ outward, approvals }: FabricView, of: ManagedWorkload): WayOutward | null =>
  ([4, 6] as const)
    .flatMap(family => outward.from({ kind: 'managed', of }, family))
    .find(
      ({ way }) => way.exit.kind === 'provider-managed' && way.exit.id === of.id && approvals.ofWay(way) === null,
    ) ?? null
