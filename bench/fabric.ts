import { availableParallelism } from 'node:os'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { fabricWaysIn } from '../src/app/fabric-ways.ts'
import type { Fabric } from '../src/model/fabric.ts'
import { trafficTable } from '../src/sets/traffic-table.ts'
import { awsFabric } from '../src/sources/aws/fabric.ts'
import { type FabricSize, fabricDocuments } from './fabric-estate.ts'

/**
 * The network under a fleet: from documents to the partition of everything that every subnet and every machine may send, the
 * sources shared out among the processors. Sizes, times, memory and ratios of this run on this machine.
 */
const WHOLE: FabricSize = {
  networks: 300,
  hubs: 10,
  hubRoutes: 5000,
  groups: 2000,
  rules: 40,
  machines: 1000,
  isScattered: false,
}

/** Which of the sources are whose: every one of `of`, beginning with the first, the second and so on. */
interface Share {
  readonly size: FabricSize
  readonly one: number
  readonly of: number
}

interface Measured {
  readonly read: number
  readonly walked: number
  readonly parts: number
  readonly megabytes: number
  readonly sizes: readonly [networks: number, subnets: number, tables: number, machines: number]
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const partitions = (fabric: Fabric, { one, of }: Share): number => {
  const table = trafficTable()
  const ways = [fabricWaysIn(fabric, 4, table), fabricWaysIn(fabric, 6, table)] as const
  const isOwn = (_: unknown, i: number): boolean => i % of === one
  // Subnets of one network stand together, so that they share what they have in common.
  const networks = new Set(fabric.networks.filter(isOwn).map(({ id }) => id))
  const networkOf = new Map(fabric.subnets.map(({ id, network }) => [id, network]))
  let parts = 0
  for (const subnet of fabric.subnets)
    if (networks.has(subnet.network)) for (const { from } of ways) parts += from({ kind: 'subnet', of: subnet }).length
  for (const machine of fabric.interfaces)
    if (networks.has(networkOf.get(machine.subnet) ?? ''))
      for (const { from } of ways) parts += from({ kind: 'interface', of: machine }).length
  return parts
}

const measured = (share: Share): Measured => {
  const start = performance.now()
  const { fabric } = awsFabric(fabricDocuments(share.size))
  const read = performance.now() - start
  const parts = partitions(fabric, share)
  const walked = performance.now() - start - read
  const { networks, subnets, tables, interfaces } = fabric
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return {
    read,
    walked,
    parts,
    megabytes: (heapUsed + arrayBuffers) / 1e6,
    sizes: [networks.length, subnets.length, tables.length, interfaces.length],
  }
}

const inThread = (share: Share): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share, resourceLimits: LIMITS })
    worker.once('message', resolve)
    worker.once('error', reject)
  })

/** Half of the bound for each of two. */
const LIMITS = { maxOldGenerationSizeMb: 404, maxYoungGenerationSizeMb: 96 }

const tell = async (name: string, size: FabricSize): Promise<number> => {
  const threads = Math.min(2, availableParallelism())
  const all = await Promise.all(Array.from({ length: threads }, (_, one) => inThread({ size, one, of: threads })))
  const [networks, subnets, tables, machines] = (all[0] as Measured).sizes
  const walked = Math.max(...all.map(one => one.walked))
  const parts = all.reduce((sum, one) => sum + one.parts, 0)
  const megabytes = all.reduce((sum, one) => sum + one.megabytes, 0)
  print(
    `${name}: ${networks} networks, ${subnets} subnets, ${tables} tables, ${machines} machines, ${threads} threads: read in ${(Math.max(...all.map(one => one.read)) / 1000).toFixed(1)} s, ${parts} parts in ${(walked / 1000).toFixed(1)} s (bound 5), ${megabytes.toFixed(0)} MB (bound 1,000)`,
  )
  return walked
}

if (isMainThread) {
  const share = Number(process.argv[2] ?? 1)
  const of = (n: number): number => Math.max(1, Math.round(n * share))
  const size = { ...WHOLE, networks: of(300), hubs: of(10), hubRoutes: of(5000), groups: of(2000), machines: of(1000) }
  const half = await tell('half', {
    ...size,
    networks: of(150),
    hubs: of(5),
    groups: of(1000),
    machines: of(500),
  })
  const whole = await tell('whole', size)
  print(`twice the network: ${(whole / half).toFixed(2)} × (about 2 is linear)`)
  await tell('whole, with the routes of hubs scattered', { ...size, isScattered: true })
} else parentPort?.postMessage(measured(workerData as Share))
