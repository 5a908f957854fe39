import { type Check, hit } from '../check.ts'

/** A download that is executed as it arrives. */
const FETCH_AND_RUN =
  /\b(curl|wget)\b[^|;&]*\|\s*(sudo\s+)?(ba|z|da|k|a)?sh\b|\b(ba|z)?sh\s+(-c\s+)?["']?[$<]\(\s*(curl|wget)\b|\b(curl|wget)\b[^|;&]*(&&|;)[^|]*\bchmod\s+\+x\b/

export const fetchAndRun: Check = {
  id: 'PST-N028',
  title: 'Start command that downloads and runs code',
  severity: 'high',
  why: 'What runs is decided by whoever answers the download, after every image scan. It also needs a way out at start, before a mesh sidecar or an audit is there.',
  remedy: 'Build the tool into the image, or fetch it from a registry with a digest.',
  references: ['https://attack.mitre.org/techniques/T1105/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const container of workload.shape.containers) {
        const line = [...container.command, ...container.args].join(' ')
        const found = FETCH_AND_RUN.exec(line)
        if (found === null) continue
        yield hit(
          workload,
          `\`${container.name}\` (${container.role === 'init' ? 'an init container' : 'at start'}) runs what it downloads`,
          `build the tool into the image of \`${container.name}\` in ${workload.ref.kind} \`${workload.ref.name}\``,
          {
            at: workload.shapePath,
            key: container.name,
            witness: found[0].slice(0, 120),
          },
        )
      }
    }
  },
}
