import { type FabricCheck, hitOn } from '../check.ts'
import { firewallsOn } from '../exits.ts'
import { letEverythingOut, openingRule, sentFrom } from '../open-filters.ts'
import { waysOfSenders, whoAmong } from '../senders.ts'
import { named, severalOf, shortOf } from '../words.ts'

export const openFirewall: FabricCheck = {
  id: 'PST-C026',
  title: 'Firewall on the way that lets everything out',
  severity: 'medium',
  why: 'Packets are led to a firewall so that it decides what leaves, and its rules let everything leave. On every drawing the way is a guarded one, and nothing is held back on it.',
  remedy: 'Let out what is needed, by names where the firewall knows them, and deny the rest.',
  references: [
    'https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html',
    'https://learn.microsoft.com/en-us/azure/firewall/rule-processing',
  ],
  *run(view) {
    const { places } = view
    const open = waysOfSenders(view).flatMap(way => {
      if (way.out.way.verdict === 'denied') return []
      return firewallsOn(view, way.out).flatMap(firewall => {
        const filter = firewall.filter === null ? undefined : places.filters.get(firewall.filter)
        if (filter === undefined || filter.doubts.length > 0) return []
        const isOpen = letEverythingOut(
          view,
          [{ ...filter, joins: 'each' }],
          sentFrom(way.one, way.subnet),
          way.out.family,
        )
        return isOpen ? [{ ...way, filter, firewall }] : []
      })
    })
    for (const same of Map.groupBy(open, ({ filter }) => filter.id).values()) {
      const [shown] = same
      if (shown === undefined) continue
      const { filter, first, out, witness } = shown
      yield hitOn(
        filter,
        `${severalOf(same.map(({ firewall }) => firewall))} lets ${whoAmong(same)} in ${severalOf(same.map(({ subnet }) => subnet))} send everything everywhere by these rules`,
        `in ${filter.name === null ? `\`${shortOf(filter.id)}\`` : named(filter)}: let out what is needed, and deny the rest`,
        { at: openingRule(view, filter)?.at ?? filter.at, witness, path: [first, ...out.way.hops] },
      )
    }
  },
}
