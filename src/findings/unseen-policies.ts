import { podIdentityOf } from '../inventory/controls.ts'
import type { Cluster } from '../model/cluster.ts'
import { keyOf } from '../model/identity.ts'
import type { Policy } from '../model/policy.ts'
import type { Profile } from '../model/profile.ts'
import type { Workload } from '../model/workload.ts'

/** Policies that count here and that the engine does not evaluate: about whom they select, checks keep silent. */
const unseenIn = (cluster: Cluster, { dialects }: Profile): readonly Policy[] => {
  const evaluated = new Set(cluster.rulePolicies.flatMap(policy => (policy.opaque ? [] : [keyOf(policy.ref)])))
  return cluster.policies.filter(
    policy =>
      policy.inert === null &&
      dialects[policy.dialect] !== 'no' &&
      !evaluated.has(keyOf(policy.ref)) &&
      !isForNodes(policy),
  )
}

const isForNodes = ({ specs }: Policy): boolean => specs.length > 0 && specs.every(spec => spec.selectsNodes)

/**
 * Whether everything that orders policies is evaluated. Calico's tiers stand before and after the Kubernetes kind: with one of
 * its policies unread no answer holds. A kind that could not be read may hold the policy that decides.
 */
export const policiesAreKnown = (cluster: Cluster, profile: Profile): boolean =>
  !unseenIn(cluster, profile).some(policy => policy.dialect === 'calico') &&
  ![...cluster.unread].some(resource => resource === '*' || /^(?!staged).*networkpolic|^namespaces/.test(resource))

/** Whether one of them may select the workload's pods. */
export const mayBeSelectedUnseen = (cluster: Cluster, profile: Profile): ((workload: Workload) => boolean) => {
  const unseen = unseenIn(cluster, profile)
  return workload =>
    unseen.length > 0 &&
    unseen.some(({ specs }) =>
      specs.some(spec => !spec.selectsNodes && spec.subject.matches(podIdentityOf(cluster, workload)) !== false),
    )
}

/** Whether every kind that makes pods was read: without one of them "selects nothing" is not known. */
export const workloadsAreKnown = ({ unread }: Cluster): boolean =>
  ![...unread].some(resource =>
    /^(\*|pods|deployments|replicasets|statefulsets|daemonsets|jobs|cronjobs|namespaces)/.test(resource),
  )
