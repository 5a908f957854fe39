import type { IntentDocuments } from '../model/intent.ts'
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
  const wayAround = wayAroundIn(possible, documents, unmet)
  for (const { stacks, subjects, declared } of groups) {
    for (const subject of subjects) {
      const found = declared.declarations.flatMap(({ allowance }) => {
        const way = wayAround(subject, stacks, allowance)
        return way === null ? [] : [{ ...way, allowance }]
      })
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

/** Source: istio.io, "Egress Gateways", additional security considerations. */
const KEPT_BY_MESH = '; only the proxy beside it keeps it from that, and who leaves past that proxy is kept by nothing'
