import { factsOf, NEW_NAMESPACE } from '../../inventory/admission.ts'
import { type AdmissionControl, admittedBy, type NamespaceFacts } from '../../model/access.ts'
import { type Check, hit } from '../check.ts'

/** Another control that denies the same wherever this one looks: the audit beside it is a second opinion. */
const deniesInstead = (
  other: AdmissionControl,
  control: AdmissionControl,
  namespaces: readonly NamespaceFacts[],
): boolean =>
  other.enforces === true &&
  control.controls.every(
    what =>
      (other.denies.includes(what) || other.mayDeny.includes(what)) &&
      namespaces.every(namespace => {
        const kind = admittedBy(what)
        return control.judges(namespace, kind).kind === 'none' || other.judges(namespace, kind).kind === 'all'
      }),
  )

const remedyOf = ({ lacks, ref }: AdmissionControl): string => {
  switch (lacks) {
    case 'binding':
      return `bind \`${ref.name}\` with \`validationActions: [Deny]\``
    case 'parameters':
      return `create the parameters that \`${ref.name}\` names, or set its \`parameterNotFoundAction\` to Deny`
    default:
      return `set the action of \`${ref.name}\` to deny`
  }
}

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
    const namespaces = [NEW_NAMESPACE, ...[...cluster.namespaces.values()].map(factsOf)]
    for (const control of cluster.admission) {
      if (control.enforces !== false || control.controls.length === 0) continue
      if (cluster.admission.some(other => deniesInstead(other, control, namespaces))) continue
      yield hit(
        control,
        `it looks at ${control.controls.join(', ')} and ${control.why ?? `its action is \`${control.action}\``}`,
        remedyOf(control),
        { at: ['spec'], witness: control.action },
      )
    }
  },
}
