import { keyOf } from '../../model/identity.ts'
import { pathText } from '../../model/provenance.ts'
import { type Check, hit } from '../check.ts'

export const meaninglessPart: Check = {
  id: 'PST-P022',
  title: 'Part of a policy that means nothing, or not what it seems',
  severity: 'low',
  why: 'The agent reads a part of the policy otherwise than a person does: a group that is not there, a block with host bits, a list that is empty. The policy is in force, and that part of it is not what somebody meant.',
  remedy: 'Write what is meant, or remove the part.',
  references: ['https://docs.cilium.io/en/stable/security/policy/language/'],
  *run({ cluster }) {
    const inert = new Set(cluster.rulePolicies.filter(policy => policy.inert !== null).map(policy => keyOf(policy.ref)))
    for (const notes of Map.groupBy(cluster.policyNotes, note => keyOf(note.ref)).values()) {
      const [first] = notes
      // Of a policy that does nothing at all something else is said.
      if (first === undefined || inert.has(keyOf(first.ref))) continue
      const more = notes.length === 1 ? '' : `, and ${notes.length - 1} more`
      yield hit(
        first,
        `\`${pathText(first.at)}\`: ${first.why}${more}`,
        `correct \`${pathText(first.at)}\` of ${first.ref.kind} \`${first.ref.name}\``,
        { at: first.at, witness: pathText(first.at) },
      )
    }
  },
}
