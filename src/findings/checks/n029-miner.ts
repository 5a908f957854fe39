import { imageName } from '../../inventory/image.ts'
import { type Check, hit } from '../check.ts'

const MINERS = /^(xmrig|xmrig-proxy|minerd|cpuminer|cgminer|ethminer|nbminer|t-rex|phoenixminer|lolminer|nanominer)/
const POOL = /\bstratum\+?(tcp|ssl|tls)?:\/\/|--donate-level|\brandomx\b|\bcryptonight\b/i

export const miner: Check = {
  id: 'PST-N029',
  title: 'Mining software',
  severity: 'critical',
  why: 'Mining needs processors and one connection outside. Where it runs, somebody found both: the way out it uses is open to worse.',
  remedy: 'Stop it, find who created it, and close the way by which it leaves.',
  references: ['https://attack.mitre.org/techniques/T1496/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const container of workload.shape.containers) {
        const line = [
          ...container.command,
          ...container.args,
          ...container.env.flatMap(variable => variable.value ?? []),
        ].join(' ')
        const words = POOL.exec(line)?.[0] ?? MINERS.exec(imageName(container.image).base)?.[0]
        if (words === undefined) continue
        yield hit(
          workload,
          `\`${container.name}\` speaks a mining protocol (\`${words}\`)`,
          `delete ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` and find out who made it`,
          {
            at: workload.shapePath,
            key: container.name,
            witness: words,
          },
        )
      }
    }
  },
}
