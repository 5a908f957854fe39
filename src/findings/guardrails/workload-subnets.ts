import type { Subnet } from '../../model/fabric.ts'
import type { PlannedResource } from '../../model/plan.ts'
import { rawOf } from './deciding.ts'
import type { GuardrailSide } from './guardrail.ts'

/**
 * Subnets where something may run. One that holds a NAT gateway or a load balancer and no machine is there for those alone; any other
 * one counts, even if nothing is known to stand in it.
 */
export const workloadSubnetsIn = (
  { view: { fabric } }: GuardrailSide,
  resources: readonly PlannedResource[],
  when: 'before' | 'after',
): readonly Subnet[] => {
  const machines = new Set(fabric.machines.map(({ id }) => id))
  const held = (types: ReadonlySet<string>): ReadonlySet<string> =>
    new Set(
      resources
        .filter(one => types.has(one.type) && one[when] !== null)
        .flatMap(({ names }) =>
          names.filter(one => one.when === when && SUBNETS.has(one.attribute)).flatMap(({ ids }) => ids),
        ),
    )
  const [balancers, runners] = [held(BALANCERS), held(RUNNERS)]
  const running = new Set(
    fabric.interfaces.flatMap(({ subnet, of }) => (of !== null && machines.has(of) ? [subnet] : [])),
  )
  const translating = new Set(
    fabric.gateways.flatMap(({ kind, subnet }) => (kind === 'nat' && subnet !== null ? [subnet] : [])),
  )
  return fabric.subnets.filter(({ id }) => {
    const raw = rawOf(id)
    return running.has(id) || runners.has(raw) || !(translating.has(id) || balancers.has(raw))
  })
}

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
