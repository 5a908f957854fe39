import type { Estate } from '../model/cluster.ts'
import type { DocumentPath, Origin } from '../model/provenance.ts'
import type { ByteSource } from '../sources/files/bytes.ts'
import { discover, type SourceArgument } from '../sources/files/discover.ts'
import { lineOf } from '../sources/files/locate.ts'
import { openFile, readFile } from '../sources/files/read.ts'
import { createEstateBuilder, type EstateBuilder } from '../sources/kubernetes/estate.ts'
import { sameDocument } from '../sources/kubernetes/same-document.ts'

/** An estate, and the way back from its objects to the lines of its files. */
export interface LoadedEstate {
  readonly estate: Estate
  readonly lineOf: (origin: Origin, path: DocumentPath) => number | null
}

/** Reads every SOURCE and puts the estate together. Bad input is in `estate.diagnostics`. */
export const loadEstate = (sources: readonly SourceArgument[]): LoadedEstate => {
  const opened: ByteSource[] = []
  const bytesOf = (source: number): ByteSource | null => opened[source] ?? null
  const builder = createEstateBuilder((one, other) => sameDocument(one, other, bytesOf))
  const { files, diagnostics } = discover(sources, () => null)
  for (const diagnostic of diagnostics) builder.report(diagnostic)
  for (const file of files) {
    const { bytes, diagnostic } = openFile(file)
    if (diagnostic) builder.report(diagnostic)
    if (bytes === null) continue
    const source = opened.push(bytes) - 1
    for (const event of readFile(file, source, bytes)) receive(builder, event)
  }
  return { estate: builder.finish(), lineOf: (origin, path) => lineOf(origin, path, bytesOf) }
}

const receive = (builder: EstateBuilder, event: ReturnType<typeof readFile> extends Iterable<infer E> ? E : never): void => {
  switch (event.kind) {
    case 'document':
      return builder.add(event)
    case 'diagnostic':
      return builder.report(event.diagnostic)
    case 'unrecognised':
      return builder.note({ state: 'unrecognised', object: null, file: event.file, line: event.line, why: event.why })
    case 'text':
      return builder.note({ state: 'unrecognised', object: null, file: event.file.shown, line: null, why: 'no format that is known' })
  }
}

