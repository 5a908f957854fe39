import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { compareInventories } from '../inventory/compare.ts'
import { inventoryOf } from '../inventory/inventory.ts'
import type { DiffResult, RegionChange } from '../model/diff.ts'
import type { Unknown } from '../model/reach.ts'
import { compareReach } from './compare-reach.ts'
import { type LoadedEstate, loadEstate, type SourceArgument } from './load.ts'
import type { PossibleOptions } from './possible.ts'

/** A SOURCE as given, and what was read from it. */
export interface NamedEstate {
  readonly source: string
  readonly loaded: LoadedEstate
}

/** Compares two SOURCEs. Nothing of this depends on the clock. */
export const diff = (before: string, after: string, options: PossibleOptions): DiffResult =>
  diffOf(estateAt(before, after), estateAt(after, after), options)

/** The estate of a folder, as the cluster that another folder names; `beside`: sources that belong to no cluster. */
export const estateAt = (
  path: string,
  named: string,
  beside: readonly string[] = [],
  source: string = path,
): NamedEstate => ({
  source,
  loaded: loadEstate([asOneCluster(path, named), ...beside.map(one => ({ path: one, cluster: null }))]),
})

export const diffOf = (before: NamedEstate, after: NamedEstate, options: PossibleOptions): DiffResult => {
  const [left, right] = [inventoryOf(before.loaded.estate), inventoryOf(after.loaded.estate)]
  const { gained, lost, exitChanged } = compareReach(before.loaded, after.loaded, options)
  return {
    schema: 'postern.dev/diff/v1',
    before: before.source,
    after: after.source,
    gained,
    lost,
    exitChanged,
    inventory: compareInventories(left, right),
    unknowns: [...gained, ...lost, ...exitChanged].some(leaves) ? [NO_FABRIC] : [],
    coverage: { before: left.coverage, after: right.coverage },
    diagnostics: [...left.diagnostics, ...right.diagnostics],
  }
}

/** Whether a region is outside the cluster. */
export const leaves = ({ to }: Pick<RegionChange, 'to'>): boolean => to.kind === 'addresses' || to.kind === 'names'

const NO_FABRIC: Unknown = {
  stage: 'fabric',
  why: 'not assessed: no document of the network under the clusters was read, so by which way these regions leave from the node on, and whether that changed, is not known',
  settledBy: 'saved output of the cloud’s own command line, or a Terraform plan or state',
}

/** Two folders of one cluster's manifests have two names and are still one cluster; a fleet names its own. */
const asOneCluster = (path: string, named: string): SourceArgument => {
  const root = resolve(path)
  const namesItsOwn = existsSync(join(root, 'clusters')) || existsSync(join(root, 'postern-snapshot.json'))
  return { path, cluster: namesItsOwn ? null : basename(resolve(named)) }
}
