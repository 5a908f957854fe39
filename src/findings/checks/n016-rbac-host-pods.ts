import { abilityText, bindingText, type Grant, isAdministrator, subjectText } from '../../inventory/access.ts'
import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { type HostGate, hostGateOf } from '../../inventory/admission.ts'
import type { Cluster } from '../../model/cluster.ts'
import { keyOf } from '../../model/identity.ts'
import { type Check, hit, several } from '../check.ts'

/** Worst first: told to admit everything, stopped by nothing, perhaps stopped. */
const STATES: readonly HostGate['state'][] = ['invited', 'open', 'unknown']

interface Place {
  readonly name: string
  readonly gate: HostGate
  readonly system: boolean
}

export const rbacHostPods: Check = {
  id: 'PST-N016',
  title: 'Access that creates pods where host privilege is admitted',
  severity: 'high',
  why: 'Who may create a pod in a namespace that admits host networking may leave as the node, past every pod policy, with one manifest. Nothing has to be broken for it.',
  remedy:
    'Enforce the `baseline` Pod Security level in the namespace, or take the right to create pods from the subject.',
  references: [
    'https://kubernetes.io/docs/concepts/security/rbac-good-practices/#workload-creation',
    'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  ],
  *run({ cluster, grants }) {
    if (cluster.unread.has('namespaces')) return
    const places = placesOf(cluster)
    const creating = grants.filter(grant => grant.ability === 'create pods' && !isAdministrator(grant))
    for (const group of Map.groupBy(creating, grant => keyOf(grant.binding.ref)).values()) {
      const [grant] = group
      if (grant === undefined) continue
      const { binding, namespace } = grant
      const reached = places.filter(place => namespace === null || place.name === namespace)
      const certain = reached.filter(({ gate }) => gate.state !== 'unknown')
      // What may be denied is said only where nothing is certain.
      const found = certain.length > 0 ? certain : reached
      const [worst] = found
      if (worst === undefined) continue
      const subjects = [...new Set(group.map(({ subject }) => subjectText(subject)))]
      const where = several(found.map(({ name }) => name))
      const inWorst = found.length > 1 ? `in \`${worst.name}\` ` : ''
      yield hit(
        binding,
        `${subjects.join(', ')} may ${abilityText(grant)} in ${where}: ${inWorst}${worst.gate.because}`,
        remedyOf(grant, found, where),
        {
          at: ['subjects'],
          severity: severityOf(found),
          witness: `${subjects[0]} -> ${abilityText(grant)} -> ${worst.name}`,
        },
      )
    }
  },
}

/** Namespaces that were read and are not closed; worst first, the platform's own before the others. */
const placesOf = (cluster: Cluster): readonly Place[] =>
  [...cluster.namespaces.values()]
    .filter(namespace => namespace.read)
    .map(namespace => ({
      name: namespace.ref.name,
      gate: hostGateOf(cluster, namespace),
      system: isSystemNamespace(namespace.ref.name),
    }))
    .filter(({ gate }) => gate.state !== 'closed')
    .sort((a, b) => STATES.indexOf(a.gate.state) - STATES.indexOf(b.gate.state) || Number(b.system) - Number(a.system))

/** In a namespace of the platform a host pod stands among those that nobody looks at. */
const severityOf = (found: readonly Place[]): 'medium' | 'low' | null => {
  if (found.some(({ gate, system }) => gate.state === 'invited' || (gate.state === 'open' && system))) return null
  return found.some(({ gate }) => gate.state === 'open') ? 'medium' : 'low'
}

/** The platform's namespaces need host pods: no level can be enforced there. */
const remedyOf = ({ binding, namespace }: Grant, found: readonly Place[], where: string): string => {
  if (found.every(({ system }) => !system))
    return `label ${where} with \`pod-security.kubernetes.io/enforce: baseline\`, or remove the right from ${bindingText(binding)}`
  return namespace === null
    ? `replace ${bindingText(binding)} by RoleBindings in the namespaces that need it`
    : `remove the right from ${bindingText(binding)}`
}
