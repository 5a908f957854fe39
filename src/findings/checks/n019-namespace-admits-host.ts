import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { hostGateOf } from '../../inventory/admission.ts'
import { isUserWorkload } from '../../inventory/identity.ts'
import { type Check, hit } from '../check.ts'

export const namespaceAdmitsHost: Check = {
  id: 'PST-N019',
  title: 'Namespace that admits host-privileged pods',
  severity: 'medium',
  why: 'Without an enforced Pod Security level or an admission policy, the next pod in this namespace may be on the host network, and pod policy will not apply to it. A level that only warns or audits stops nothing.',
  remedy: 'Label the namespace with an enforced level of `baseline` or `restricted`.',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/'],
  *run({ cluster, uses }) {
    for (const namespace of cluster.namespaces.values()) {
      const { name } = namespace.ref
      if (isSystemNamespace(name) || !namespace.read) continue
      const workloads = (cluster.workloadsIn.get(name) ?? []).filter(isUserWorkload)
      if (workloads.length === 0) continue
      const gate = hostGateOf(cluster, namespace)
      if (gate.state === 'closed') continue
      const needs = uses.some(use => use.workload.namespace === name && use.uses.size > 0)
      yield hit(
        namespace,
        `${workloads.length === 1 ? '1 workload runs' : `${workloads.length} workloads run`} here and ${gate.because}`,
        needs
          ? `move the host-privileged workloads out of \`${name}\`, then label it with \`pod-security.kubernetes.io/enforce: baseline\``
          : `label \`${name}\` with \`pod-security.kubernetes.io/enforce: baseline\``,
        {
          at: ['metadata', 'labels'],
          // Something may deny it, and nobody can tell from here.
          severity: gate.state === 'unknown' ? 'low' : null,
          witness: namespace.labels.get('pod-security.kubernetes.io/enforce') ?? 'no enforced level',
        },
      )
    }
  },
}
