import type { Guardrail } from './guardrail.ts'

export const waysAreTold: Guardrail = {
  id: 'PST-G006',
  title: 'Plan does not tell where packets will go',
  rule: 'where packets go after the plan can be told',
  severity: 'medium',
  why: 'Where a route leads, or which routes a subnet has, is not known before the plan is applied, so no guardrail can say what of it is allowed. What cannot be told is no pass: it is judged when it is known, or written so that it is known before.',
  remedy:
    'Write what the plan leaves open with values that are known before, or judge the plan again once what it hangs on is applied.',
  references: ['docs/plan.md', 'https://developer.hashicorp.com/terraform/internals/json-format'],
  judges: new Set(),
  applies: () => true,
  *run({ untold }) {
    for (const { address, from, why, settledBy, witness } of untold)
      yield {
        verdict: 'unresolved',
        addresses: [address],
        besides: [],
        says: why,
        remedy: `in \`${address}\`: name the target by something that is known before, or apply that first and plan again`,
        settledBy,
        concerns: from,
        path: [],
        witness,
      }
  },
}
