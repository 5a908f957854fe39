import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const hostPort: Check = {
  id: 'PST-N006',
  title: 'Port opened on the node',
  severity: 'medium',
  why: 'A hostPort listens on every address of the node that runs the pod, whatever Services and load balancers say. Replies leave as the node, and whether pod policy sees the real client differs by network plugin.',
  remedy: 'Expose the workload through a Service, or sign the port off with a HostAccessException.',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  *run({ uses }) {
    for (const use of uses) {
      if (!use.unexplained.has('hostPort')) continue
      const { workload } = use
      for (const { container, port } of use.hostPorts) {
        if (port.hostIP !== null && /^(127\.|::1$)/.test(port.hostIP)) continue
        yield hit(
          workload,
          `\`${container.name}\` opens ${port.hostPort}/${port.protocol} on ${port.hostIP ?? 'every address'} of its nodes`,
          `remove \`hostPort: ${port.hostPort}\` from container \`${container.name}\` of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: pathOfContainer(workload, container),
            key: `${port.hostPort}/${port.protocol}`,
            witness: `hostPort: ${port.hostPort}`,
          },
        )
      }
    }
  },
}
