import { CATALOGUE, describe } from '../findings/catalogue.ts'
import type { FindOptions } from '../findings/find-options.ts'
import { findIn, summarise, type Undeclared } from '../findings/run.ts'
import { inventoryFrom } from '../inventory/inventory.ts'
import type { Estate } from '../model/cluster.ts'
import type { FindingsResult, RuleDescription } from '../model/finding.ts'
import type { Inventory } from '../model/inventory.ts'
import { parseLabelSelector } from './label-selector.ts'
import type { LoadedEstate } from './load.ts'

/** Every check as text, for outputs that carry their rules. */
export const RULES: readonly RuleDescription[] = CATALOGUE.map(describe)

/** Findings and the inventory they were found in. */
export const scan = (
  { estate, lineOf }: LoadedEstate,
  options: Omit<FindOptions, 'lineOf'>,
): { readonly findings: FindingsResult; readonly inventory: Inventory; readonly undeclared: Undeclared | null } => {
  const { result, inventories, undeclared } = findIn(estate, { ...options, lineOf })
  return { findings: result, inventory: inventoryFrom(estate, inventories), undeclared }
}

/** Only what a person asked to see: naming a namespace leaves out what stands in none, but for the namespace itself. */
export const selectFindings = (
  result: FindingsResult,
  estate: Estate,
  wanted: { readonly namespaces: readonly string[]; readonly labels: string | null },
): FindingsResult => {
  if (wanted.namespaces.length === 0 && wanted.labels === null) return result
  const labels = wanted.labels === null ? null : parseLabelSelector(wanted.labels)
  const carries = labels === null ? null : idsWith(estate, labels)
  const findings = result.findings.filter(finding => {
    const namespace = finding.object.split('/')[1] ?? '-'
    const kindAndName = finding.object.split('/').slice(2)
    const inNamespace =
      wanted.namespaces.length === 0 ||
      wanted.namespaces.includes(namespace) ||
      (kindAndName[0] === 'Namespace' && wanted.namespaces.includes(kindAndName[1] ?? ''))
    return inNamespace && (carries === null || carries.has(finding.object))
  })
  return { ...result, findings, summary: summarise(findings, estate.clusters) }
}

const idsWith = (estate: Estate, matches: (labels: ReadonlyMap<string, string>) => boolean): ReadonlySet<string> => {
  const ids = new Set<string>()
  for (const cluster of estate.clusters) {
    for (const workload of cluster.workloads)
      if (matches(workload.labels) || matches(workload.shape.labels)) ids.add(idOfRef(workload.ref))
    for (const object of [
      ...cluster.pods,
      ...cluster.services,
      ...cluster.ingresses,
      ...cluster.policies,
      ...cluster.bindings,
      ...cluster.configMaps.values(),
      ...cluster.namespaces.values(),
      ...cluster.nodes,
    ]) {
      if (matches(object.labels)) ids.add(idOfRef(object.ref))
    }
  }
  return ids
}

const idOfRef = (ref: Estate['clusters'][number]['workloads'][number]['ref']): string =>
  `${ref.cluster}/${ref.namespace ?? '-'}/${ref.kind}/${ref.name}`
