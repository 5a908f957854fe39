import type { LoadedEstate } from '../../src/app/load.ts'
import { type ByteSource, inMemory } from '../../src/sources/files/bytes.ts'
import { locator } from '../../src/sources/files/locate.ts'
import { readFile } from '../../src/sources/files/read.ts'
import { createEstateBuilder } from '../../src/sources/kubernetes/estate.ts'
import { sameDocument } from '../../src/sources/kubernetes/same-document.ts'

/** Documents of several clusters as the program reads them, from memory: names of clusters and their YAML. */
export const loadedClusters = (clusters: Readonly<Record<string, string>>): LoadedEstate => {
  const sources: ByteSource[] = []
  const bytesOf = (source: number): ByteSource | null => sources[source] ?? null
  const builder = createEstateBuilder((one, other) => sameDocument(one, other, bytesOf))
  for (const [cluster, yaml] of Object.entries(clusters)) {
    const bytes = inMemory(Buffer.from(yaml))
    const source = sources.push(bytes) - 1
    for (const event of readFile({ path: `/${cluster}.yaml`, shown: `${cluster}.yaml`, cluster }, source, bytes)) {
      if (event.kind === 'document') builder.add(event)
      else if (event.kind === 'diagnostic') builder.report(event.diagnostic)
    }
  }
  return { estate: builder.finish(), lineOf: locator(bytesOf) }
}
