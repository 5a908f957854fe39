import { isUserWorkload } from '../../inventory/identity.ts'
import { idOf, keyOf } from '../../model/identity.ts'
import { type Check, hit, several } from '../check.ts'
import { itemsOf } from '../signatures.ts'

/** What the placements are called. */
const PLACES = { windows: 'a Windows node', fargate: 'Fargate' } as const

export const notOnTheseNodes: Check = {
  id: 'PST-P012',
  title: 'Pods where the network plugin enforces no policy',
  severity: 'high',
  why: 'Network plugins enforce policy on the nodes that they run on. Windows and serverless nodes are often not among them: policies select the pods there, reviews pass, and nothing is closed.',
  remedy:
    'Run the workload on nodes where policy holds, or limit it by the platform’s own means: a security group, a subnet of its own.',
  references: [
    'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
    'https://docs.aws.amazon.com/eks/latest/userguide/fargate.html',
  ],
  *run(view) {
    const { engine } = view.possible()
    const { profile } = engine
    if (profile.notOn.length === 0 || view.inventory.dataplane.enforcesPolicy === false) return
    const told = new Set<string>()
    for (const subject of engine.population.subjects) {
      const { workload, runsOn } = subject
      if (runsOn === null || subject.identity === null || !profile.notOn.includes(runsOn)) continue
      const id = idOf(workload.ref)
      if (!isUserWorkload(workload) || told.has(id)) continue
      const policies = new Map(
        [...itemsOf(engine.stacksOf(subject, 'egress').written)]
          .filter(({ doubts, kind }) => doubts.length === 0 && kind === 'default')
          .map(({ policy }) => [keyOf(policy.ref), policy.ref.name]),
      )
      if (policies.size === 0) continue
      told.add(id)
      const names = [...policies.values()].sort()
      yield hit(
        workload,
        `it runs on ${PLACES[runsOn]}, where ${profile.title} enforces nothing: ${several(names)} ${names.length === 1 ? 'does' : 'do'} not hold`,
        `move ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` to nodes where policy holds, or limit it by the platform’s own means`,
        { at: workload.shapePath, witness: runsOn },
      )
    }
  },
}
