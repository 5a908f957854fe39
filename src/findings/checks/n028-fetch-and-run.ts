import { commandLines } from '../../inventory/command-lines.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

const FETCH = String.raw`(?:^|[\s;&|("'\x60/])(?:curl|wget|aria2c)\s`
/** What runs what it is given on its input. */
const RUNS = String.raw`(?:\S{0,200}/)?(?:(?:ba|z|da|k|a)?sh|python[0-9.]*|perl|ruby|node|php)(?![\w./-])`
/** A download that is executed: piped (`||` is no pipe), substituted, or saved and made executable. */
const FETCH_AND_RUN = new RegExp(
  [
    String.raw`${FETCH}(?:[^;\n]|\\\n){0,1000}[^|]\|\s*(?:(?:sudo|env|exec)\s+(?:-\S{1,100}\s+){0,5})?${RUNS}`,
    String.raw`(?:\b(?:ba|z|da|k|a)?sh|\beval|\bsource|(?:^|\s)\.)\s+(?:-\w+\s+)*["']?[$<]\(\s*(?:curl|wget)\s`,
    String.raw`${FETCH}[^|]{0,1000}\bchmod\s+(?:-R\s+)?(?:[ugoa]*\+[rw]*x|0?7[0-7]{2})\b`,
  ].join('|'),
)

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
        const found = commandLines(container)
          .map(line => FETCH_AND_RUN.exec(line)?.[0])
          .find(Boolean)
        if (found === undefined) continue
        yield hit(
          workload,
          `\`${container.name}\` (${container.role === 'init' ? 'an init container' : 'at start'}) runs what it downloads`,
          `build the tool into the image of \`${container.name}\` in ${workload.ref.kind} \`${workload.ref.name}\``,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            witness: found.trim().replace(/\s+/g, ' ').slice(0, 120),
          },
        )
      }
    }
  },
}
