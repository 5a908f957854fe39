import { field, isObject, type Json, type JsonObject, list, text, at as valueAt } from '../../model/json.ts'
import { type DocumentPath, pathText } from '../../model/provenance.ts'
import type { Direction } from '../../model/rule.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { type CiliumContext, since } from './context.ts'
import { type Fault, fault, perhapsFault } from './fault.ts'
import { readSelector } from './label-selector.ts'
import { lowerCiliumPolicy } from './lower.ts'
import { ruleFaults } from './valid-rule.ts'

export type Enforcement =
  | { readonly kind: 'enforced' }
  /** Some version or setting takes it, another does not. */
  | { readonly kind: 'unclear'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string }

/**
 * Whether an agent takes the object at all. The API server accepts much that the agent rejects, and one fault in one rule
 * rejects the object with every spec in it: then it does nothing. What the API server itself would refuse counts, too.
 * Source: pkg/policy/api, rule_validation.go; pkg/k8s/apis/cilium.io/v2, CiliumNetworkPolicy.Parse.
 */
export const enforcementOf = (
  object: ApiObject,
  specs: readonly { readonly spec: JsonObject; readonly at: DocumentPath }[],
  context: CiliumContext,
): Enforcement => {
  const told = lowerCiliumPolicy(object).inert
  if (told !== null) return { kind: 'refused', why: told }
  const clusterWide = object.ref.kind === 'CiliumClusterwideNetworkPolicy'
  const faults = [
    ...(specs.length === 0 ? [fault([], 'has neither `spec` nor `specs`')] : []),
    ...specs.flatMap(({ spec, at }) => specFaults(spec, at, clusterWide, specs.length === 1, context)),
  ]
  const sure = faults.find(({ certain }) => certain)
  if (sure !== undefined) return { kind: 'refused', why: faultText(sure) }
  const unsure = faults[0]
  if (unsure === undefined || isSaidToBeValid(object)) return { kind: 'enforced' }
  return { kind: 'unclear', why: `some versions or settings reject the policy: ${faultText(unsure)}` }
}

const faultText = ({ at, why }: Fault): string => (at.length === 0 ? why : `\`${pathText(at)}\` ${why}`)

/** The operator looked at it with the rules of its own version. */
const isSaidToBeValid = (object: ApiObject): boolean =>
  list(valueAt(object.body, 'status', 'conditions')).some(
    condition => text(field(condition, 'type')) === 'Valid' && text(field(condition, 'status')) === 'True',
  )

const SECTIONS: readonly { readonly name: string; readonly direction: Direction; readonly action: 'allow' | 'deny' }[] =
  [
    { name: 'ingress', direction: 'ingress', action: 'allow' },
    { name: 'ingressDeny', direction: 'ingress', action: 'deny' },
    { name: 'egress', direction: 'egress', action: 'allow' },
    { name: 'egressDeny', direction: 'egress', action: 'deny' },
  ]

const specFaults = (
  spec: JsonObject,
  at: DocumentPath,
  clusterWide: boolean,
  alone: boolean,
  context: CiliumContext,
): readonly Fault[] => {
  const nodes = isObject(field(spec, 'nodeSelector'))
  const faults: Fault[] = [...subjectFaults(spec, at, clusterWide)]
  if (SECTIONS.every(({ name }) => list(field(spec, name)).length === 0)) {
    // Since 1.17. On its own it does nothing in any version; beside others it takes them with it.
    const why = 'has no rule in any of ingress, ingressDeny, egress, egressDeny'
    const rejected = since(context, 17)
    if (rejected === 'yes' || alone) faults.push(fault(at, why))
    else if (rejected === 'unknown') faults.push(perhapsFault(at, why))
  }
  for (const { name, direction, action } of SECTIONS) {
    const found = list(field(spec, name)).flatMap((rule: Json, i) =>
      isObject(rule) ? ruleFaults(rule, [...at, name, i], { direction, action, nodes, context }) : [],
    )
    // Deny rules are looked at since 1.18, and in later patches of 1.16 and 1.17.
    faults.push(
      ...(action === 'deny' && since(context, 18) !== 'yes' ? found.map(one => ({ ...one, certain: false })) : found),
    )
  }
  return faults
}

const subjectFaults = (spec: JsonObject, at: DocumentPath, clusterWide: boolean): readonly Fault[] => {
  const written = ['endpointSelector', 'nodeSelector'].filter(name => (field(spec, name) ?? null) !== null)
  const [name] = written
  if (name === undefined) return [fault(at, 'has neither endpointSelector nor nodeSelector')]
  if (written.length > 1) return [fault(at, 'has both endpointSelector and nodeSelector')]
  if (name === 'nodeSelector' && !clusterWide)
    return [fault([...at, name], 'selects nodes, which only a CiliumClusterwideNetworkPolicy can')]
  const read = readSelector(field(spec, name))
  return read.kind === 'refused' ? [fault([...at, name], read.why)] : []
}
