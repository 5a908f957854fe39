import { type Check, hit } from '../check.ts'

export const ephemeralContainer: Check = {
  id: 'PST-N013',
  title: 'Live ephemeral container',
  severity: 'medium',
  why: 'Somebody added a container to a running pod: it has the pod’s identity and its way out, and stands in no template, no image policy and no Git history. It stays until the pod is deleted.',
  remedy:
    'Delete the pod so that its controller makes a clean one; limit `pods/ephemeralcontainers` to break-glass accounts.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/'],
  *run({ uses }) {
    for (const { ephemeral } of uses) {
      for (const { pod, container } of ephemeral) {
        const strong = container.privileged || container.capabilitiesAdded.length > 0
        yield hit(
          pod,
          `\`${container.name}\` (${container.image}) was added to the running pod${container.capabilitiesAdded.length > 0 ? ` with ${container.capabilitiesAdded.join(', ')}` : ''}`,
          `delete pod \`${pod.ref.name}\` in \`${pod.ref.namespace}\` once nobody is working in it`,
          {
            at: ['spec', 'ephemeralContainers'],
            key: container.name,
            severity: strong ? 'high' : null,
            witness: container.image,
          },
        )
      }
    }
  },
}
