import { type Check, hit, several } from '../check.ts'

export const hostPath: Check = {
  id: 'PST-N005',
  title: 'Host path that gives the node away',
  severity: 'high',
  why: 'Some paths of the node are the node: a runtime socket starts any container on any network, the CNI’s folders decide who gets which interface, `/proc` and `/sys` hold its settings. A pod that mounts one leaves however the node may.',
  remedy: 'Mount the one folder that is needed, read-only, or sign the need off with a HostAccessException.',
  references: ['https://kubernetes.io/docs/concepts/storage/volumes/#hostpath'],
  *run({ uses }) {
    for (const use of uses) {
      if (!use.unexplained.has('hostPath')) continue
      const { workload } = use
      const paths = use.hostPaths.map(({ path }) => path)
      const socket = use.hostPaths.some(({ gives }) => gives.includes('runtime') || gives.includes('whole file system'))
      yield hit(
        workload,
        use.hostPaths.map(({ path, gives }) => `\`${path}\` gives ${gives}`).join('; '),
        `remove the host path ${several(paths)} from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [...workload.shapePath, 'volumes', use.hostPaths[0]?.volume ?? 0],
          severity: socket ? null : 'medium',
          witness: `hostPath: ${paths.join(', ')}`,
        },
      )
    }
  },
}
