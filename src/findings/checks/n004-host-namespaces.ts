import { type Check, hit } from '../check.ts'

export const hostNamespaces: Check = {
  id: 'PST-N004',
  title: 'Workload in the host’s process or IPC namespace',
  severity: 'high',
  why: 'With `hostPID` a container sees every process of the node and, with ptrace or nsenter, joins their network. `hostIPC` shares memory with them.',
  remedy: 'Remove `hostPID` and `hostIPC`, or sign the need off with a HostAccessException.',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  *run({ uses }) {
    for (const use of uses) {
      const taken = (['hostPID', 'hostIPC'] as const).filter(name => use.unexplained.has(name))
      if (taken.length === 0) continue
      const { workload } = use
      yield hit(
        workload,
        `its pods share the node’s ${taken.map(name => (name === 'hostPID' ? 'processes' : 'memory')).join(' and ')}`,
        `remove ${taken.map(name => `\`${name}\``).join(' and ')} from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        { at: [...workload.shapePath, taken[0] ?? 'hostPID'], witness: taken.map(name => `${name}: true`).join(', ') },
      )
    }
  },
}
