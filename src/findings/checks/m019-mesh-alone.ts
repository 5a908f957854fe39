import { cooperativeRegions } from '../../engine/cooperative.ts'
import { meshViewsOf } from '../../inventory/mesh-view.ts'
import type { MeshView } from '../../model/mesh.ts'
import { compareText } from '../../model/order.ts'
import { sizeOf } from '../../sets/address-points.ts'
import { addresses4 } from '../../sets/address-set.ts'
import { type Check, hit, several } from '../check.ts'
import { WEB } from '../known-traffic.ts'
import type { PossibleView } from '../possible-view.ts'
import { only, packetOf } from '../rule-reach.ts'
import { nameOf } from '../signatures.ts'

export const meshAlone: Check = {
  id: 'PST-M019',
  title: 'Mesh that is taken for a firewall',
  severity: 'medium',
  why: 'The mesh refuses what is not in its registry, and no policy does. A sidecar holds back only who goes through it: other protocols, excluded ports, the proxy’s own user and anybody who may change the pod’s network go around.',
  remedy: 'Close egress by policy as well, toward everything but the mesh’s gateways and control plane.',
  references: [
    'https://istio.io/latest/docs/tasks/traffic-management/egress/egress-control/#security-note',
    'https://istio.io/latest/docs/ops/best-practices/security/#understand-traffic-capture-limitations',
  ],
  *run(view) {
    const { cluster } = view
    const possible = view.possible()
    const internet = only(4, possible.zones.internet)
    const viewOf = meshViewsOf(cluster)
    const refuses = refusing(possible)
    const held = possible.signatures
      .filter(signature => possible.mostly(signature, internet, WEB))
      .flatMap(({ subjects }) => subjects)
      .filter(subject => {
        const mesh = viewOf(subject)
        return mesh !== null && refuses(mesh)
      })
    for (const [name, subjects] of [...Map.groupBy(held, ({ workload }) => workload.namespace)].sort(([a], [b]) =>
      compareText(a, b),
    )) {
      const names = [...new Set(subjects.map(nameOf))].sort(compareText)
      const [first] = subjects
      const namespace = cluster.namespaces.get(name)
      const object = namespace?.read ? namespace : first?.workload
      if (object === undefined || first === undefined) continue
      yield hit(
        object,
        `nothing but the mesh keeps ${several(names)} from the internet: no policy closes it`,
        `add a policy to \`${object.ref.name}\` that closes egress toward everything but the mesh’s gateways and control plane`,
        { witness: packetOf({ subjects: [first] }, internet, WEB) },
      )
    }
  },
}

/** Whether the mesh certainly refuses more than half of the internet on the web’s port. */
const refusing = ({ engine, zones }: PossibleView): ((mesh: MeshView) => boolean) => {
  const { spaces, table } = engine
  const { regions } = spaces.v4
  const web = table.idOf(WEB)
  const known = new WeakMap<MeshView, boolean>()
  const asked = zones.internet.v4
  return mesh => {
    const before = known.get(mesh)
    if (before !== undefined) return before
    const { refused } = cooperativeRegions(spaces, table, mesh)
    const size = regions
      .boxesOf(regions.within(refused.v4, asked))
      .filter(({ id }) => table.isSubset(web, id))
      .reduce((sum, { addresses }) => sum + sizeOf(addresses), 0n)
    const answer = !addresses4.isEmpty(asked) && 2n * size > sizeOf(asked)
    known.set(mesh, answer)
    return answer
  }
}
