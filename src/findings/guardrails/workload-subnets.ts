import type { Subnet } from '../../model/fabric.ts'
import type { PlannedResource } from '../../model/plan.ts'
import { rawOf } from './deciding.ts'
import type { GuardrailSide, GuardrailView } from './guardrail.ts'

type When = 'before' | 'after'

/**
 * Subnets where something may run. One that holds a NAT gateway or a load balancer and no machine is there for those alone; any other
 * one counts, even if nothing is known to stand in it.
 */
export const workloadSubnetsIn = (
  side: GuardrailSide,
  resources: readonly PlannedResource[],
  when: When,
): readonly Subnet[] => {
  const { subnets, gateways } = side.view.fabric
  const runs = runningIn(side, resources, when)
  const balancers = subnetsOf(resources, BALANCERS, when, false)
  const translating = new Set(
    gateways.flatMap(({ kind, subnet }) => (kind === 'nat' && subnet !== null ? [subnet] : [])),
  )
  return subnets.filter(one => runs(one) || !(translating.has(one.id) || balancers.has(rawOf(one.id))))
}

/**
 * Subnets whose routes a plan found as they are: those of workloads before, and those that become such by losing what else they held.
 * Where the plan puts a machine into one, its routes are new to workloads.
 */
export const standingSubnetsIn = ({ before, after, resources }: GuardrailView): readonly Subnet[] => {
  const counted = new Set(workloadSubnetsIn(before, resources, 'before'))
  const runs = runningIn(after, resources, 'after')
  const used = new Set(after.view.fabric.subnets.filter(runs).map(({ id }) => after.sameAs(id)))
  return before.view.fabric.subnets.filter(one => counted.has(one) || !used.has(before.sameAs(one.id)))
}

/** Whether a machine, or what launches machines, is known to stand in a subnet. */
const runningIn = (
  { view: { fabric } }: GuardrailSide,
  resources: readonly PlannedResource[],
  when: When,
): ((subnet: Subnet) => boolean) => {
  const machines = new Set(fabric.machines.map(({ id }) => id))
  const running = new Set(
    fabric.interfaces.flatMap(({ subnet, of }) => (of !== null && machines.has(of) ? [subnet] : [])),
  )
  const runners = subnetsOf(resources, RUNNERS, when, true)
  return ({ id }) => running.has(id) || runners.has(rawOf(id))
}

/** Where the plan leaves routes as they are, what it puts into the subnet to run there is at fault. */
export const orRunners = (
  deciding: readonly string[],
  { resources }: GuardrailView,
  { id }: Subnet,
): readonly string[] => (deciding.length > 0 ? deciding : newRunnersIn(resources, id))

const newRunnersIn = (resources: readonly PlannedResource[], id: string): readonly string[] =>
  resources
    .filter(one => one.isChanged && RUNNERS.has(one.type) && subnetsOf([one], RUNNERS, 'after', true).has(rawOf(id)))
    .map(({ address }) => address)

/** Subnets that resources of some types name; `perhaps`: those that they may name, too. */
const subnetsOf = (
  resources: readonly PlannedResource[],
  types: ReadonlySet<string>,
  when: When,
  perhaps: boolean,
): ReadonlySet<string> =>
  new Set(
    resources
      .filter(one => types.has(one.type) && one[when] !== null)
      .flatMap(({ names }) => names.filter(one => one.when === when && SUBNETS.has(one.attribute)))
      .flatMap(({ ids, open }) => (perhaps ? [...ids, ...(open?.among ?? [])] : ids)),
  )

const SUBNETS: ReadonlySet<string> = new Set(['subnet_id', 'subnet_ids', 'subnets', 'vpc_zone_identifier'])

/** Source: AWS provider, the pages of these resources. */
const BALANCERS: ReadonlySet<string> = new Set(['aws_lb', 'aws_alb', 'aws_elb'])

const RUNNERS: ReadonlySet<string> = new Set([
  'aws_instance',
  'aws_spot_instance_request',
  'aws_network_interface',
  'aws_autoscaling_group',
  'aws_eks_node_group',
  'aws_eks_fargate_profile',
  'aws_db_subnet_group',
  'aws_elasticache_subnet_group',
])
