import type { CoverageNote, Diagnostic, Gap, SupportState } from '../../model/coverage.ts'
import type { NodeFacts } from '../../model/node-facts.ts'
import { readConntrack } from './conntrack.ts'
import { readIpAddr } from './ip-addr.ts'
import { readIpRoute } from './ip-route.ts'
import { readIpRule } from './ip-rule.ts'
import { readIptablesSave } from './iptables-save.ts'
import { lowerNode, type Part } from './lower.ts'
import { readNftJson } from './nft-json.ts'
import { quoted, type Reading } from './reading.ts'
import { type NodeFactsFormat, recogniseNodeFacts } from './recognise.ts'
import { readSs } from './ss.ts'
import { type StreamSection, splitStream } from './stream.ts'
import { readSysctl } from './sysctl.ts'

/** One file, decompressed. `nodeHint` is the name of the node's own folder, where the files stand in one. */
export interface NodeFactsBlob {
  readonly name: string
  readonly bytes: Uint8Array
  readonly cluster: string | null
  readonly nodeHint: string | null
}

/** One output, for the count of what was understood. */
export interface NodeFactsSection {
  readonly file: string
  readonly line: number
  readonly node: string | null
  readonly format: NodeFactsFormat | null
  readonly items: number
  readonly state: SupportState
}

export interface NodeFactsReading extends Reading<readonly NodeFacts[]> {
  readonly gaps: readonly Gap[]
  readonly sections: readonly NodeFactsSection[]
}

/** More bytes of one output are not read; what is left out is said. A string of V8 ends at half a gigabyte. */
export const MAX_SECTION_BYTES = 256 * 1024 * 1024

/**
 * Node facts from files: one `NodeFacts` for every node that is named (by a stream's markers, else by `nodeHint`), and
 * one for every file that names none, since two of those may be of two nodes. Sorted by cluster, node and file; the
 * order in which the blobs come does not matter.
 */
export const readNodeFacts = (blobs: readonly NodeFactsBlob[]): NodeFactsReading => {
  const diagnostics: Diagnostic[] = []
  const notes: CoverageNote[] = []
  const gaps: Gap[] = []
  const sections: NodeFactsSection[] = []
  const nodes = new Map<string, { cluster: string | null; node: string | null; file: string; parts: Part[] }>()

  const add = (blob: NodeFactsBlob, node: string | null, parts: readonly Part[]): void => {
    const key = JSON.stringify(node === null ? [blob.cluster, null, blob.name] : [blob.cluster, node])
    const entry = nodes.get(key) ?? { cluster: blob.cluster, node, file: blob.name, parts: [] }
    nodes.set(key, entry)
    entry.parts.push(...parts)
  }
  const take = (blob: NodeFactsBlob, node: string | null, output: Output, failed = false): void => {
    const { part, reading, state } = readOutput(output, blob.name)
    diagnostics.push(...reading.diagnostics)
    notes.push(...reading.notes)
    const items = part?.value.length ?? 0
    sections.push({ file: blob.name, line: output.firstLine, node, format: output.format, items, state })
    // A tool that failed and printed nothing says nothing: its kind of fact stays missing.
    if (part !== null && (items > 0 || !failed)) add(blob, node, [part])
  }

  for (const blob of [...blobs].sort(byName)) {
    const format = recogniseNodeFacts(blob.bytes)
    if (format !== 'stream') {
      if (format === null)
        notes.push(
          note(
            'unrecognised',
            blob.name,
            null,
            'no node fact: expected output of ss, sysctl, nft, ip, iptables-save or conntrack',
          ),
        )
      take(blob, blob.nodeHint, { format, bytes: blob.bytes, family: null, firstLine: 1 })
      continue
    }
    const stream = splitStream(blob.bytes, blob.name)
    diagnostics.push(...stream.diagnostics)
    for (const section of stream.sections) {
      const node = section.node ?? blob.nodeHint
      add(blob, node, [])
      const gap = gapOf(section, blob, node)
      if (gap !== null) gaps.push(gap)
      const known = SECTIONS.get(section.name)
      if (known === undefined)
        notes.push(
          note(
            'unrecognised',
            blob.name,
            section.firstLine,
            `a section that this version does not know: ${quoted(section.name)}`,
          ),
        )
      else if (section.unavailable === null && (section.exit === 0 || section.body.length > 0))
        take(blob, node, { ...known, bytes: section.body, firstLine: section.firstLine }, section.exit !== 0)
    }
  }

  const value: NodeFacts[] = []
  for (const { cluster, node, file, parts } of [...nodes.values()].sort(byNode)) {
    if (parts.length === 0 && node === null) continue
    const lowered = lowerNode(cluster, node, parts, file)
    value.push(lowered.value)
    diagnostics.push(...lowered.diagnostics)
    notes.push(...lowered.notes)
  }
  return { value, diagnostics, notes, gaps, sections }
}

interface Output {
  readonly format: NodeFactsFormat | null
  readonly bytes: Uint8Array
  readonly family: 4 | 6 | null
  readonly firstLine: number
}

const SECTIONS: ReadonlyMap<string, { readonly format: NodeFactsFormat; readonly family: 4 | 6 | null }> = new Map([
  ['ss', { format: 'ss', family: null }],
  ['sysctl', { format: 'sysctl', family: null }],
  ['nft', { format: 'nft-json', family: null }],
  ['iptables-save', { format: 'iptables-save', family: 4 }],
  ['iptables-legacy-save', { format: 'iptables-save', family: 4 }],
  ['ip6tables-save', { format: 'iptables-save', family: 6 }],
  ['ip6tables-legacy-save', { format: 'iptables-save', family: 6 }],
  ['addr', { format: 'ip-addr', family: null }],
  ['route', { format: 'ip-route', family: 4 }],
  ['route6', { format: 'ip-route', family: 6 }],
  ['rule', { format: 'ip-rule', family: 4 }],
  ['rule6', { format: 'ip-rule', family: 6 }],
  ['conntrack', { format: 'conntrack', family: null }],
])
export const NODE_FACTS_SECTIONS: readonly string[] = [...SECTIONS.keys()]

const readOutput = (
  output: Output,
  file: string,
): { readonly part: Part | null; readonly reading: Reading<unknown>; readonly state: SupportState } => {
  const { text, diagnostics } = decode(output, file)
  const done = <T>(reading: Reading<T>, part: Part | null) => {
    const all = { ...reading, diagnostics: [...diagnostics, ...reading.diagnostics] }
    const partly = all.diagnostics.length > 0 || all.notes.some(({ state }) => state !== 'ignorable')
    return { part, reading: all, state: partly ? ('partly' as const) : ('understood' as const) }
  }
  const { family, firstLine } = output
  switch (output.format) {
    case 'ss': {
      const reading = readSs(text, file, firstLine)
      return done(reading, { kind: 'listeners', value: reading.value })
    }
    case 'sysctl': {
      const reading = readSysctl(text, file, firstLine)
      return done(reading, { kind: 'sysctls', value: reading.value })
    }
    case 'nft-json': {
      const reading = readNftJson(text, file, firstLine)
      return done(reading, { kind: 'chains', value: reading.value })
    }
    case 'iptables-save': {
      const reading = readIptablesSave(text, file, firstLine, family)
      return done(reading, { kind: 'chains', value: reading.value })
    }
    case 'ip-addr': {
      const reading = readIpAddr(text, file, firstLine)
      return done(reading, { kind: 'interfaces', value: reading.value })
    }
    case 'ip-route': {
      const reading = readIpRoute(text, file, firstLine, family)
      return done(reading, { kind: 'routes', value: reading.value, family })
    }
    case 'ip-rule': {
      const reading = readIpRule(text, file, firstLine, family)
      return done(reading, { kind: 'rules', value: reading.value, family })
    }
    case 'conntrack': {
      const reading = readConntrack(text, file, firstLine)
      return done(reading, { kind: 'connections', value: reading.value })
    }
    case 'nft-text':
    case 'ip-text': {
      const command = output.format === 'nft-text' ? 'nft -j list ruleset' : 'ip -j addr'
      const notes = [note('notImplemented', file, firstLine, `text output is not read: save \`${command}\` instead`)]
      return { part: null, reading: { value: null, diagnostics, notes }, state: 'notImplemented' }
    }
    default:
      return { part: null, reading: { value: null, diagnostics: [], notes: [] }, state: 'unrecognised' }
  }
}

const decode = (
  { bytes, firstLine }: Output,
  file: string,
): { readonly text: string; readonly diagnostics: readonly Diagnostic[] } => {
  const decoder = new TextDecoder()
  if (bytes.length <= MAX_SECTION_BYTES) return { text: decoder.decode(bytes), diagnostics: [] }
  const kept = bytes.subarray(0, Math.max(bytes.lastIndexOf(10, MAX_SECTION_BYTES - 1) + 1, 1))
  const left = bytes.length - kept.length
  const message = `the last ${left} bytes were not read (limit ${MAX_SECTION_BYTES} bytes an output): save a narrower output`
  return {
    text: decoder.decode(kept),
    diagnostics: [{ severity: 'error', file, line: firstLine, column: null, message }],
  }
}

const gapOf = (section: StreamSection, blob: NodeFactsBlob, node: string | null): Gap | null => {
  if (section.unavailable === null && section.exit === 0) return null
  const why =
    section.unavailable !== null
      ? `unavailable on the node: ${section.unavailable}`
      : section.exit === null
        ? 'the collection was interrupted in this section'
        : `the tool ended with exit code ${section.exit}`
  return {
    cluster: blob.cluster,
    resource: `node facts ${section.name} of ${node ?? blob.name}`,
    why,
    settledBy: `run deploy/node-facts on the node as root, with the tool of section \`${section.name}\` installed`,
  }
}

const note = (state: SupportState, file: string, line: number | null, why: string): CoverageNote => ({
  state,
  object: null,
  file,
  line,
  why,
})

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => compare(a.name, b.name)
const byNode = (
  a: { readonly cluster: string | null; readonly node: string | null; readonly file: string },
  b: { readonly cluster: string | null; readonly node: string | null; readonly file: string },
): number => compare(a.cluster ?? '', b.cluster ?? '') || compare(a.node ?? '', b.node ?? '') || compare(a.file, b.file)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
