import type { AdmissionControl } from '../../../model/access.ts'
import { at, field, list, text, texts } from '../../../model/json.ts'
import { type ApiObject, sourced } from '../object.ts'
import { readRule } from './admission-policy.ts'
import { ownFilter } from './kyverno.ts'
import { both, doubtful, everywhere, named } from './scope.ts'
import { NOTHING_DENIED } from './verdicts.ts'
import type { Gate } from './webhooks.ts'

/**
 * Kyverno's ValidatingPolicy (policies.kyverno.io): a ValidatingAdmissionPolicy that carries its own actions and needs
 * no binding. Source: kyverno.io, "ValidatingPolicy".
 */
export const lowerValidatingPolicy = (
  object: ApiObject,
  exceptions: readonly ApiObject[],
  gate: Gate,
): readonly AdmissionControl[] => {
  const { spec, ref } = object
  const rule = readRule(spec)
  if (rule.verdicts.controls.length === 0) return []
  const actions = texts(field(spec, 'validationActions'))
  const excepted = exceptions.some(exception =>
    list(field(exception.spec, 'policyRefs')).some(policy => text(field(policy, 'name')) === ref.name),
  )
  const control: AdmissionControl = {
    ...sourced(object),
    engine: 'Kyverno',
    ...rule.verdicts,
    enforces: true,
    why: rule.verdicts.mayDeny.length > 0 ? rule.why : null,
    lacks: null,
    action: actions.join(', ') || 'none',
    judges: (namespace, what) =>
      both(
        ref.namespace === null ? everywhere : named([ref.namespace]),
        rule.scope(what),
        excepted ? doubtful('a PolicyException names it') : everywhere,
        ownFilter,
        gate.scope(what),
      )(namespace),
    failOpen: text(field(spec, 'failurePolicy')) === 'Ignore',
    serves: null,
  }
  if (at(spec, 'evaluation', 'admission', 'enabled') === false)
    return [{ ...control, ...NOTHING_DENIED, why: 'its evaluation at admission is switched off', lacks: 'action' }]
  return [
    actions.includes('Deny')
      ? control
      : { ...control, ...NOTHING_DENIED, why: `its action is \`${control.action}\``, lacks: 'action' },
  ]
}
