import {
  boolYaml11Tag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  load,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  Schema,
  YAMLException,
} from 'js-yaml'
import type { Json } from '../../model/json.ts'

/**
 * Kubernetes reads YAML 1.1 through sigs.k8s.io/yaml: `yes`, `on` and `y` are booleans, `017` is fifteen, and, unlike
 * YAML 1.1 proper, `22:22` stays text and so does a timestamp. Source: sigs.k8s.io/yaml/goyaml.v2, resolve.go.
 */
const integerTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...'0123456789'],
  resolve: source => {
    const match = INTEGER.exec(source)
    if (!match) return NOT_RESOLVED
    const digits = (match[2] ?? '').replaceAll('_', '')
    const magnitude = digits.length > 1 && /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
    return Number.isFinite(magnitude) ? (match[1] === '-' ? -magnitude : magnitude) : NOT_RESOLVED
  },
  identify: () => false,
})

const INTEGER = /^([-+]?)(0x[0-9a-fA-F_]+|0b[01_]+|0o[0-7_]+|0[0-7_]*|[1-9][0-9_]*)$/

/** `!!binary` is base64, and its bytes are text to whoever reads a manifest. */
const binaryTag = defineScalarTag('tag:yaml.org,2002:binary', {
  resolve: source => Buffer.from(source, 'base64').toString('utf8'),
  identify: () => false,
})

const KUBERNETES_SCHEMA = new Schema([
  ...FAILSAFE_SCHEMA.tags,
  binaryTag,
  nullYaml11Tag,
  boolYaml11Tag,
  integerTag,
  floatCoreTag,
  mergeTag,
])

/** Deeper than any real manifest; the parser's own recursion ends well before the stack does. */
export const MAX_YAML_DEPTH = 200
export const MAX_YAML_ALIASES = 1_000
/** Nodes after every alias is followed; a real manifest of 20 MB has about two million. */
export const MAX_EXPANDED_NODES = 5_000_000
/** Characters of text after every alias is followed, and levels: an alias may stand inside what another one names. */
export const MAX_EXPANDED_TEXT = 128 * 1024 * 1024
export const MAX_EXPANDED_DEPTH = 1_000

export interface YamlSlice {
  /** Byte range of the document's text, without its `---` line. */
  readonly start: number
  readonly end: number
  /** 1-based line of `start`. */
  readonly line: number
}

const NEWLINE = 0x0a
const DASH = 0x2d
const DOT = 0x2e
/** Starts a directive (`%YAML 1.1`) where no document has begun. */
const PERCENT = 0x25

/** Cuts a YAML stream at its `---` and `...` lines. Slices that hold only white space or comments are left out. */
export function* cutYaml(bytes: Buffer): Generator<YamlSlice> {
  let start = 0
  let line = 1
  let startLine = 1
  let lineStart = 0
  let blank = true
  while (lineStart < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, lineStart)
    const lineEnd = newline < 0 ? bytes.length : newline
    if (isMarker(bytes, lineStart, lineEnd)) {
      if (!blank) yield { start, end: lineStart, line: startLine }
      // Content may stand on the marker's own line (`--- {a: 1}`).
      start = lineStart + 3
      startLine = line
      blank = isBlank(bytes, start, lineEnd)
    } else if (blank && bytes[lineStart] !== PERCENT && !isBlank(bytes, lineStart, lineEnd)) {
      blank = false
      start = lineStart
      startLine = line
    }
    lineStart = lineEnd + 1
    line++
  }
  if (!blank) yield { start, end: bytes.length, line: startLine }
}

const isMarker = (bytes: Buffer, from: number, to: number): boolean => {
  const first = bytes[from]
  if ((first !== DASH && first !== DOT) || to - from < 3) return false
  if (bytes[from + 1] !== first || bytes[from + 2] !== first) return false
  const next = bytes[from + 3]
  return to - from === 3 || next === 0x20 || next === 0x09 || next === 0x0d
}

const isBlank = (bytes: Buffer, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    if (byte === 0x23) return true
    if (byte > 0x20) return false
  }
  return true
}

export type YamlResult =
  | { readonly kind: 'value'; readonly value: Json }
  /** Line and column are 1-based and relative to the text given. */
  | { readonly kind: 'broken'; readonly why: string; readonly line: number; readonly column: number }

/** Parses one YAML document. Errors are values. */
export const parseYaml = (text: string): YamlResult => {
  try {
    const value = load(text, {
      schema: KUBERNETES_SCHEMA,
      maxDepth: MAX_YAML_DEPTH,
      maxAliases: MAX_YAML_ALIASES,
    }) as Json
    if (text.includes('*') && text.includes('&')) {
      const why = expandsTooFar(value)
      if (why !== null) return { kind: 'broken', why, line: 1, column: 1 }
    }
    return { kind: 'value', value }
  } catch (error) {
    if (error instanceof YAMLException) {
      return {
        kind: 'broken',
        why: error.reason,
        line: (error.mark?.line ?? 0) + 1,
        column: (error.mark?.column ?? 0) + 1,
      }
    }
    // The parser's documentation asks to catch everything: a stack overflow is the input's doing.
    if (error instanceof RangeError) return { kind: 'broken', why: 'nested too deeply to parse', line: 1, column: 1 }
    throw error
  }
}

interface Expanded {
  readonly nodes: number
  readonly text: number
  readonly depth: number
}

const ENDLESS: Expanded = {
  nodes: Number.POSITIVE_INFINITY,
  text: Number.POSITIVE_INFINITY,
  depth: Number.POSITIVE_INFINITY,
}

/** What a document comes to when every alias is written out, each shared node measured once. */
const expandsTooFar = (value: Json): string | null => {
  const known = new Map<object, Expanded>()
  const measure = (node: Json): Expanded => {
    if (typeof node === 'string') return { nodes: 1, text: node.length, depth: 0 }
    if (typeof node !== 'object' || node === null) return { nodes: 1, text: 0, depth: 0 }
    const before = known.get(node)
    if (before !== undefined) return before
    // A cycle would go on forever.
    known.set(node, ENDLESS)
    let nodes = 1
    let text = 0
    let depth = 0
    for (const key of Object.keys(node)) {
      const child = measure((node as Readonly<Record<string, Json>>)[key] ?? null)
      nodes += child.nodes
      text += child.text + key.length
      depth = Math.max(depth, child.depth)
    }
    const sum = { nodes, text, depth: depth + 1 }
    known.set(node, sum)
    return sum
  }
  const { nodes, text, depth } = measure(value)
  if (nodes > MAX_EXPANDED_NODES) return `aliases expand to more than ${MAX_EXPANDED_NODES} nodes`
  if (text > MAX_EXPANDED_TEXT) return `aliases expand to more than ${MAX_EXPANDED_TEXT} characters`
  return depth > MAX_EXPANDED_DEPTH ? `aliases nest deeper than ${MAX_EXPANDED_DEPTH} levels` : null
}
