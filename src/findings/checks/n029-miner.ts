import { commandLines } from '../../inventory/command-lines.ts'
import { imageName } from '../../inventory/image.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

const NAMES =
  'xmrig|xmrig-proxy|xmrig-mo|minerd|cpuminer|cpuminer-multi|cgminer|bfgminer|ethminer|nbminer|gminer|t-rex|phoenixminer|lolminer|nanominer|teamredminer|srbminer-multi'
const IMAGE = new RegExp(`^(${NAMES})$`)
const PROGRAM = new RegExp(String.raw`(?:^|[\s;&|("'])(?:\S{0,200}/)?(${NAMES})(?=\s|$)`)
/** The protocol of pools, options and algorithms that nothing else has, and the best known pools. */
const POOL =
  /\bstratum[12]?(\+(tcp|ssl|tls|udp))?:\/\/|--donate-level|\brandomx\b|\bcryptonight\b|\b(minexmr|supportxmr|moneroocean|nanopool|2miners|nicehash|hashvault|unmineable)\b/i

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
        const line = [...commandLines(container), ...container.env.flatMap(variable => variable.value ?? [])].join(' ')
        const words =
          POOL.exec(line)?.[0] ?? PROGRAM.exec(line)?.[1] ?? IMAGE.exec(imageName(container.image).base)?.[0]
        if (words === undefined) continue
        yield hit(
          workload,
          `\`${container.name}\` mines (\`${words}\`)`,
          `delete ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\` and find out who made it`,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            witness: words,
          },
        )
      }
    }
  },
}
