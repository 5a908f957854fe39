import type { Gateway, Route, Subnet } from '../../model/fabric.ts'
import { addressesOf } from '../../sets/address-set.ts'
import type { Family } from '../../sets/cidr.ts'
import { several } from '../check.ts'
import { isKeptOff } from '../fabric/kept-off.ts'
import type { FabricView } from '../fabric/view.ts'
import { destinationOf, severalOf } from '../fabric/words.ts'
import { rawOf } from './deciding.ts'
import { defaultsOf, type Lead } from './defaults.ts'
import {
  atFault,
  type Guardrail,
  type GuardrailHit,
  type GuardrailSide,
  type GuardrailView,
  typeIn,
} from './guardrail.ts'
import { witnessFrom } from './witness.ts'
import { orRunners, standingSubnetsIn, workloadSubnetsIn } from './workload-subnets.ts'

export const noPublicDefault: Guardrail = {
  id: 'PST-G001',
  title: 'Plan gives a workload subnet a default route to a public gateway',
  rule: 'no default route from workload subnets to a public gateway',
  severity: 'high',
  why: 'A default route to an internet gateway, or to a NAT gateway that nobody approved, is a way around whatever inspects what leaves. It need not be written `0.0.0.0/0`: two halves, a prefix list, many routes that together are most of the internet, or `64:ff9b::/96` do the same. Subnets that hold a NAT gateway or a load balancer and no machines are no workload subnets. Parameters: `ApprovedExit` documents name the NAT gateways that may be used.',
  remedy: 'Lead the default route of the subnets to an approved exit, or keep them without one.',
  references: [
    'docs/plan.md',
    'https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html',
    'https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html',
  ],
  judges: new Set([
    'aws_route',
    'aws_route_table',
    'aws_default_route_table',
    'aws_route_table_association',
    'aws_main_route_table_association',
  ]),
  applies: () => true,
  *run(view) {
    const typeOf = typeIn(view)
    const stood = new Set(
      standingSubnetsIn(view).flatMap(subnet => found(view.before, subnet).map(one => keyOf(view.before, subnet, one))),
    )
    const fresh = workloadSubnetsIn(view.after, view.resources, 'after').flatMap(subnet =>
      found(view.after, subnet)
        .filter(one => !stood.has(keyOf(view.after, subnet, one)) && !isOfEndpoint(one, view))
        .map(one => ({ subnet, ...one, deciding: orRunners(decidingOn(view, subnet, one), view, subnet) })),
    )
    const groups = Map.groupBy(fresh, ({ deciding, lead }) =>
      JSON.stringify([atFault(deciding, typeOf), lead.kind, lead.kind === 'gateway' ? lead.gateway.id : lead.why]),
    )
    for (const same of groups.values()) {
      const [first] = same as [Fresh, ...Fresh[]]
      const deciding = [...new Set(same.flatMap(one => one.deciding))]
      const faults = atFault(deciding, typeOf)
      yield hitOf(view.after.view, same, {
        addresses: faults.length > 0 ? faults : [rawOf(first.lead.table.id)],
        besides: deciding,
      })
    }
  },
}

interface Found {
  readonly family: Family
  readonly lead: Lead
}

interface Fresh extends Found {
  readonly subnet: Subnet
  readonly deciding: readonly string[]
}

const found = ({ view }: GuardrailSide, subnet: Subnet): readonly Found[] =>
  ([4, 6] as const).flatMap(family =>
    defaultsOf(view, subnet, family, (gateway, from) => isPublic(view, gateway, from)).map(lead => ({ family, lead })),
  )

/** Perhaps a route to a service of the provider, which is no public gateway: which tables have it is all that is not told. */
const isOfEndpoint = ({ lead }: Found, { resources }: GuardrailView): boolean =>
  lead.kind === 'open' &&
  resources.some(({ type, address }) => type === 'aws_vpc_endpoint' && lead.why.includes(`\`${address}\``))

/** An internet gateway serves its own network alone. */
const isPublic = ({ approvals }: FabricView, gateway: Gateway, { network }: Subnet): boolean => {
  if (gateway.kind === 'internet') return gateway.network === network
  if (gateway.kind === 'egress-only') return gateway.network === network && approvals.ofGateway(gateway) === null
  return gateway.kind === 'nat' && gateway.reachesInternet && approvals.ofGateway(gateway) === null
}

const keyOf = ({ sameAs }: GuardrailSide, { id }: Subnet, { family, lead }: Found): string =>
  JSON.stringify([sameAs(id), family, lead.kind, lead.kind === 'gateway' ? sameAs(lead.gateway.id) : lead.why])

/** With the routes that took the same packets before, one of which the plan may take away. */
const decidingOn = (view: GuardrailView, subnet: Subnet, { family, lead }: Found): readonly string[] => {
  const { before, after } = view
  const was = before.view.fabric.subnets.find(({ id }) => before.sameAs(id) === after.sameAs(subnet.id))
  const table = was === undefined ? null : before.view.tableOf(was)
  const routes: Route[] = lead.kind === 'gateway' ? [...lead.routes] : [lead.route]
  if (table !== null && lead.kind === 'gateway')
    for (const part of before.view.partOf(table, family)) {
      const meets = addressesOf(family).intersect(part.addresses as never, lead.addresses as never)
      if (part.route !== null && !addressesOf(family).isEmpty(meets)) routes.push(part.route)
    }
  const ids = [subnet.id, lead.table.id, ...(lead.kind === 'gateway' ? [lead.gateway.id] : [])]
  const old = [...(was === undefined ? [] : [was.id]), ...(table === null ? [] : [table.id])]
  return view.deciding({ ids: new Set([...ids, ...old]), routes })
}

const hitOf = (
  view: FabricView,
  same: readonly Fresh[],
  where: Pick<GuardrailHit, 'addresses' | 'besides'>,
): GuardrailHit => {
  const [{ lead, subnet }] = same as [Fresh, ...Fresh[]]
  const subnets = [...new Map(same.map(one => [one.subnet.id, one.subnet])).values()]
  const concerns = subnets.map(({ id }) => id).sort()
  const who = `workload subnets (${several(subnets.map(({ id }) => rawOf(id)))})`
  const remedy = `lead the default route of \`${rawOf(lead.table.id)}\` to an approved exit, or associate ${several(subnets.map(({ id }) => rawOf(id)))} with a table that does`
  const shared = { ...where, remedy, concerns }
  if (lead.kind === 'open')
    return {
      ...shared,
      verdict: 'unresolved',
      says: `whether ${who} get a default route to a public gateway: ${lead.why}`,
      settledBy: lead.settledBy,
      path: [],
      witness: null,
    }
  const routes = [
    ...new Set(same.flatMap(one => (one.lead.kind === 'gateway' ? one.lead.routes.map(destinationOf) : []))),
  ]
  const path = [
    { hop: 'subnet', id: subnet.id },
    { hop: 'route-table', id: lead.table.id },
    { hop: 'gateway', id: lead.gateway.id },
  ]
  const witness = witnessFrom(subnet, lead.addresses)
  if (isKeptOff(view, subnet.id))
    return {
      ...shared,
      verdict: 'unresolved',
      says: `${who} get ${several(routes)} to ${severalOf([lead.gateway])}, and how far the network is kept off the internet whatever routes say is not told`,
      settledBy: 'the settings of public access of the account and the region',
      path,
      witness,
    }
  return {
    ...shared,
    verdict: 'broken',
    says: `${who} leave to most of the internet by ${several(routes)} to \`${rawOf(lead.gateway.id)}\`${lead.gateway.kind === 'internet' ? '' : ', which no ApprovedExit names'}`,
    settledBy: null,
    path,
    witness,
  }
}
