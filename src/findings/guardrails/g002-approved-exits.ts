import { reasonsFor } from '../../engine/fabric/grounds.ts'
import type { Subnet } from '../../model/fabric.ts'
import { type AddressSet, addressesOf } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import { several } from '../check.ts'
import { isMost, type WayOutward } from '../fabric/outward.ts'
import { rawOf, routeAt } from './deciding.ts'
import {
  atFault,
  type Guardrail,
  type GuardrailHit,
  type GuardrailSide,
  type GuardrailView,
  typeIn,
} from './guardrail.ts'
import { routesTaking } from './taking.ts'
import { witnessFrom } from './witness.ts'
import { orRunners, standingSubnetsIn, workloadSubnetsIn } from './workload-subnets.ts'

export const approvedExits: Guardrail = {
  id: 'PST-G002',
  title: 'Plan leads a default route to an exit that nobody approved',
  rule: 'default routes lead to approved exits only',
  severity: 'high',
  why: 'Owners named the exits by which workloads leave. A default route that ends anywhere else, if over a transit gateway and another network, is a way out that they did not mean. Parameters: `ApprovedExit` documents, by id, tag, name or address; without any that is one of a network, the guardrail judges nothing.',
  remedy: 'Lead the default route to an approved exit, or have the exit approved.',
  references: ['docs/plan.md', 'https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html'],
  judges: new Set([
    'aws_route',
    'aws_route_table',
    'aws_default_route_table',
    'aws_route_table_association',
    'aws_main_route_table_association',
    'aws_ec2_transit_gateway_route',
    'aws_ec2_transit_gateway_route_table_association',
    'aws_ec2_transit_gateway_route_table_propagation',
    'aws_ec2_transit_gateway_vpc_attachment',
  ]),
  applies: ({ after }) =>
    after.view.estate.intents.exits.some(({ ids, faults, ...one }) => {
      const ofNetworks =
        one.names.length > 0 ||
        one.tags.size > 0 ||
        one.addresses.v4.bounds.length > 0 ||
        one.addresses.v6.bounds.length > 0
      return faults.length === 0 && (ofNetworks || ids.some(id => !isOfCluster(id)))
    }),
  *run(view) {
    const typeOf = typeIn(view)
    const stood = new Set(
      standingSubnetsIn(view).flatMap(subnet =>
        unapproved(view.before, subnet).map(one => keyOf(view.before, subnet, one)),
      ),
    )
    const fresh = workloadSubnetsIn(view.after, view.resources, 'after').flatMap(subnet =>
      unapproved(view.after, subnet)
        .filter(one => !stood.has(keyOf(view.after, subnet, one)))
        .map((one): Fresh => ({ ...one, subnet, deciding: orRunners(decidingOn(view, subnet, one), view, subnet) })),
    )
    const groups = Map.groupBy(fresh, ({ deciding, out }) =>
      JSON.stringify([atFault(deciding, typeOf), out.way.exit.kind, out.way.exit.id]),
    )
    for (const same of groups.values()) {
      const deciding = [...new Set(same.flatMap(one => one.deciding))]
      const faults = atFault(deciding, typeOf)
      const first = same[0] as Fresh
      yield hitOf(same, { addresses: faults.length > 0 ? faults : [rawOf(first.subnet.id)], besides: deciding })
    }
  },
}

/** `cluster/namespace/Kind/name`: an exit inside a cluster says nothing of networks. */
const isOfCluster = (id: string): boolean => /^[^:/]+\/[^/]+\/[^/]+\/[^/]+$/.test(id)

interface Unapproved {
  readonly out: WayOutward
  readonly addresses: AddressSet<Family>
}

interface Fresh extends Unapproved {
  readonly subnet: Subnet
  readonly deciding: readonly string[]
}

/** Ways by which most of the internet is left for, or what a literal default route takes, by exit; approved ones left out. */
const unapproved = ({ view }: GuardrailSide, subnet: Subnet): readonly Unapproved[] =>
  ([4, 6] as const).flatMap(family => {
    const sets = addressesOf(family)
    const ways = view.outward
      .from({ kind: 'subnet', of: subnet }, family)
      // What may pass for one route that is not told is no default route.
      .filter(
        ({ way }) => way.verdict !== 'denied' && way.exit.kind !== 'blackhole' && view.approvals.ofWay(way) === null,
      )
    return [...Map.groupBy(ways, ({ way }) => `${way.exit.kind} ${way.exit.id ?? ''}`).values()].flatMap(same => {
      const addresses = sets.unionOfMany(same.map(one => one.addresses))
      const byDefault = same.find(({ way, addresses: its }) =>
        reasonsFor(way.grounds, its).some(
          ({ of, at }) => of !== null && routeAt(view.fabric, of, at)?.destination?.prefix === 0,
        ),
      )
      const out = byDefault ?? same[0]
      return out !== undefined && (byDefault !== undefined || isMost(addresses, view.outward.internet(family)))
        ? [{ out, addresses }]
        : []
    })
  })

const keyOf = ({ sameAs }: GuardrailSide, { id }: Subnet, { out: { way, family } }: Unapproved): string =>
  JSON.stringify([sameAs(id), family, way.exit.kind, way.exit.id === null ? null : sameAs(way.exit.id)])

const decidingOn = (view: GuardrailView, subnet: Subnet, { out, addresses }: Unapproved): readonly string[] => {
  const { before, after } = view
  const was = before.view.fabric.subnets.find(({ id }) => before.sameAs(id) === after.sameAs(subnet.id))
  const old = was === undefined ? [] : before.view.outward.from({ kind: 'subnet', of: was }, out.family)
  const ways = [out, ...old].map(({ way }) => way)
  const ids = new Set([
    subnet.id,
    ...(was === undefined ? [] : [was.id]),
    ...ways.flatMap(({ hops }) => hops.map(({ id }) => id)),
    ...ways.flatMap(({ exit }) => (exit.id === null ? [] : [exit.id])),
    ...ways.flatMap(({ grounds }) => grounds.flatMap(({ of }) => (of === null ? [] : [of.id]))),
  ])
  return view.deciding({ ids, routes: [before, after].flatMap(side => routesTaking(side.view, ids, addresses)) })
}

const hitOf = (same: readonly Fresh[], where: Pick<GuardrailHit, 'addresses' | 'besides'>): GuardrailHit => {
  const [{ out, subnet, addresses }] = same as readonly [Fresh, ...Fresh[]]
  const subnets = [...new Map(same.map(one => [one.subnet.id, one.subnet])).values()]
  const who = `workload subnets (${several(subnets.map(({ id }) => rawOf(id)))})`
  const { exit, hops, unknowns } = out.way
  const isOpen = exit.kind === 'unknown'
  const [unknown] = unknowns
  return {
    ...where,
    verdict: isOpen ? 'unresolved' : 'broken',
    says: isOpen
      ? `by which exit ${who} leave to most of the internet is not told${unknown === undefined ? '' : `: ${unknown.why}`}`
      : `${who} leave to most of the internet by \`${exit.id === null ? exit.kind : rawOf(exit.id)}\` (${exit.kind}), which no ApprovedExit names`,
    remedy: 'lead the default route to an approved exit, or name this one in an ApprovedExit',
    settledBy: isOpen ? (unknown?.settledBy ?? 'a document of what is on the way') : null,
    concerns: subnets.map(({ id }) => id).sort(),
    path: hops,
    witness: witnessFrom(subnet, addresses),
  }
}
