import type { AdmissionControl, Admitted, Controlled } from '../../../model/access.ts'
import { at, field, isObject, type Json, list, text, texts } from '../../../model/json.ts'
import { type ApiObject, lowerSelector, sourced } from '../object.ts'
import { celApplies, celDenies } from './denial.ts'
import { both, doubtful, everywhere, labelled, nowhere, type Scope } from './scope.ts'
import { NOTHING_DENIED, unsure, verdictsOf } from './verdicts.ts'
import { controlsIn, isSaid } from './words.ts'

/** Is the object there? null: the input does not hold its kind, so nobody can tell. */
export type Presence = (group: string, kind: string, namespace: string | null, name: string) => boolean | null

/**
 * A ValidatingAdmissionPolicy acts only through its bindings, and a binding that only audits or warns stops nothing;
 * neither does one whose parameters are absent and may be.
 * Source: k8s.io/api/admissionregistration/v1, ValidatingAdmissionPolicySpec, ValidatingAdmissionPolicyBindingSpec,
 * MatchResources, ParamRef.
 */
export const lowerAdmissionPolicies = (
  policies: readonly ApiObject[],
  bindings: readonly ApiObject[],
  present: Presence,
): readonly AdmissionControl[] =>
  policies.flatMap(policy => {
    const rule = readRule(policy.spec)
    if (rule.verdicts.controls.length === 0) return []
    const own = bindings.filter(binding => text(field(binding.spec, 'policyName')) === policy.ref.name)
    const base = {
      engine: 'ValidatingAdmissionPolicy' as const,
      ...rule.verdicts,
      enforces: true,
      why: rule.verdicts.mayDeny.length > 0 ? rule.why : null,
      lacks: null,
      failOpen: text(field(policy.spec, 'failurePolicy')) === 'Ignore',
      serves: null,
    }
    if (own.length === 0) {
      const why = 'no binding uses it'
      const action = 'no binding'
      return [
        {
          ...sourced(policy),
          ...base,
          ...NOTHING_DENIED,
          why,
          lacks: 'binding' as const,
          action,
          judges: (namespace, what) => rule.scope(what)(namespace),
        },
      ]
    }
    return own.map(binding => {
      const actions = texts(field(binding.spec, 'validationActions'))
      const matches = field(binding.spec, 'matchResources')
      const control: AdmissionControl = {
        ...sourced(binding),
        ...base,
        action: actions.join(', ') || 'none',
        judges: (namespace, what) => both(rule.scope(what), scopeOf(matches, what, false))(namespace),
      }
      if (!actions.includes('Deny'))
        return { ...control, ...NOTHING_DENIED, why: `its action is \`${control.action}\``, lacks: 'action' }
      return withParameters(control, field(policy.spec, 'paramKind'), field(binding.spec, 'paramRef'), present)
    })
  })

/** The part of a policy that speaks about objects; Kyverno's ValidatingPolicy has the same. */
export const readRule = (spec: Json | undefined) => {
  const validations = list(field(spec, 'validations')).flatMap(rule => text(field(rule, 'expression')) ?? [])
  const conditions = list(field(spec, 'matchConditions')).flatMap(rule => text(field(rule, 'expression')) ?? [])
  const variables = new Map(
    list(field(spec, 'variables')).map(entry => [
      text(field(entry, 'name')) ?? '',
      text(field(entry, 'expression')) ?? '',
    ]),
  )
  const looksAt = controlsIn([...validations, ...variables.values()].join('\n'))
  const constraints = field(spec, 'matchConstraints')
  return {
    verdicts: verdictsOf(looksAt, what => denies(validations, conditions, variables, what)),
    why:
      conditions.length > 0 ? 'its `matchConditions` are not evaluated' : 'its expression also asks for something else',
    scope: (what: Admitted): Scope =>
      constraints === undefined
        ? doubtful('it has no `matchConstraints`, which the API asks for')
        : scopeOf(constraints, what, true),
  }
}

const denies = (
  validations: readonly string[],
  conditions: readonly string[],
  variables: ReadonlyMap<string, string>,
  what: Controlled,
): boolean | null => {
  const applies = celApplies(conditions, what, variables)
  const refuses = celDenies(validations, what, variables)
  if (applies === false || refuses === false) return false
  return applies === true ? refuses : null
}

/** `resourceRules` are required in a policy, and in a binding their absence narrows nothing. */
const scopeOf = (matches: Json | undefined, what: Admitted, required: boolean): Scope => {
  const rules = list(field(matches, 'resourceRules'))
  const selected = rules.filter(rule => createsMatch(rule, what))
  if (selected.length === 0 && (required || rules.length > 0)) return nowhere
  if (list(field(matches, 'excludeResourceRules')).some(rule => createsMatch(rule, what) && !isNamed(rule)))
    return nowhere
  const whole = rules.length === 0 || selected.some(rule => !isNamed(rule))
  return both(
    labelled(lowerSelector(field(matches, 'namespaceSelector'))),
    selectsObjects(field(matches, 'objectSelector'))
      ? doubtful('it selects by labels, which the author of an object writes')
      : everywhere,
    whole ? everywhere : doubtful('it is limited to some names'),
  )
}

const isNamed = (rule: Json): boolean => isSaid(field(rule, 'resourceNames'))

export const selectsObjects = (selector: Json | undefined): boolean =>
  isSaid(field(selector, 'matchLabels')) || isSaid(field(selector, 'matchExpressions'))

/** Does a rule of a policy or of a webhook cover the creation of these objects? Both write it the same way. */
export const createsMatch = (rule: Json, what: Admitted): boolean => {
  // The API asks for all of these; one that a document leaves out narrows nothing.
  const some = (key: string, ...wanted: readonly string[]): boolean =>
    field(rule, key) === undefined || texts(field(rule, key)).some(given => given === '*' || wanted.includes(given))
  return (
    isObject(rule) &&
    some('apiGroups', '') &&
    some('resources', what, '*/*') &&
    some('operations', 'CREATE') &&
    some('apiVersions', 'v1') &&
    text(field(rule, 'scope')) !== 'Cluster'
  )
}

const withParameters = (
  control: AdmissionControl,
  kind: Json | undefined,
  ref: Json | undefined,
  present: Presence,
): AdmissionControl => {
  const kindName = text(field(kind, 'kind'))
  if (kindName === undefined) return control
  const name = text(field(ref, 'name'))
  if (name === undefined) return unsure(control, 'which parameters it takes is not evaluated')
  const apiVersion = text(field(kind, 'apiVersion')) ?? ''
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const namespace = text(field(ref, 'namespace')) ?? null
  const object = `${kindName} \`${namespace === null ? '' : `${namespace}/`}${name}\``
  const found = present(group, kindName, namespace, name)
  if (found === true) return control
  if (found === null) return unsure(control, `its parameters, ${object}, were not read`)
  if (text(at(ref, 'parameterNotFoundAction')) !== 'Allow')
    return unsure(control, `its parameters, ${object}, are not there`)
  return {
    ...control,
    ...NOTHING_DENIED,
    why: `its parameters, ${object}, are not there, which \`parameterNotFoundAction: Allow\` lets pass`,
    lacks: 'parameters',
  }
}
