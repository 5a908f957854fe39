import { isAdministrator, subjectText } from '../../inventory/access.ts'
import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { hostGateOf } from '../../inventory/admission.ts'
import { type Check, type Hit, hit, several } from '../check.ts'

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
    const reported = new Map<string, { hit: Hit; subjects: string[] }>()
    for (const grant of grants) {
      if (grant.ability !== 'create pods' || isAdministrator(grant)) continue
      const namespaces = [...cluster.namespaces.values()].filter(
        namespace =>
          !isSystemNamespace(namespace.ref.name) &&
          (grant.namespace === null || namespace.ref.name === grant.namespace) &&
          hostGateOf(cluster, namespace).state === 'open',
      )
      const [first] = namespaces
      if (first === undefined) continue
      const gate = hostGateOf(cluster, first)
      const subject = subjectText(grant.subject)
      const key = grant.binding.ref.namespace + grant.binding.ref.name
      const known = reported.get(key)
      const subjects = [...(known?.subjects ?? []), subject]
      const where = several(namespaces.map(namespace => namespace.ref.name))
      reported.set(key, {
        subjects,
        hit: hit(
          grant.binding,
          `${subjects.join(', ')} may create pods in ${where}: ${gate.because}`,
          `label ${where} with \`pod-security.kubernetes.io/enforce: baseline\`, or remove the right from \`${grant.binding.ref.name}\``,
          {
            at: ['subjects'],
            severity: gate.because.includes('privileged') ? null : 'medium',
            witness: `${subject} -> create pods -> ${first.ref.name}`,
          },
        ),
      })
    }
    for (const { hit: found } of reported.values()) yield found
  },
}
