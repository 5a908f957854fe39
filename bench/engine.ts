import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClusterEngine, engineOf } from '../src/engine/cluster-engine.ts'
import { cooperativeRegions } from '../src/engine/cooperative.ts'
import { meshViewsOf } from '../src/inventory/mesh-view.ts'
import type { Cluster } from '../src/model/cluster.ts'
import { profileNamed } from '../src/profiles/profiles.ts'
import { calicoDocuments, istioDocuments } from './dialect-estate.ts'
import { block, clusterOf, documentsOf, type Size } from './engine-estate.ts'
import { writeFleet } from './fleet.ts'

/**
 * The engine alone, and a fleet end to end: sizes, times, memory and ratios of this run on this machine. Nothing here fails
 * on a time: the bounds stand beside the figures.
 */
const profile = profileNamed('calico-iptables')
if (profile === null) throw new Error('no such profile')

const timed = <T>(work: () => T): { readonly value: T; readonly milliseconds: number } => {
  const start = performance.now()
  const value = work()
  return { value, milliseconds: performance.now() - start }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const engineFor = (cluster: Cluster): ClusterEngine => engineOf(cluster, { profile, hostNetworkIsOrdinary: false })

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const allRows = (
  cluster: Cluster,
): { readonly milliseconds: number; readonly megabytes: number; readonly pairs: number } => {
  const used = (): number => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  globalThis.gc?.()
  const before = used()
  const { value, milliseconds } = timed(() => {
    const engine = engineFor(cluster)
    return { engine, rows: engine.population.subjects.map(engine.rowOf) }
  })
  globalThis.gc?.()
  const megabytes = (used() - before) / 1e6
  return { milliseconds, megabytes, pairs: value.rows.length * value.engine.population.identities.length }
}

/** The median of three runs, and what the last of them holds. */
const threeTimes = (cluster: Cluster): ReturnType<typeof allRows> => {
  const runs = [0, 1, 2].map(() => allRows(cluster))
  const { pairs, megabytes } = runs[2] as (typeof runs)[number]
  return { milliseconds: median(runs.map(run => run.milliseconds)), megabytes, pairs }
}

const oneCluster = (): void => {
  const { pairs, milliseconds, megabytes } = threeTimes(
    clusterOf(documentsOf({ workloads: 3200, policies: 1000, pods: 1 })),
  )
  print(
    `3,200 different workloads, 1,000 policies: ${pairs} pairs as rows in ${milliseconds.toFixed(0)} ms (bound 600), ${megabytes.toFixed(0)} MB (bound 300)`,
  )
}

/** The same cluster with policies in tiers, and with a mesh on top: what a row says of it is part of `reach`. */
const otherDialects = (): void => {
  const size = { workloads: 3200, policies: 1000, pods: 1 }
  const cluster = clusterOf([...documentsOf(size), ...calicoDocuments(500, 8)])
  const { milliseconds, megabytes } = threeTimes(cluster)
  print(
    `the same with 500 Calico policies in 8 tiers: ${milliseconds.toFixed(0)} ms (bound 600), ${megabytes.toFixed(0)} MB (bound 300)`,
  )
  const withoutNamespaces = documentsOf(size).filter(one => !('kind' in one) || one.kind !== 'Namespace')
  const meshed = clusterOf([...withoutNamespaces, ...calicoDocuments(500, 8), ...istioDocuments(300, 40)])
  const { spaces, table, population } = engineFor(meshed)
  const views = timed(() => {
    const viewOf = meshViewsOf(meshed)
    const held = new Map(
      population.subjects.flatMap(subject => {
        const view = viewOf(subject)
        return view === null ? [] : [[view.key, view] as const]
      }),
    )
    return [...held.values()].map(view => cooperativeRegions(spaces, table, view))
  })
  print(
    `and 300 Istio objects: what the mesh makes of 3,200 workloads in ${views.milliseconds.toFixed(0)} ms, ${views.value.length} different views`,
  )
}

const signatures = (): void => {
  const cluster = clusterOf(documentsOf({ workloads: 20_000, policies: 10_000, pods: 1 }))
  const { value: engine, milliseconds } = timed(() => engineFor(cluster))
  const { subjects } = engine.population
  const rows = Array.from({ length: 40 }, (_, n) =>
    timed(() => engine.rowOf(subjects[n * 499] as (typeof subjects)[number])),
  )
  print(
    `20,000 workloads, 10,000 policies: signatures in ${milliseconds.toFixed(0)} ms (bound 5,000), a row in ${median(rows.map(row => row.milliseconds)).toFixed(1)} ms (bound 10), the first in ${(rows[0]?.milliseconds ?? 0).toFixed(1)} ms`,
  )
}

/** Pods that add no signature cost nothing once they are grouped. */
const morePods = (): void => {
  const size = { workloads: 1000, policies: 500 }
  const rowsOf = (of: Size): number => {
    const engine = engineFor(clusterOf(documentsOf(of)))
    // What reading twice the pods leaves behind is no part of the rows.
    globalThis.gc?.()
    return timed(() => engine.population.subjects.map(engine.rowOf)).milliseconds
  }
  const ratios = Array.from({ length: 7 }, () => rowsOf({ ...size, pods: 10 }) / rowsOf({ ...size, pods: 5 }))
  print(`twice the pods of 1,000 workloads: rows take ${median(ratios).toFixed(2)} × (bound 1.10)`)
}

/** Every row in one text, whatever ids the engine gave to traffic. */
const bytesOf = ({ population, rowOf, table }: ClusterEngine): string => {
  const hash = createHash('sha256')
  for (const subject of population.subjects) {
    const { must, lenient, may, written } = rowOf(subject).pods
    for (const relation of [must, lenient, may, written])
      for (const part of [...relation]
        .map(([id, members]) => `${table.trafficOf(id).bounds.join(',')}:${members.join(',')}`)
        .sort())
        hash.update(part)
  }
  return hash.digest('hex')
}

/** A policy that selects one of 3,200 workloads says something else. */
const changedPolicy = (): void => {
  const cluster = clusterOf(documentsOf({ workloads: 3200, policies: 1000, pods: 1 }))
  const options = { profile, hostNetworkIsOrdinary: false, keepsRows: true }
  const withRows = (of: Cluster, before?: ClusterEngine): ClusterEngine => {
    const engine = engineOf(of, options, before ?? null)
    for (const subject of engine.population.subjects) engine.rowOf(subject)
    return engine
  }
  const before = withRows(cluster)
  const places = [5, 86, 167, 245, 326, 407, 485]
  const runs = [...places, ...places, ...places].map(place => {
    const [one, other] = [cluster.rulePolicies[place], cluster.rulePolicies[place + 4]]
    if (one === undefined || other === undefined) throw new Error('no such policy')
    const { egress, ingress } = other
    const next = { ...cluster, rulePolicies: cluster.rulePolicies.with(place, { ...one, egress, ingress }) }
    const again = timed(() => withRows(next, before))
    const full = timed(() => withRows(next))
    return {
      part: again.milliseconds / full.milliseconds,
      isSame: bytesOf(again.value) === bytesOf(full.value),
      isOther: bytesOf(again.value) !== bytesOf(before),
    }
  })
  if (!runs.some(run => run.isOther)) throw new Error('changes that change nothing')
  print(
    `one changed policy of 1,000, all rows held: ${(100 * median(runs.map(run => run.part))).toFixed(1)} % of a full run (bound 5 %), ${runs.every(run => run.isSame) ? 'the same bytes' : 'OTHER BYTES'}`,
  )
}

const wideBlocks = (): void => {
  const count = 50_000
  const texts = Array.from({ length: count }, (_, n) => block(n))
  const numbers = Float64Array.from(texts, text => {
    const [a = 0, b = 0, c = 0, d = 0] = (text.split('/')[0] ?? '').split('.').map(Number)
    return a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
  })
  const both = Float64Array.from([...numbers, ...numbers.map(number => number + 2)])
  const sorts = [0, 1, 2].map(() => timed(() => Float64Array.from(both).sort()).milliseconds)
  const cluster = clusterOf(documentsOf({ workloads: 1000, policies: 0, widePolicies: 10, blocks: count }))
  const one = clusterOf(documentsOf({ workloads: 1, policies: 0, widePolicies: 1, blocks: count }))
  const rowsOf = (of: Cluster): number => {
    const engine = engineFor(of)
    return timed(() => engine.population.subjects.map(engine.rowOf)).milliseconds
  }
  const single = median([0, 1, 2].map(() => rowsOf(one)))
  const ten = rowsOf(cluster)
  print(
    `a policy of 50,000 blocks: swept in ${single.toFixed(0)} ms, ${(single / median(sorts)).toFixed(1)} × a sort of its bounds (bound 10); ten of them over 1,000 workloads ${ten.toFixed(0)} ms, ${(ten / single).toFixed(1)} × one`,
  )
}

interface FleetRun {
  readonly milliseconds: number
  readonly megabytes: number
  readonly bytes: number
}

const fleet = (plugin: boolean, dialects: boolean): void => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-fleet-'))
  try {
    const run = (clusters: number): FleetRun => {
      const root = join(directory, String(clusters))
      const bytes = writeFleet(root, { clusters, workloads: 200, podsEach: 5, policies: 100, plugin, dialects })
      const out = execFileSync(
        process.execPath,
        [join(import.meta.dirname, 'fleet-child.ts'), root, join(directory, 'out.json')],
        { encoding: 'utf8' },
      )
      rmSync(root, { recursive: true })
      return { ...(JSON.parse(out) as { milliseconds: number; megabytes: number }), bytes }
    }
    const half = run(50)
    const whole = run(100)
    print(
      `100 clusters, 100,000 pods, ${(whole.bytes / 1e6).toFixed(0)} MB, ${dialects ? 'with Calico’s and Istio’s objects' : plugin ? 'with a network plugin' : 'by the specification alone'}: reach --by class -o json in ${(whole.milliseconds / 1000).toFixed(1)} s (bound 20), ${whole.megabytes} MB (bound 2,000); ${(whole.milliseconds / half.milliseconds).toFixed(2)} × half as many clusters (bound 2.2)`,
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

oneCluster()
otherDialects()
signatures()
morePods()
changedPolicy()
wideBlocks()
fleet(true, false)
fleet(false, false)
fleet(true, true)
