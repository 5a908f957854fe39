import type { AdmissionControl } from '../../model/access.ts'
import { type Check, hit } from '../check.ts'

/** Another control that denies the same everywhere: the audit beside it is a second opinion. */
const deniesInstead = (other: AdmissionControl, control: AdmissionControl): boolean =>
  other.enforces === true &&
  other.namespaceSelector === null &&
  other.excludedNamespaces.length === 0 &&
  other.includedNamespaces.length === 0 &&
  control.controls.every(what => other.controls.includes(what))

export const admissionAuditOnly: Check = {
  id: 'PST-N020',
  title: 'Admission policy that does not deny',
  severity: 'medium',
  why: 'The policy is there, reviewers count on it, and its binding only audits or warns: what it looks at is admitted. The difference is one word that nobody reads.',
  remedy: 'Set the action to deny, after its audit shows what it would stop.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-actions',
  ],
  *run({ cluster }) {
    for (const control of cluster.admission) {
      if (control.enforces !== false || control.controls.length === 0) continue
      if (cluster.admission.some(other => deniesInstead(other, control))) continue
      const what = control.controls.join(', ')
      yield hit(
        control,
        control.action === 'no binding'
          ? `it looks at ${what} and no binding uses it`
          : `it looks at ${what} and its action is \`${control.action}\``,
        control.action === 'no binding'
          ? `bind \`${control.ref.name}\` with \`validationActions: [Deny]\``
          : `set the action of \`${control.ref.name}\` to deny`,
        { at: ['spec'], witness: control.action },
      )
    }
  },
}
