import { subjectText } from '../../inventory/access.ts'
import { type Check, hit } from '../check.ts'

export const trustedLabel: Check = {
  id: 'PST-I007',
  title: 'Cluster-wide policy that trusts a label anybody may set',
  severity: 'high',
  why: 'The policy opens egress for every pod that carries a label, in any namespace, and whoever may create a pod writes its labels. The exemption is self-service.',
  remedy: 'Bind the exemption to a namespace or a service account as well.',
  references: ['https://kubernetes.io/docs/concepts/security/multi-tenancy/#network-isolation'],
  *run({ cluster, grants }) {
    const creators = grants.filter(grant => grant.ability === 'create pods')
    if (creators.length === 0) return
    const who = [
      ...new Set(
        creators.map(
          grant =>
            `${subjectText(grant.subject)} (in ${grant.namespace === null ? 'any namespace' : `\`${grant.namespace}\``})`,
        ),
      ),
    ]
      .slice(0, 4)
      .join(', ')
    for (const policy of cluster.policies) {
      if (policy.namespace !== null || policy.inert !== null) continue
      const trusting = policy.specs.find(spec => spec.subject.podLabelsOnly && spec.opensEverything)
      if (trusting === undefined) continue
      yield hit(
        policy,
        `it lets out every pod with ${trusting.subject.text}, and ${who} may create one`,
        `limit ${policy.ref.kind} \`${policy.ref.name}\` to a namespace or service account`,
        {
          at: ['spec'],
          witness: trusting.subject.text,
        },
      )
    }
  },
}
