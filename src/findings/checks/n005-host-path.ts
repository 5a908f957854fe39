import { type Check, hit, several } from '../check.ts'

/** What makes whoever has it root on the node, without another step. */
const NODE = /runtime|whole file system|as root on the host|static pods|credentials/

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
      const whole = use.hostPaths.some(({ gives }) => NODE.test(gives))
      yield hit(
        workload,
        use.hostPaths
          .map(({ path, gives }) => `\`${path}\` gives${gives.startsWith(',') ? '' : ' '}${gives}`)
          .join('; '),
        `remove the host path ${several(paths)} from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
        {
          at: [...workload.shapePath, 'volumes', use.hostPaths[0]?.volume ?? 0],
          severity: whole ? null : 'medium',
          witness: `hostPath: ${paths.join(', ')}`,
        },
      )
    }
  },
}
