import { admittedBy, type Controlled } from '../../../model/access.ts'
import { type CelFact, celHolds } from './cel.ts'

/** What is known of a new object that shows `what`, and of nothing else in it. null: no one field shows it. */
const factsOf = (what: Controlled): ReadonlyMap<string, CelFact> => {
  const pod = admittedBy(what) === 'pods'
  const kind = pod ? 'Pod' : 'Service'
  const facts = new Map<string, CelFact>([
    ['request.operation', 'CREATE'],
    ['request.kind.kind', kind],
    ['request.resource.resource', pod ? 'pods' : 'services'],
    ['object.kind', kind],
  ])
  if (what === 'hostNetwork' || what === 'hostPID' || what === 'hostIPC') facts.set(`object.spec.${what}`, true)
  if (what === 'nodePorts') facts.set('object.spec.type', 'NodePort')
  if (what === 'loadBalancers') facts.set('object.spec.type', 'LoadBalancer')
  if (what === 'externalIPs') facts.set('object.spec.externalIPs', ['203.0.113.1'])
  return facts
}

const FACTS = new Map<Controlled, ReadonlyMap<string, CelFact>>()

const holds = (expression: string, what: Controlled, variables: ReadonlyMap<string, string>): boolean | null => {
  const facts = FACTS.get(what) ?? factsOf(what)
  FACTS.set(what, facts)
  return celHolds(expression, facts, variables)
}

/** Do these expressions, all of which must hold, refuse every object that shows `what`? null: something else decides. */
export const celDenies = (
  expressions: readonly string[],
  what: Controlled,
  variables: ReadonlyMap<string, string>,
): boolean | null => {
  const answers = expressions.map(expression => holds(expression, what, variables))
  if (answers.includes(false)) return true
  return answers.includes(null) ? null : false
}

/** Do all of these conditions hold for every object that shows `what`? */
export const celApplies = (
  conditions: readonly string[],
  what: Controlled,
  variables: ReadonlyMap<string, string>,
): boolean | null => {
  const answers = conditions.map(condition => holds(condition, what, variables))
  if (answers.includes(false)) return false
  return answers.includes(null) ? null : true
}
