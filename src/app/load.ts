import { basename, dirname } from 'node:path'
import { surroundingsIn } from '../inventory/surroundings.ts'
import type { Estate } from '../model/cluster.ts'
import type { SupportState } from '../model/coverage.ts'
import type { ByteSource } from '../sources/files/bytes.ts'
import type { SourceArgument as FileSource, FoundFile } from '../sources/files/discover.ts'
import { type Locate, locator } from '../sources/files/locate.ts'
import { openFile, type ReadEvent, readFile } from '../sources/files/read.ts'
import { createEstateBuilder, type EstateBuilder } from '../sources/kubernetes/estate.ts'
import { sameDocument } from '../sources/kubernetes/same-document.ts'
import type { Owners } from '../sources/kubernetes/workloads.ts'
import type { PlanTime } from '../sources/networks.ts'
import { type NodeFactsBlob, readNodeFacts } from '../sources/node/read.ts'
import { HEAD_BYTES, recogniseNodeFacts } from '../sources/node/recognise.ts'
import { type FoundFiles, findFiles } from './found-files.ts'

export type SourceArgument = FileSource

/** An estate, and the way back from its objects to the lines of its files. */
export interface LoadedEstate {
  readonly estate: Estate
  readonly lineOf: Locate
}

/** Reads every SOURCE and puts the estate together. Bad input is in `estate.diagnostics`. */
export const loadEstate = (
  sources: readonly SourceArgument[],
  owners: Owners = 'topmost',
  when: PlanTime = 'after',
  open: typeof openFile = openFile,
): LoadedEstate => {
  const reading = startReading(owners, when)
  readFound(findFiles(sources), reading, open)
  return reading.finish()
}

/** Opens each file once, however often it is read: a pipe gives its bytes a single time. */
export const openingOnce = (): typeof openFile => {
  const known = new Map<string, ReturnType<typeof openFile>>()
  return file => {
    const opened = known.get(file.path) ?? openFile(file)
    known.set(file.path, opened)
    return opened
  }
}

/** The same of files that were found before. */
export const loadFound = (found: FoundFiles): LoadedEstate => {
  const reading = startReading()
  readFound(found, reading)
  return reading.finish()
}

/** One estate in the making, with the bytes that its positions point into. */
export interface Reading {
  readonly builder: EstateBuilder
  /** Registers bytes; the number is what `origin.source` carries. */
  readonly register: (bytes: ByteSource) => number
  readonly finish: () => LoadedEstate
}

export const startReading = (owners: Owners = 'topmost', when: PlanTime = 'after'): Reading => {
  const { register, bytesOf } = openedFiles()
  const builder = createEstateBuilder((one, other) => sameDocument(one, other, bytesOf), owners, when)
  return {
    builder,
    register,
    finish: () => ({ estate: inPlace(builder.finish()), lineOf: locator(bytesOf) }),
  }
}

/** Clusters among the networks that their nodes stand in. */
export const inPlace = (estate: Estate): Estate => {
  if (estate.fabric.interfaces.length === 0) return estate
  const aroundOf = surroundingsIn(estate.fabric)
  return { ...estate, clusters: estate.clusters.map(cluster => ({ ...cluster, around: aroundOf(cluster) })) }
}

/** By itself, so that whoever asks for lines later holds on to files alone, and not to all that was read. */
const openedFiles = () => {
  const opened: ByteSource[] = []
  return {
    register: (bytes: ByteSource): number => opened.push(bytes) - 1,
    bytesOf: (source: number): ByteSource | null => opened[source] ?? null,
  }
}

export const readSources = (sources: readonly SourceArgument[], reading: Reading): void => {
  readFound(findFiles(sources), reading)
}

const readFound = (found: FoundFiles, { builder, register }: Reading, open: typeof openFile = openFile): void => {
  const { files, diagnostics, gaps, versions } = found
  for (const gap of gaps) builder.gap(gap)
  for (const { cluster, version } of versions) builder.serverVersion(cluster, version)
  for (const diagnostic of diagnostics) builder.report(diagnostic)
  const facts: NodeFactsBlob[] = []
  for (const file of files) {
    const { bytes, diagnostic } = open(file)
    if (diagnostic) builder.report(diagnostic)
    if (bytes === null) continue
    try {
      const fact = asNodeFacts(file, bytes)
      if (fact === null) for (const event of readFile(file, register(bytes), bytes)) receive(builder, event)
      else facts.push(fact)
    } catch (error) {
      // A file may go away, or a disk fail, at any read.
      const { code, syscall } = error as NodeJS.ErrnoException
      if (syscall === undefined) throw error
      const message = `cannot be read to its end: ${code}`
      builder.report({ severity: 'error', file: file.shown, line: null, column: null, message })
    }
  }
  receiveNodeFacts(builder, facts)
}

const receive = (builder: EstateBuilder, event: ReadEvent): void => {
  switch (event.kind) {
    case 'document':
      builder.add(event)
      return
    case 'diagnostic':
      builder.report(event.diagnostic)
      return
    case 'unrecognised':
      builder.note({ state: 'unrecognised', object: null, file: event.file, line: event.line, why: event.why })
      return
    case 'text':
      builder.note({
        state: 'unrecognised',
        object: null,
        file: event.file.shown,
        line: null,
        why: 'no format that is known',
      })
      return
  }
}

/** Enough of a file to tell node facts from everything else, and one byte more, so that a whole file can be told from a head. */
const HEAD = HEAD_BYTES + 1

const asNodeFacts = (file: FoundFile, bytes: ByteSource): NodeFactsBlob | null => {
  if (bytes.size === 0 || recogniseNodeFacts(bytes.range(0, Math.min(HEAD, bytes.size))) === null) return null
  const folder = basename(dirname(file.shown))
  return {
    name: file.shown,
    bytes: bytes.range(0, bytes.size),
    cluster: file.cluster,
    nodeHint: folder === '' || folder === '.' ? null : folder,
  }
}

const receiveNodeFacts = (builder: EstateBuilder, blobs: readonly NodeFactsBlob[]): void => {
  if (blobs.length === 0) return
  const reading = readNodeFacts(blobs)
  for (const diagnostic of reading.diagnostics) builder.report(diagnostic)
  for (const gap of reading.gaps) builder.gap(gap)
  const noted = new Set<string>()
  for (const note of reading.notes) {
    builder.note(note)
    noted.add(`${note.file}:${note.line}`)
  }
  for (const section of reading.sections) {
    if (noted.has(`${section.file}:${section.line}`)) continue
    builder.count(section.state as SupportState)
  }
  for (const facts of reading.value) if (facts.cluster !== null) builder.nodeFacts(facts.cluster, facts)
}
