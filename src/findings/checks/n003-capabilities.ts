import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const capabilities: Check = {
  id: 'PST-N003',
  title: 'Capability that changes the network or the kernel',
  severity: 'medium',
  why: 'NET_ADMIN rewrites a pod’s own routes and redirect rules, so it steps around a mesh sidecar; NET_RAW forges packets; SYS_ADMIN, BPF, SYS_MODULE and SYS_PTRACE reach into the node. On the host network the same capability changes the node itself.',
  remedy: 'Drop the capability, or sign the need off with a HostAccessException.',
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  ],
  *run({ uses }) {
    for (const use of uses) {
      if (!use.unexplained.has('capabilities')) continue
      const { workload } = use
      for (const { container, added } of use.capabilities) {
        // `privileged` already holds all of them; it has a check of its own.
        if (container.privileged) continue
        yield hit(
          workload,
          `\`${container.name}\` adds ${added.join(', ')}${workload.shape.hostNetwork ? ' on the host network, where it changes the node’s own' : ''}`,
          `drop ${added.join(', ')} from container \`${container.name}\` of ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            severity:
              workload.shape.hostNetwork ||
              added.some(name => name === 'ALL' || name.startsWith('SYS_') || name === 'BPF')
                ? 'high'
                : null,
            witness: `capabilities.add: ${added.join(', ')}`,
          },
        )
      }
    }
  },
}
