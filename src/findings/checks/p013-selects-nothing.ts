import { podIdentityOf } from '../../inventory/controls.ts'
import { keyOf } from '../../model/identity.ts'
import type { RulePolicy } from '../../model/rule.ts'
import { type Check, type ClusterView, hit, several } from '../check.ts'
import { workloadsAreKnown } from '../unseen-policies.ts'

export const selectsNothing: Check = {
  id: 'PST-P013',
  title: 'Policy that selects no pod',
  severity: 'medium',
  why: 'A label that is misspelt, or was renamed since, leaves a policy that applies to nobody. Whom it was written for has the limits of other policies, or none.',
  remedy: 'Correct the selector, or remove the policy.',
  references: ['https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/'],
  *run(view) {
    const { cluster } = view
    if (!workloadsAreKnown(cluster) || cluster.workloads.length === 0) return
    const bySpec = Map.groupBy(
      cluster.rulePolicies.filter(policy => policy.selects === 'pods' && policy.inert === null),
      policy => keyOf(policy.ref),
    )
    for (const specs of bySpec.values()) {
      const idle = specs.filter(policy => isIdle(view, policy))
      const [policy] = idle
      if (policy === undefined) continue
      const { namespace } = policy.ref
      const onHost = namesOnHost(view, policy)
      const where = namespace === null ? 'in this cluster' : `in \`${namespace}\``
      yield hit(
        policy,
        onHost.length > 0
          ? `it selects only ${several(onHost)}, on the host network, where no policy for pods holds`
          : idle.length < specs.length
            ? `${idle.length} of its ${specs.length} parts ${idle.length === 1 ? 'selects' : 'select'} no pod ${where}`
            : `its selector matches no pod ${where}`,
        `correct the selector of ${policy.ref.kind} \`${policy.ref.name}\`, or remove it`,
        {
          at: selectorPath(policy),
          // What is for the whole cluster is often written ahead of its pods.
          severity: namespace === null || idle.length < specs.length ? 'low' : null,
        },
      )
    }
  },
}

const isIdle = ({ cluster, possible }: ClusterView, { ref, subject }: RulePolicy): boolean => {
  const { selection } = possible().engine
  return (
    selection.bits.isEmpty(selection.of(subject).may) &&
    (ref.namespace === null || (cluster.workloadsIn.get(ref.namespace)?.length ?? 0) > 0)
  )
}

const namesOnHost = ({ cluster }: ClusterView, { ref }: RulePolicy): readonly string[] => {
  const policy = cluster.policies.find(one => keyOf(one.ref) === keyOf(ref))
  return policy === undefined
    ? []
    : cluster.workloads
        .filter(
          workload =>
            workload.shape.hostNetwork &&
            policy.specs.some(spec => spec.subject.matches(podIdentityOf(cluster, workload)) === true),
        )
        .map(workload => workload.ref.name)
}

const selectorPath = ({ dialect, egress }: RulePolicy) => {
  const spec = egress.isolatesAt[0] === 'specs' ? egress.isolatesAt.slice(0, 2) : ['spec']
  return dialect === 'kubernetes'
    ? ['spec', 'podSelector']
    : dialect === 'policy-api'
      ? ['spec', 'subject']
      : dialect === 'calico'
        ? ['spec', 'selector']
        : [...spec, 'endpointSelector']
}
