import { routesIn } from '../../engine/egress-gateways.ts'
import type { Entry } from '../../engine/entries.ts'
import { type Declaration, withEndpoint } from '../../intent/declared.ts'
import { matchesOne } from '../../intent/subjects.ts'
import { globMatches } from '../../model/glob.ts'
import { idOf } from '../../model/identity.ts'
import type { ApprovedExit } from '../../model/intent.ts'
import { printAddresses } from '../../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import { type Check, type ClusterView, type Hit, hit, several } from '../check.ts'
import { pastRelays } from '../declared-past-relays.ts'
import { type DeclaredGroup, groupsIn } from '../declared-view.ts'
import type { PossibleView } from '../possible-view.ts'
import { nameOf } from '../signatures.ts'
import { type Unmet, unmetIn } from '../unmet.ts'

export const anotherWay: Check = {
  id: 'PST-I024',
  title: 'Declared egress that leaves by another way',
  severity: 'medium',
  why: 'The declaration names the exit that it goes through, and the packets do not, or need not: they leave with another address, past whatever logs, limits or trusts that exit.',
  remedy: 'Route the destination through the exit and close every other way to it, or declare the way that it takes.',
  references: ['docs/intents.md'],
  *run(view) {
    const { estate } = view
    if (!estate.intents.intents.some(({ allow }) => allow.some(({ via }) => via !== null))) return
    const possible = view.possible()
    const unmet = unmetIn(possible, estate.intents)
    const groups = groupsIn(estate, possible, view.today)
    yield* pastGateways(view, possible, unmet, groups)
    yield* pastRelays(possible, unmet, groups, estate.intents)
  },
}

function* pastGateways(
  view: ClusterView,
  possible: PossibleView,
  unmet: Unmet,
  groups: readonly DeclaredGroup[],
): Iterable<Hit> {
  const { estate } = view
  // Whether gateways route at all must be known.
  if (possible.gatewaysAreOn === 'unknown') return
  const routes = routesIn(possible.engine, possible.gatewaysAreOn)
  for (const { stacks, subjects, declared } of groups) {
    for (const declaration of declared.declarations) {
      const exit = exitOf(declaration, view)
      if (exit === null) continue
      const { addresses } = withEndpoint(declaration.allowance, estate.intents)
      const outside = bothFamilies.subtract(addresses, possible.engine.ground.own)
      if (bothFamilies.isEmpty(outside)) continue
      for (const subject of subjects) {
        if (unmet.meetingOf(subject, stacks, declaration.allowance) === 'broken') continue
        const past = routes(subject, entryTo(outside, possible)).flatMap(({ entry, route }) =>
          route !== null && matchesOne(exit.ids, idOf(route.policy.ref))
            ? []
            : entry.to.kind === 'addresses'
              ? [entry.to.addresses]
              : [],
        )
        if (past.length === 0) continue
        const places = printAddresses(past.reduce(bothFamilies.union))
        yield hit(
          declaration.intent,
          `${several(places)} leaves \`${nameOf(subject)}\` past \`${exit.ref.name}\`, the exit that is declared`,
          `add ${several(places)} to the gateway’s destinations, or declare another way in EgressIntent \`${declaration.intent.ref.name}\``,
          {
            at: [...declaration.allowance.at, 'via'],
            key: `${nameOf(subject)} ${places.join(' ')}`,
            owner: declaration.allowance.owner,
          },
        )
      }
    }
  }
}

/** The exit that an entry names, where it is a gateway of this cluster: of others nobody can tell here who goes through them. */
const exitOf = ({ allowance }: Declaration, { estate, cluster }: ClusterView): ApprovedExit | null => {
  const exit = estate.intents.exits.find(({ ref }) => ref.name === allowance.via)
  if (exit === undefined || exit.ids.length === 0 || exit.names.length > 0 || !bothFamilies.isEmpty(exit.addresses))
    return null
  const isGatewayHere = (id: string): boolean => {
    const [of = '', , kind] = id.split('/')
    return kind === 'CiliumEgressGatewayPolicy' && globMatches(of, cluster.name)
  }
  return exit.ids.every(isGatewayHere) ? exit : null
}

const entryTo = (addresses: Addresses, { engine }: PossibleView): Entry => ({
  to: { kind: 'addresses', zone: 'internet', addresses },
  traffic: engine.table.full,
  verdict: 'allowed',
  enforcement: 'enforced',
})
