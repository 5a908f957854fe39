import { type Check, hit, several } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const privileged: Check = {
  id: 'PST-N002',
  title: 'Privileged container',
  severity: 'high',
  why: 'A privileged container holds every capability and sees the node’s devices: one command (`nsenter -t 1 -n`) moves it into the node’s network, past every pod policy. Whoever takes it over has the node.',
  remedy:
    'Drop `privileged`, add the few capabilities that are really needed, or sign the need off with a HostAccessException.',
  references: [
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
    'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
  ],
  *run({ uses }) {
    for (const use of uses) {
      if (!use.unexplained.has('privileged')) continue
      const { workload } = use
      const names = use.privileged.map(container => container.name)
      const [first] = use.privileged
      yield hit(
        workload,
        `${several(names)} ${names.length === 1 ? 'runs' : 'run'} privileged and can enter the node’s own network`,
        `remove \`privileged: true\` from ${several(names)} of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: first === undefined ? workload.shapePath : pathOfContainer(workload, first),
          witness: `securityContext.privileged: true (${names.join(', ')})`,
        },
      )
    }
  },
}
