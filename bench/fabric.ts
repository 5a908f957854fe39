import { fabricWaysIn } from '../src/app/fabric-ways.ts'
import type { Fabric } from '../src/model/fabric.ts'
import { trafficTable } from '../src/sets/traffic-table.ts'
import { awsFabric } from '../src/sources/aws/fabric.ts'
import { type FabricSize, fabricDocuments } from './fabric-estate.ts'

/**
 * The network under a fleet: from documents to the partition of everything that every subnet and every machine may send. Sizes,
 * times, memory and ratios of this run on this machine.
 */
const WHOLE: FabricSize = { networks: 300, hubs: 10, hubRoutes: 5000, groups: 2000, rules: 40, machines: 1000 }

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const partitions = (fabric: Fabric): number => {
  const table = trafficTable()
  const ways = [fabricWaysIn(fabric, 4, table), fabricWaysIn(fabric, 6, table)] as const
  let parts = 0
  for (const of of fabric.subnets) for (const { from } of ways) parts += from({ kind: 'subnet', of }).length
  for (const of of fabric.interfaces) for (const { from } of ways) parts += from({ kind: 'interface', of }).length
  return parts
}

const measured = (
  size: FabricSize,
): {
  readonly read: number
  readonly walked: number
  readonly megabytes: number
  readonly parts: number
  readonly fabric: Fabric
} => {
  const documents = fabricDocuments(size)
  globalThis.gc?.()
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  const before = used()
  const start = performance.now()
  const { fabric } = awsFabric(documents)
  const read = performance.now() - start
  const parts = partitions(fabric)
  const walked = performance.now() - start - read
  const megabytes = (used() - before) / 1e6
  return { read, walked, megabytes, parts, fabric }
}

const tell = (name: string, { read, walked, megabytes, parts, fabric }: ReturnType<typeof measured>): void =>
  print(
    `${name}: ${fabric.networks.length} networks, ${fabric.subnets.length} subnets, ${fabric.tables.length} tables, ${fabric.interfaces.length} machines: read in ${(read / 1000).toFixed(1)} s, ${parts} parts in ${(walked / 1000).toFixed(1)} s (bound 5), ${megabytes.toFixed(0)} MB (bound 1,000)`,
  )

const share = Number(process.argv[2] ?? 1)
const of = (n: number): number => Math.max(1, Math.round(n * share))
const size = { ...WHOLE, networks: of(300), hubs: of(10), hubRoutes: of(5000), groups: of(2000), machines: of(1000) }
const half = measured({ ...size, networks: of(150), hubs: of(5), groups: of(1000), machines: of(500) })
tell('half', half)
const whole = measured(size)
tell('whole', whole)
print(`twice the network: ${(whole.walked / half.walked).toFixed(2)} × (about 2 is linear)`)
