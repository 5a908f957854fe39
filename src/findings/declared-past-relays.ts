import { type Declared, declaredBy, withEndpoint } from '../intent/declared.ts'
import { splitDeclared } from '../intent/split.ts'
import type { Allowance, IntentDocuments } from '../model/intent.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import { type Hit, hit, several } from './check.ts'
import { wayAroundIn } from './declared-around.ts'
import type { DeclaredGroup } from './declared-view.ts'
import type { PossibleView } from './possible-view.ts'
import { packetOf } from './rule-reach.ts'
import type { Unmet } from './unmet.ts'

/** One for each workload and exit: what closes the way around closes it for all that is declared. */
export function* pastRelays(
  possible: PossibleView,
  unmet: Unmet,
  groups: readonly DeclaredGroup[],
  documents: IntentDocuments,
): Iterable<Hit> {
  const { cluster } = possible.engine
  const wayAround = wayAroundIn(possible, documents, unmet)
  for (const { stacks, subjects, declared } of groups) {
    // Whoever declares a place for any way has declared the direct one.
    const free = declared.declarations.filter(({ allowance }) => unmet.waysMeant(allowance.via).direct)
    const direct = declaredBy(free, documents, cluster.name, bothFamilies.empty)
    for (const subject of subjects) {
      const found = declared.declarations.flatMap(({ allowance }) =>
        beyond(direct, withEndpoint(allowance, documents)).flatMap(left => {
          const way = wayAround(subject, stacks, left)
          return way === null ? [] : [{ ...way, allowance }]
        }),
      )
      for (const [exit, ways] of Map.groupBy(found, ({ allowance }) => allowance.via)) {
        const [{ relays, allowance }] = ways as [(typeof ways)[number]]
        const places = [...new Set(ways.flatMap(way => way.places))]
        const example = ways.flatMap(way => way.example ?? [])[0]
        const { workload } = subject
        yield hit(
          workload,
          `policy lets it reach ${several(places)} directly, past ${several(relays)}, which \`${exit}\` declares as the way out${
            ways.every(({ isKeptByMesh }) => isKeptByMesh) ? KEPT_BY_MESH : ''
          }`,
          `close the direct way of \`${workload.ref.name}\` by policy, and leave ${several(relays)} open`,
          {
            at: workload.shapePath,
            key: `${exit}`,
            owner: allowance.owner,
            witness:
              example === undefined ? null : packetOf({ subjects: [subject] }, example.addresses, example.traffic),
          },
        )
      }
    }
  }
}

/** What of an entry is declared for no other way. */
const beyond = (direct: Declared, entry: Allowance): readonly Allowance[] => {
  if (direct.declarations.length === 0) return [entry]
  const places = { addresses: entry.addresses, names: entry.names.map(printNamePattern), traffic: entry.traffic }
  return splitDeclared(direct, places).left.map(({ addresses, names, traffic }) => ({
    ...entry,
    privateEndpoint: null,
    addresses,
    names: entry.names.filter(pattern => names.includes(printNamePattern(pattern))),
    traffic,
  }))
}

/** Source: istio.io, "Egress Gateways", additional security considerations. */
const KEPT_BY_MESH = '; only the proxy beside it keeps it from that, and who leaves past that proxy is kept by nothing'
