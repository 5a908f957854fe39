import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const hostProcess: Check = {
  id: 'PST-N014',
  title: 'Windows HostProcess container',
  severity: 'high',
  why: 'A HostProcess container is a process of the Windows node itself, in its network and with its rights. Policy of pods does not apply to it.',
  remedy: 'Run it as an ordinary Windows container, or sign the need off with a HostAccessException.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/'],
  *run({ uses }) {
    for (const use of uses) {
      if (!use.unexplained.has('hostProcess')) continue
      const { workload } = use
      const own = use.containers.find(container => container.hostProcess)
      yield hit(
        workload,
        'its containers run as processes of the Windows node',
        `remove \`windowsOptions.hostProcess\` from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at:
            workload.shape.hostProcess || own === undefined
              ? [...workload.shapePath, 'securityContext']
              : pathOfContainer(workload, own),
          witness: 'hostProcess: true',
        },
      )
    }
  },
}
