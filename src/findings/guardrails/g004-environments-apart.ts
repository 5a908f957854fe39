import type { Environment } from '../../model/intent.ts'
import type { PlannedResource } from '../../model/plan.ts'
import { isNamed } from '../fabric/approvals.ts'
import { rawOf } from './deciding.ts'
import { atFault, type Guardrail, type GuardrailHit, type GuardrailView, typeIn } from './guardrail.ts'
import { type HubPair, hubPairsIn } from './hub-pairs.ts'
import { namedBy } from './values.ts'

export const environmentsApart: Guardrail = {
  id: 'PST-G004',
  title: 'Plan ties networks of different environments together',
  rule: 'no new peering, attachment, association or propagation between environments',
  severity: 'high',
  why: 'Environments stay apart because no network of one leads into a network of the other. A peering does, and so does a transit gateway whose tables propagate what is attached to it. Parameters: `Environment` documents name the networks, by id, address in the plan, or name; what ties networks of which none tells cannot be decided.',
  remedy: 'Tie networks of one environment together, or keep a table of the transit gateway for each environment.',
  references: [
    'docs/plan.md',
    'https://docs.aws.amazon.com/vpc/latest/peering/what-is-vpc-peering.html',
    'https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html',
  ],
  judges: new Set([
    'aws_vpc_peering_connection',
    'aws_ec2_transit_gateway_vpc_attachment',
    'aws_ec2_transit_gateway_peering_attachment',
    'aws_ec2_transit_gateway_route_table_association',
    'aws_ec2_transit_gateway_route_table_propagation',
    'aws_ec2_transit_gateway_route',
  ]),
  applies: () => true,
  *run(view) {
    for (const one of view.resources)
      if (one.isChanged && one.type === 'aws_vpc_peering_connection' && one.after !== null && !isSame(one))
        yield* ofPeering(one, view)
    for (const one of view.resources)
      if (one.isChanged && one.type === 'aws_ec2_transit_gateway_peering_attachment' && one.before === null)
        yield {
          ...hitOn([one.address], ['']),
          verdict: 'unresolved',
          says: 'it ties two transit gateways together, and which networks hang on the other is not told',
          settledBy: 'the documents of both transit gateways and their tables',
        }
    yield* ofHubs(view)
  },
}

/** A peering that is accepted, or renamed, is no new one. */
const isSame = ({ before, actions, names }: PlannedResource): boolean =>
  before !== null &&
  !actions.includes('create') &&
  ['vpc_id', 'peer_vpc_id'].every(attribute => {
    const sides = (['before', 'after'] as const).map(
      when => names.find(one => one.when === when && one.attribute === attribute)?.ids,
    )
    return JSON.stringify(sides[0]) === JSON.stringify(sides[1])
  })

function* ofPeering(one: PlannedResource, view: GuardrailView): Iterable<GuardrailHit> {
  const ends = ['vpc_id', 'peer_vpc_id'].map(key => namedBy(one, key))
  const networks = ends.flatMap(({ ids }) => ids)
  const [unclear] = ends.flatMap(({ open }) => (open === null ? [] : [open.why]))
  const [a, b] = networks
  if (a === undefined || b === undefined) {
    yield {
      ...hitOn([one.address], networks),
      verdict: 'unresolved',
      says: `which networks it ties together is not told${unclear === undefined ? '' : `: ${unclear}`}`,
      settledBy: 'values for `vpc_id` and `peer_vpc_id`',
    }
    return
  }
  yield* judged([one.address], [], [a, b], 'peers', view)
}

/** Pairs of networks that hubs let reach each other and did not before, together where the same resources decide. */
function* ofHubs(view: GuardrailView): Iterable<GuardrailHit> {
  const { before, after } = view
  const key = ({ sameAs }: GuardrailView['after'], { from, to, hub }: HubPair): string =>
    JSON.stringify([sameAs(from), sameAs(to), sameAs(hub)])
  const stood = hubPairsIn(before.view).map(pair => ({ key: key(before, pair), isSure: pair.open === null }))
  const [sure, all] = [stood.filter(({ isSure }) => isSure), stood].map(some => new Set(some.map(one => one.key)))
  const pairs = new Map<string, HubPair>()
  for (const pair of hubPairsIn(after.view)) {
    const id = key(after, pair)
    if ((pair.open === null ? sure : all)?.has(id)) continue
    // What is certain says more than what is perhaps so.
    const known = pairs.get(id)
    if (known === undefined || known.open !== null) pairs.set(id, pair)
  }
  const typeOf = typeIn(view)
  for (const { from, to, hub, ids, open } of pairs.values()) {
    const besides = view.deciding({ ids: new Set(ids), routes: [] })
    const faults = atFault(besides, typeOf)
    const addresses = faults.length > 0 ? faults : [rawOf(hub)]
    for (const hit of judged(addresses, besides, [from, to], `reaches over \`${rawOf(hub)}\``, view))
      yield open === null
        ? hit
        : {
            ...hit,
            verdict: 'unresolved',
            says: `${hit.says}, perhaps: ${open.why}`,
            settledBy: open.settledBy,
          }
  }
}

/** Nothing where both are of one environment. */
function* judged(
  addresses: readonly string[],
  besides: readonly string[],
  [a, b]: readonly [string, string],
  verb: string,
  view: GuardrailView,
): Iterable<GuardrailHit> {
  const [left, right] = [environmentsOf(a, view), environmentsOf(b, view)]
  if (left.some(one => right.includes(one))) return
  const told = (of: string, environments: readonly Environment[]): string =>
    `\`${rawOf(of)}\` (${environments.length === 0 ? 'of no environment that is declared' : environments.map(({ ref }) => `\`${ref.name}\``).join(', ')})`
  const isTold = left.length > 0 && right.length > 0
  yield {
    ...hitOn(addresses, [a, b]),
    besides,
    verdict: isTold ? 'broken' : 'unresolved',
    says: `${told(a, left)} ${verb} ${told(b, right)}`,
    settledBy: isTold ? null : 'Environment documents that name both networks',
  }
}

/** By id, by the address that the plan has for it, or by name. */
const environmentsOf = (network: string, { after, before }: GuardrailView): readonly Environment[] => {
  const raw = network.startsWith('aws:') ? rawOf(network) : network
  const objects = [after, before].flatMap(({ view }) => view.fabric.networks.filter(({ id }) => rawOf(id) === raw))
  const names = [raw, ...objects.flatMap(({ id, name }) => (name === null ? [id] : [id, name]))]
  return after.view.estate.intents.environments.filter(
    ({ faults, networks }) => faults.length === 0 && names.some(name => isNamed(networks, name)),
  )
}

const hitOn = (addresses: readonly string[], networks: readonly string[]): GuardrailHit => ({
  verdict: 'broken',
  addresses,
  besides: [],
  says: '',
  remedy: 'tie networks of one environment together only, or declare both networks in one Environment',
  settledBy: null,
  concerns: networks.filter(one => one !== ''),
  path: [],
  witness: null,
})
