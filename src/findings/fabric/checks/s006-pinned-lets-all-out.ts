import { inFamily } from '../../../engine/fabric/filters.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { isWatched } from '../exits.ts'
import { letEverythingOut, openingRule, sentFrom } from '../open-filters.ts'
import { isMost } from '../outward.ts'
import { waysOfPinned } from '../ways-of-pinned.ts'
import { named, severalOf, shortOf } from '../words.ts'

export const pinnedLetsAllOut: FabricCheck = {
  id: 'PST-S006',
  title: 'Filter of functions or apps that lets everything out',
  severity: 'info',
  why: 'Somebody joined the workload to a network to have a hand on what it sends, and the filter at its end lets everything out. What it may reach is then what the route reaches, for whoever gets code into it.',
  remedy: 'Let out what the workload needs, and nothing else.',
  references: [
    'https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    'https://learn.microsoft.com/en-us/azure/virtual-network/network-security-groups-overview',
  ],
  *run(view) {
    const open = waysOfPinned(view).flatMap(({ workload, one, subnet, out }) => {
      // What leaves by the provider is no matter of its filters.
      if (!isMost(inFamily(workload.pinned, out.family), view.outward.internet(out.family))) return []
      const filters = one.filters.flatMap(id => view.places.filters.get(id) ?? [])
      // What was not read may be what holds it.
      if (filters.length < one.filters.length) return []
      return letEverythingOut(view, filters, sentFrom(one, subnet), out.family)
        ? filters.map(filter => ({ filter, workload, out }))
        : []
    })
    for (const same of Map.groupBy(open, ({ filter }) => filter.id).values()) {
      const [first] = same
      const rule = first === undefined ? null : openingRule(view, first.filter)
      if (first === undefined || rule === null) continue
      const { filter, workload, out } = first
      yield hitOn(
        filter,
        `it lets ${severalOf(same.map(one => one.workload))} send everything everywhere`,
        `in ${named(filter)}: let out what these workloads need, and nothing else`,
        {
          at: rule.at,
          severity: isWatched(view) ? 'low' : null,
          witness: `${workload.name ?? shortOf(workload.id)} -> ${out.packet}`,
          path: [{ hop: 'managed', id: workload.id }, ...out.way.hops],
        },
      )
    }
  },
}
