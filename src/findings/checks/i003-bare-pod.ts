import { addOnOf } from '../../inventory/add-ons.ts'
import { isBarePod } from '../../inventory/identity.ts'
import { imageName } from '../../inventory/image.ts'
import { type Check, hit } from '../check.ts'

/** Toolboxes people start by hand to look around from inside. */
const TOOLBOXES =
  /^(netshoot|busybox|alpine|ubuntu|debian|curl|nettools|network-multitool|dnsutils|kali(-.*)?|toolbox|swiss-army-knife|centos|fedora)$/

export const barePod: Check = {
  id: 'PST-I003',
  title: 'Pod without a controller',
  severity: 'low',
  why: 'Somebody started it by hand: it stands in no repository, nothing replaces or removes it, and its labels are what its author typed. Toolboxes stay long after the question is answered.',
  remedy: 'Delete it, or turn it into a Deployment or Job with an owner.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/#working-with-pods'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      // In a system namespace, too: that is where one that means harm would stand.
      if (!isBarePod(workload) || addOnOf(workload) !== null) continue
      const tool = workload.shape.containers
        .map(container => imageName(container.image).base)
        .find(base => TOOLBOXES.test(base))
      yield hit(
        workload,
        tool === undefined ? 'nothing controls it' : `nothing controls it, and \`${tool}\` is a toolbox`,
        `delete pod \`${workload.ref.name}\` in \`${workload.namespace}\` if nobody is using it`,
        {
          at: ['metadata'],
          severity: tool === undefined ? null : 'medium',
          witness: workload.shape.containers[0]?.image ?? null,
        },
      )
    }
  },
}
