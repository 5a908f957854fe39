import type { PlannedResource } from '../../model/plan.ts'
import type { Guardrail } from './guardrail.ts'
import { truthAfter, truthBefore } from './values.ts'

export const noPublicLoadBalancer: Guardrail = {
  id: 'PST-G005',
  title: 'Plan makes a load balancer that faces the internet',
  rule: 'no public load balancer without approval',
  severity: 'high',
  why: 'A load balancer that faces the internet lets everybody in to whatever stands behind it. Where `internal` is not written it does. Parameters: an `Exception` for PST-G005 that names the address of the load balancer is the approval, with an owner and an end.',
  remedy: 'Write `internal = true`, or have the load balancer approved by an Exception.',
  references: [
    'docs/plan.md',
    'docs/exceptions.md',
    'https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html',
  ],
  judges: new Set(['aws_lb', 'aws_alb', 'aws_elb']),
  applies: () => true,
  *run({ resources }) {
    for (const one of resources) {
      if (!one.isChanged || one.after === null || !JUDGED.has(one.type)) continue
      // One of this type has no public side: it passes packets on inside networks.
      if (one.after['load_balancer_type'] === 'gateway') continue
      const truth = truthAfter(one, 'internal')
      if (truth === 'yes' || isPublicBefore(one)) continue
      const isOpen = truth === 'open'
      yield {
        verdict: isOpen && one.written.has('internal') ? 'unresolved' : 'broken',
        addresses: [one.address],
        besides: [],
        says:
          isOpen && one.written.has('internal')
            ? 'whether the load balancer faces the internet (`internal`) is not known before it is applied'
            : `the load balancer faces the internet${truth === 'no' ? '' : ', since `internal` is not written'}`,
        remedy: `in \`${one.address}\`: write \`internal = true\`, or have it approved by an Exception`,
        settledBy: isOpen && one.written.has('internal') ? 'a value for `internal`' : null,
        concerns: [one.address],
        path: [],
        witness: truth === 'no' ? 'internal = false' : null,
      }
    }
  },
}

const JUDGED: ReadonlySet<string> = new Set(['aws_lb', 'aws_alb', 'aws_elb'])

const isPublicBefore = (one: PlannedResource): boolean => one.before !== null && truthBefore(one, 'internal') !== 'yes'
