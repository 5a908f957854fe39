import type { LoadedEstate } from '../../src/app/load.ts'
import { locator } from '../../src/sources/files/locate.ts'
import { readingOfClusters } from '../../src/sources/kubernetes/testing/estate-of.ts'

/** Documents of several clusters as the program reads them, from memory: names of clusters and their YAML. */
export const loadedClusters = (clusters: Readonly<Record<string, string>>): LoadedEstate => {
  const files = Object.entries(clusters).map(([cluster, yaml]) => [cluster, { [`${cluster}.yaml`]: yaml }] as const)
  const { estate, bytesOf } = readingOfClusters(Object.fromEntries(files))
  return { estate, lineOf: locator(bytesOf) }
}
