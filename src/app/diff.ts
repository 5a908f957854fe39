import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { compareInventories } from '../inventory/compare.ts'
import { inventoryOf } from '../inventory/inventory.ts'
import type { DiffResult } from '../model/diff.ts'
import { loadEstate, type SourceArgument } from './load.ts'

/** Compares two SOURCEs. Nothing of this depends on the clock. */
export const diff = (before: string, after: string): DiffResult => {
  const left = inventoryOf(loadEstate([asOneCluster(before, after)]).estate)
  const right = inventoryOf(loadEstate([asOneCluster(after, after)]).estate)
  return {
    schema: 'postern.dev/diff/v1',
    before,
    after,
    gained: [],
    lost: [],
    exitChanged: [],
    inventory: compareInventories(left, right),
    unknowns: [
      {
        stage: 'reach',
        why: 'what became reachable is not computed by this version',
        settledBy: 'a version with the verb `reach`',
      },
    ],
    coverage: { before: left.coverage, after: right.coverage },
    diagnostics: [...left.diagnostics, ...right.diagnostics],
  }
}

/** Two folders of one cluster's manifests have two names and are still one cluster; a fleet names its own. */
const asOneCluster = (path: string, named: string): SourceArgument => {
  const root = resolve(path)
  const namesItsOwn = existsSync(join(root, 'clusters')) || existsSync(join(root, 'postern-snapshot.json'))
  return { path, cluster: namesItsOwn ? null : basename(resolve(named)) }
}
