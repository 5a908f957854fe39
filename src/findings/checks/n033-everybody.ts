import { abilityText, bindingText, subjectText } from '../../inventory/access.ts'
import { type Check, hit } from '../check.ts'

/** Groups and users that nobody was put into. Source: kubernetes.io, "Authenticating" and "Anonymous requests". */
const EVERYBODY: ReadonlyMap<string, string> = new Map([
  ['system:anonymous', 'whoever reaches the API server, without a login'],
  ['system:unauthenticated', 'whoever reaches the API server, without a login'],
  ['system:authenticated', 'everybody who can log in, every pod among them'],
  ['system:serviceaccounts', 'every pod of the cluster'],
])

export const everybody: Check = {
  id: 'PST-N033',
  title: 'Access given to everybody',
  severity: 'high',
  why: 'A binding to one of the built-in groups names nobody and reaches all: every pod, and on GKE every Google account, is authenticated. What it grants opens a way out for whoever finds the API server.',
  remedy: 'Bind the role to the accounts that need it.',
  references: [
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings',
    'https://cloud.google.com/kubernetes-engine/docs/best-practices/rbac#default-roles-groups',
  ],
  *run({ grants, inventory }) {
    for (const group of Map.groupBy(
      grants.filter(grant => EVERYBODY.has(grant.subject.name)),
      grant => `${grant.binding.ref.namespace}/${grant.binding.ref.name}/${grant.subject.name}`,
    ).values()) {
      const [first] = group
      if (first === undefined) continue
      const { name } = first.subject
      const open = /^system:(anonymous|unauthenticated)$/.test(name)
      const anyAccount = name === 'system:authenticated' && inventory.platform.distribution === 'GKE'
      const abilities = [...new Set(group.map(abilityText))]
      yield hit(
        first.binding,
        `${subjectText(first.subject)} is ${anyAccount ? 'everybody with a Google account' : EVERYBODY.get(name)}, and may ${abilities.join(', ')} in ${first.namespace === null ? 'every namespace' : `\`${first.namespace}\``}`,
        `remove \`${name}\` from ${bindingText(first.binding)}`,
        {
          at: ['subjects'],
          key: name,
          severity: open || anyAccount ? 'critical' : null,
          witness: `${name} -> ${abilities[0]}`,
        },
      )
    }
  },
}
