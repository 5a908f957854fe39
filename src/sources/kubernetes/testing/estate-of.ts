import type { Estate } from '../../../model/cluster.ts'
import { type ByteSource, inMemory } from '../../files/bytes.ts'
import { readFile } from '../../files/read.ts'
import { createEstateBuilder } from '../estate.ts'
import { sameDocument } from '../same-document.ts'

/** An estate from file names and contents, all of one cluster `c`. For tests only. */
export const estateOf = (files: Readonly<Record<string, string>>): Estate => readingOf(files).estate

interface Read {
  readonly estate: Estate
  readonly bytesOf: (source: number) => ByteSource | null
}

/** The same with the way back to the bytes. */
export const readingOf = (files: Readonly<Record<string, string>>): Read => readingOfClusters({ c: files })

/** The same of several clusters: their names, with files of their own. */
export const readingOfClusters = (clusters: Readonly<Record<string, Readonly<Record<string, string>>>>): Read => {
  const sources: ByteSource[] = []
  const bytesOf = (source: number): ByteSource | null => sources[source] ?? null
  const builder = createEstateBuilder((one, other) => sameDocument(one, other, bytesOf))
  for (const [cluster, files] of Object.entries(clusters)) {
    for (const [name, content] of Object.entries(files)) {
      const bytes = inMemory(Buffer.from(content))
      const source = sources.push(bytes) - 1
      for (const event of readFile({ path: `/${name}`, shown: name, cluster }, source, bytes)) {
        if (event.kind === 'document') builder.add(event)
        else if (event.kind === 'diagnostic') builder.report(event.diagnostic)
      }
    }
  }
  return { estate: builder.finish(), bytesOf }
}

/** The only cluster of an estate. */
export const clusterOf = (yaml: string): Estate['clusters'][number] => {
  const cluster = estateOf({ 'x.yaml': yaml }).clusters[0]
  if (cluster === undefined) throw new Error('no object was read')
  return cluster
}
