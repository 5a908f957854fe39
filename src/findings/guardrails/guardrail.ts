import type { Hop } from '../../model/finding.ts'
import type { PlannedResource } from '../../model/plan.ts'
import type { CheckTexts } from '../check.ts'
import type { FabricView } from '../fabric/view.ts'
import type { Named } from './deciding.ts'

/** The network before a plan, or after it. */
export interface GuardrailSide {
  readonly view: FabricView
  /** The same for one object before and after. */
  readonly sameAs: (id: string) => string
}

/** A plan with the two networks that it speaks of. */
export interface GuardrailView {
  readonly before: GuardrailSide
  readonly after: GuardrailSide
  /** Managed resources of the plan, unchanged ones too. */
  readonly resources: readonly PlannedResource[]
  /** Addresses of what the plan changes that decides on what is named. */
  readonly deciding: (named: Named) => readonly string[]
  /** Packets that leave for somewhere outside their network after the plan, and nobody can tell where to. */
  readonly untold: readonly Untold[]
}

export interface Untold {
  readonly address: string
  readonly from: readonly string[]
  readonly why: string
  readonly settledBy: string
  readonly witness: string | null
}

/**
 * A rule that a plan keeps or breaks. It judges what the plan brings: what stood before and stays is no matter of the plan. It is
 * pure, and what it cannot tell is `unresolved`, never kept.
 */
export interface Guardrail extends CheckTexts {
  /** The rule in a few words, as its owner would say it. */
  readonly rule: string
  /** Types of resources on which it says something, if only that they keep it. */
  readonly judges: ReadonlySet<string>
  /** Whether what it leans on was read; where it was not, it judges nothing. */
  readonly applies: (view: GuardrailView) => boolean
  readonly run: (view: GuardrailView) => Iterable<GuardrailHit>
}

export interface GuardrailHit {
  readonly verdict: 'broken' | 'unresolved'
  /** The resources at fault. */
  readonly addresses: readonly string[]
  /** Others that have a say in it: nothing says of them that they keep the rule. */
  readonly besides: readonly string[]
  /** What is so: one sentence or two. */
  readonly says: string
  readonly remedy: string
  /** Of what is unresolved. */
  readonly settledBy: string | null
  /** Ids of subnets, machines or networks that it concerns. */
  readonly concerns: readonly string[]
  readonly path: readonly Hop[]
  readonly witness: string | null
}

/** Of several resources that decide together, those at which people would look first. */
export const atFault = (addresses: readonly string[], typeOf: (address: string) => string): readonly string[] => {
  const ranks = addresses.map(address => rankOf(typeOf(address)))
  const best = Math.min(...ranks)
  return addresses.filter((_, i) => ranks[i] === best)
}

const FIRST = [
  'aws_route',
  'aws_route_table',
  'aws_default_route_table',
  'aws_ec2_managed_prefix_list_entry',
  'aws_ec2_managed_prefix_list',
  'aws_route_table_association',
  'aws_main_route_table_association',
  'aws_ec2_transit_gateway_route',
  'aws_ec2_transit_gateway_route_table_association',
  'aws_ec2_transit_gateway_route_table_propagation',
  'aws_ec2_transit_gateway_vpc_attachment',
  'aws_nat_gateway',
  'aws_internet_gateway_attachment',
  'aws_internet_gateway',
  'aws_egress_only_internet_gateway',
]

const rankOf = (type: string): number => {
  const rank = FIRST.indexOf(type)
  return rank < 0 ? FIRST.length : rank
}

export const typeIn = ({ resources }: Pick<GuardrailView, 'resources'>): ((address: string) => string) => {
  const types = new Map(resources.map(({ address, type }) => [address, type]))
  return address => types.get(address) ?? ''
}
