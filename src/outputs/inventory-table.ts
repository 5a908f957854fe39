import type { ClusterInventory, Inventory } from '../model/inventory.ts'
import { clusterWords } from './cluster-words.ts'
import { count } from './count.ts'
import { coverageLines } from './coverage-table.ts'
import { grid } from './grid.ts'
import { type Section, sectionsOf } from './inventory-sections.ts'
import { block, INDENT, moreLine, type Pen, penFor, rule, type TableOptions } from './pen.ts'
import { terminalSafe } from './text-safety.ts'
import { hanging } from './wrap.ts'

export interface InventoryTableOptions extends TableOptions {
  /** Every column (`-o wide`). */
  readonly wide: boolean
}

const ROWS_SHOWN = 12

/** The fleet in one sentence, then a chapter a cluster, then coverage. */
export function* renderInventoryTable(inventory: Inventory, options: InventoryTableOptions): Iterable<string> {
  const pen = penFor(options)
  yield* block(fleetLines(inventory, pen))
  for (const cluster of inventory.clusters) yield* clusterBlocks(cluster, options.wide, pen)
  yield* block(coverageLines(inventory.coverage, inventory.diagnostics, pen))
}

const fleetLines = ({ fleet }: Inventory, pen: Pen): readonly string[] => {
  if (fleet.clusters === 0) return ['no clusters: nothing that was read describes one']
  const parts = [
    count(fleet.nodes, 'node'),
    count(fleet.workloads, 'workload'),
    count(fleet.pods, 'pod'),
    count(fleet.nodeSurfaceServices, 'node-surface service'),
    count(fleet.publicLoadBalancers, 'public load balancer'),
    `${fleet.hostPrivileged} host-privileged`,
    `${count(fleet.namespacesWithoutDefaultDeny, 'namespace')} without default-deny egress`,
  ]
  return hanging('FLEET  ', `${count(fleet.clusters, 'cluster')}: ${parts.join(', ')}`, pen.width).map((line, i) =>
    i === 0 ? line.replace('FLEET', pen.paint.bold('FLEET')) : line,
  )
}

function* clusterBlocks(cluster: ClusterInventory, wide: boolean, pen: Pen): Iterable<string> {
  const { counts } = cluster
  const sections = sectionsOf(cluster)
  const unseen = sections.filter(section => section.rows.length === 0).map(section => section.title)
  yield* block([
    ...rule(terminalSafe(cluster.cluster), '', pen, pen.paint.bold),
    ...hanging(INDENT, terminalSafe(clusterWords(cluster)), pen.width),
    ...hanging(
      INDENT,
      [
        count(counts.namespaces, 'namespace'),
        count(counts.nodes, 'node'),
        count(counts.workloads, 'workload'),
        count(counts.pods, 'pod'),
        count(counts.services, 'service'),
        count(counts.policies, 'policy', 'policies'),
      ].join(', '),
      pen.width,
    ),
  ])
  for (const section of sections) yield* block(sectionLines(section, wide, pen))
  if (unseen.length > 0) yield* block(hanging(`${INDENT}not seen: `, unseen.join(', '), pen.width).map(pen.paint.dim))
}

const sectionLines = (section: Section, wide: boolean, pen: Pen): readonly string[] => {
  if (section.rows.length === 0) return []
  const kept = section.columns.map((column, i) => ({ column, i })).filter(({ column }) => wide || column.wide !== true)
  const rows = pen.all || wide ? section.rows : section.rows.slice(0, ROWS_SHOWN)
  return [
    `${INDENT}${pen.paint.bold(section.title.toUpperCase())} ${section.rows.length}`,
    ...grid(
      kept.map(({ column }) => column),
      rows.map(row => kept.map(({ i }) => terminalSafe(row[i] ?? ''))),
      pen.width - INDENT.length,
      pen.paint.dim,
    ).map(line => INDENT + line),
    ...moreLine(section.rows.length - rows.length, pen),
  ]
}
