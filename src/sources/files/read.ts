import { isAscii } from 'node:buffer'
import type { Diagnostic } from '../../model/coverage.ts'
import { field, isObject, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { Origin } from '../../model/provenance.ts'
import { type ByteSource, openBytes } from './bytes.ts'
import type { FoundFile } from './discover.ts'
import { cutJson, type JsonPiece, startsLikeJson } from './json-cutter.ts'
import { jsonFault } from './json-fault.ts'
import { cutYaml, parseYaml } from './yaml-documents.ts'

/** One document, as read. Kubernetes lists are already their items. */
export interface RawDocument {
  readonly kind: 'document'
  readonly body: JsonObject
  readonly origin: Origin
  readonly cluster: string
}

export type ReadEvent =
  | RawDocument
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic }
  /** Read, and not a document: stays in coverage. */
  | { readonly kind: 'unrecognised'; readonly file: string; readonly line: number | null; readonly why: string }
  /** Plain text that may be node facts: the caller knows. */
  | { readonly kind: 'text'; readonly file: FoundFile; readonly bytes: ByteSource }

/** A YAML stream is read whole; past this it should be JSON, which is cut as it streams. */
export const MAX_YAML_BYTES = 256 * 1024 * 1024
/** A file may be of any size, one document in it may not: nothing a cluster stores comes near. */
export const MAX_JSON_DOCUMENT = 256 * 1024 * 1024
/** JSON in a file that is called YAML is read as YAML up to this size: then it may hold both. */
const MAX_JSON_AS_YAML = 8 * 1024 * 1024
const HEAD = 4096

/** Reads one file. `source` is the number that `origin.source` carries, to find the bytes again. */
export function* readFile(file: FoundFile, source: number, bytes: ByteSource): Generator<ReadEvent> {
  if (bytes.size === 0) return
  const head = bytes.range(0, Math.min(HEAD, bytes.size))
  const utf16 = utf16Of(head)
  if (utf16 !== null) {
    const why = 'UTF-16 text: save it as UTF-8'
    if (utf16.includes('apiVersion')) yield problem(file, 1, 1, why)
    else yield unrecognised(file, null, why)
  } else if (startsLikeJson(head) && !(YAML_NAME.test(file.path) && bytes.size <= MAX_JSON_AS_YAML)) {
    yield* readJson(file, source, bytes, claims(head))
  } else if (head.includes(0)) {
    yield unrecognised(file, null, 'binary file')
  } else if (looksLikeYaml(file.path, head)) {
    yield* readYaml(file, source, bytes)
  } else {
    yield { kind: 'text', file, bytes }
  }
}

/** Windows tools write UTF-16 with a byte order mark; null for anything else. */
const utf16Of = (head: Buffer): string | null => {
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le')
  if (head[0] !== 0xfe || head[1] !== 0xff) return null
  return Buffer.from(head.subarray(0, head.length - (head.length % 2)))
    .swap16()
    .toString('utf16le')
}

/** Does a text that cannot be parsed claim to be an API object? Only then is that an error. */
const claims = (bytes: Buffer): boolean => bytes.includes('apiVersion') && bytes.includes('kind')

/** Opens a file; null with a diagnostic when that fails. */
export const openFile = (file: FoundFile): { bytes: ByteSource | null; diagnostic: Diagnostic | null } => {
  try {
    return { bytes: openBytes(file.path), diagnostic: null }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === undefined ? message : `cannot be read: ${code}`
    return { bytes: null, diagnostic: { severity: 'error', file: file.shown, line: null, column: null, message: why } }
  }
}

const YAML_NAME = /\.ya?ml(\.gz)?$/i

const looksLikeYaml = (path: string, head: Buffer): boolean =>
  YAML_NAME.test(path) || /^(---|apiVersion:|kind:)/m.test(head.toString('latin1'))

type Place = Pick<JsonPiece, 'start' | 'end' | 'line'>

/** `claimed`: the file's head says that it holds API objects, so that what cannot be read in it is an error. */
function* readJson(file: FoundFile, source: number, bytes: ByteSource, claimed: boolean): Generator<ReadEvent> {
  const originAt = ({ start, end, line }: Place): Origin => ({
    file: file.shown,
    source,
    start,
    end,
    line,
    format: 'json',
    item: null,
  })
  /** Items that do not say what they are: the list around them does, once its end is read. */
  const waiting: Place[] = []
  for (const piece of cutJson(bytes.chunks())) {
    if ('why' in piece) {
      const { kind, line, column, why, around } = piece
      if (around !== null) yield* fillIn(file, bytes, parseJson(around) ?? null, waiting.splice(0), originAt)
      if (!claimed) {
        yield unrecognised(file, line, `not a JSON document: ${why}`)
        return
      }
      yield problem(file, line, column, kind === 'broken' ? `${why}: what came before was read` : why)
      continue
    }
    const { start, end, line } = piece
    if (piece.bytes.length > MAX_JSON_DOCUMENT) {
      yield problem(file, line, piece.column, `a document of more than ${MAX_JSON_DOCUMENT} bytes: not read`)
      continue
    }
    const value = parseJson(piece.bytes)
    if (value === undefined) {
      if (isYamlMarker(piece.bytes)) continue
      const fault = locateFault(piece)
      if (!claimed && !claims(piece.bytes)) {
        yield unrecognised(file, fault.line, `not a JSON document: ${fault.why}`)
        return
      }
      claimed = true
      yield problem(file, fault.line, fault.column, `not JSON: ${fault.why}`)
      // Words between documents: the rest would be one error a word.
      if (piece.kind === 'value' && !opensBracket(piece.bytes)) return
    } else if (piece.kind === 'envelope') {
      const items = waiting.splice(0)
      if (isObject(value) && !isList(value)) {
        // An object that merely has a field called `items`.
        const whole = parseJson(bytes.range(start, end))
        if (isObject(whole)) yield* documents(file, whole, originAt(piece))
      } else {
        yield* fillIn(file, bytes, value, items, originAt)
      }
    } else if (!isObject(value)) {
      yield unrecognised(file, line, 'JSON, but no object')
    } else if (piece.kind === 'item' && field(value, 'kind') === undefined) {
      waiting.push({ start, end, line })
    } else {
      claimed = true
      yield* documents(file, value, originAt(piece))
    }
  }
  yield* fillIn(file, bytes, null, waiting, originAt)
}

/** JSON documents may be parted as YAML documents are. */
const isYamlMarker = (bytes: Buffer): boolean => /^(---|\.\.\.)$/.test(bytes.toString('latin1', 0, 4))

const opensBracket = (bytes: Buffer): boolean => bytes[0] === 0x7b || bytes[0] === 0x5b

/** The items of a typed list (`PodList`), which carry neither kind nor apiVersion of their own. */
function* fillIn(
  file: FoundFile,
  bytes: ByteSource,
  envelope: Json,
  waiting: readonly Place[],
  originAt: (place: Place) => Origin,
): Generator<ReadEvent> {
  const listKind = text(field(envelope, 'kind'))
  const apiVersion = field(envelope, 'apiVersion')
  const kind = listKind?.endsWith('List') && listKind !== 'List' ? listKind.slice(0, -4) : undefined
  for (const place of waiting) {
    const body = parseJson(bytes.range(place.start, place.end))
    if (!isObject(body)) {
      yield problem(file, place.line, null, 'the file changed while it was read: read it again')
      continue
    }
    const named = kind !== undefined && apiVersion !== undefined ? { ...body, kind, apiVersion } : body
    yield* documents(file, named, originAt(place))
  }
}

const isList = (body: JsonObject): boolean => text(field(body, 'kind'))?.endsWith('List') ?? true

const CLAIMS_API_OBJECT = [/(^\ufeff?|[{,]\s*)["']?apiVersion["']?\s*:/m, /(^\ufeff?|[{,]\s*)["']?kind["']?\s*:/m]

function* readYaml(file: FoundFile, source: number, bytes: ByteSource): Generator<ReadEvent> {
  if (bytes.size > MAX_YAML_BYTES) {
    yield problem(file, null, null, `a YAML file of more than ${MAX_YAML_BYTES} bytes: save it as JSON`)
    return
  }
  const whole = bytes.range(0, bytes.size)
  for (const slice of cutYaml(whole)) {
    const raw = whole.toString('utf8', slice.start, slice.end)
    const result = parseYaml(raw)
    const origin: Origin = {
      file: file.shown,
      source,
      start: slice.start,
      end: slice.end,
      line: slice.line,
      format: 'yaml',
      item: null,
    }
    if (result.kind === 'broken') {
      const line = slice.line + result.line - 1
      if (raw.includes('{{')) {
        yield unrecognised(file, slice.line, 'a template: render it first')
      } else if (CLAIMS_API_OBJECT.every(key => key.test(raw))) {
        yield problem(file, line, result.column, result.why)
      } else {
        yield unrecognised(file, line, `not a YAML document: ${result.why}`)
      }
    } else if (isObject(result.value)) {
      yield* documents(file, result.value, origin)
    } else if (result.value !== null) {
      yield unrecognised(file, slice.line, 'YAML, but no object')
    }
  }
}

/** A document, or the items of a `List` that arrived in one piece. */
function* documents(file: FoundFile, body: JsonObject, origin: Origin): Generator<ReadEvent> {
  const kind = text(field(body, 'kind'))
  const items = field(body, 'items')
  // What a Go program writes for a list of nothing.
  if (kind?.endsWith('List') && items === null) return
  if (kind === undefined || !kind.endsWith('List') || !Array.isArray(items)) {
    yield { kind: 'document', body, origin, cluster: file.cluster }
    return
  }
  for (const [index, item] of list(items).entries()) {
    if (!isObject(item)) {
      yield unrecognised(file, origin.line, `item ${index} of a list is no object`)
      continue
    }
    const named =
      field(item, 'kind') === undefined && kind !== 'List'
        ? { ...item, kind: kind.slice(0, -4), apiVersion: field(body, 'apiVersion') ?? null }
        : item
    yield* documents(file, named, { ...origin, item: origin.item ?? index })
  }
}

const problem = (file: FoundFile, line: number | null, column: number | null, message: string): ReadEvent => ({
  kind: 'diagnostic',
  diagnostic: { severity: 'error', file: file.shown, line, column, message },
})

const unrecognised = (file: FoundFile, line: number | null, why: string): ReadEvent => ({
  kind: 'unrecognised',
  file: file.shown,
  line,
  why,
})

const parseJson = (bytes: Buffer): Json | undefined => {
  try {
    // Most documents are ASCII, which needs no decoding.
    return JSON.parse(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')) as Json
  } catch {
    // The reason is worked out by `locateFault`, for the few that fail.
    return undefined
  }
}

const locateFault = (piece: JsonPiece): { line: number; column: number; why: string } => {
  const raw = piece.bytes.toString('utf8')
  const { offset, why } = jsonFault(raw) ?? { offset: 0, why: 'the engine refuses it' }
  const before = raw.slice(0, offset)
  const newline = before.lastIndexOf('\n')
  return {
    line: piece.line + before.split('\n').length - 1,
    column: newline < 0 ? piece.column + offset : offset - newline,
    why,
  }
}
