import type { JsonObject } from '../../../model/json.ts'
import { day, globs, type KindSchema, listOf, mapOfGlobs, strict, words } from './parts.ts'

/** Deviations that somebody signed off, and a fleet’s own naming rules. */

const objects = globs('Object ids: `prod-*/observe/DaemonSet/flow-tap`.')

const match = strict(
  {
    clusters: globs('Cluster names.'),
    namespaces: globs('Namespaces; `-` for cluster-scoped objects.'),
    kinds: globs('Kinds: Deployment, DaemonSet, Pod, Service, …'),
    names: globs('Object names.'),
  },
  [],
  { description: 'All given keys must match; an absent key matches everything.' },
)

const signedOff = (findings: JsonObject): JsonObject => ({
  findings,
  objects,
  match,
  owner: words('Who answers for the risk.'),
  justification: words('Why it is needed.'),
  ticket: words('Where it was agreed.'),
  expires: day('Last day on which it holds.'),
})

export const exception: KindSchema = {
  kind: 'Exception',
  plural: 'exceptions',
  description: 'A signed-off deviation: the findings it covers are accepted until it expires.',
  scope: 'Cluster',
  spec: strict(signedOff(globs('Finding ids: `PST-N001`, `PST-N*`.')), [
    'owner',
    'justification',
    'expires',
    'findings',
  ]),
}

export const hostAccessException: KindSchema = {
  kind: 'HostAccessException',
  plural: 'hostaccessexceptions',
  description: 'The special form of an exception for workloads that need their host.',
  scope: 'Cluster',
  spec: strict(signedOff(globs('Finding ids. Absent: the findings of host privilege.')), [
    'owner',
    'justification',
    'expires',
  ]),
}

const keys = (description: string): JsonObject => listOf(words('A label or annotation key.'), description, 64)

export const standard: KindSchema = {
  kind: 'Standard',
  plural: 'standards',
  description: 'A fleet’s own naming rules.',
  scope: 'Cluster',
  spec: strict(
    {
      owner: strict(
        {
          labels: keys('Label keys that name the owner, first found wins.'),
          annotations: keys('Annotation keys that name the owner.'),
          namespaces: mapOfGlobs('Namespace to owner, for namespaces that carry neither.'),
        },
        [],
      ),
      namespaceLabels: keys('Labels that every user namespace must carry.'),
      workloadLabels: keys('Labels that every user workload must carry.'),
      namespaceNames: globs('One of which every user namespace must match.'),
      serviceAccountNames: globs('One of which every service account that a user workload runs as must match.'),
    },
    [],
  ),
}
