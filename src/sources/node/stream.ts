import type { Diagnostic } from '../../model/coverage.ts'
import { quoted } from './reading.ts'

/**
 * The stream of `deploy/node-facts`: marker lines that begin with `# postern-node-facts v1`, and between them what the
 * tools printed. The script puts a further `#` before any line of a tool that begins like a marker, so that a marker is
 * always the script's own. Several nodes may follow each other in one file.
 */
export interface StreamSection {
  readonly node: string | null
  readonly name: string
  readonly command: string
  readonly body: Uint8Array
  /** 1-based line of the body's first line. */
  readonly firstLine: number
  /** Exit code of the tool; null when the stream ends before it. */
  readonly exit: number | null
  /** Why there is no output: the tool is not there, or was not asked. */
  readonly unavailable: string | null
}

export interface Stream {
  readonly sections: readonly StreamSection[]
  readonly diagnostics: readonly Diagnostic[]
}

const NEWLINE = 10
const MARKER = '# postern-node-facts '
const MAX_MARKER = 2_000

export const splitStream = (bytes: Uint8Array, file: string): Stream => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sections: StreamSection[] = []
  const diagnostics: Diagnostic[] = []
  const refuse = (line: number, message: string): void => {
    diagnostics.push({ severity: 'error', file, line, column: null, message })
  }
  let open: Omit<StreamSection, 'body' | 'exit' | 'unavailable'> | null = null
  let bodyStart = 0
  let ended = true
  let first = true
  let line = 1
  let counted = 0
  const lineAt = (offset: number): number => {
    for (let i = buffer.indexOf(NEWLINE, counted); i !== -1 && i < offset; i = buffer.indexOf(NEWLINE, i + 1)) {
      line += 1
      counted = i + 1
    }
    return line
  }
  const shut = (end: number, exit: number | null): void => {
    if (open !== null) sections.push({ ...open, body: buffer.subarray(bodyStart, end), exit, unavailable: null })
    open = null
  }

  for (let at = buffer.indexOf(MARKER); at !== -1; at = nextMarker(buffer, at)) {
    if (at !== 0 && buffer[at - 1] !== NEWLINE) continue
    const here = lineAt(at)
    const newline = buffer.indexOf(NEWLINE, at)
    const lineEnd = newline === -1 ? buffer.length : newline
    const text = buffer.toString('utf8', at, Math.min(lineEnd, at + MAX_MARKER)).trimEnd()
    const marker = MARK.exec(text)
    if (first && at > 0)
      diagnostics.push({
        severity: 'warning',
        file,
        line: 1,
        column: null,
        message: 'text before the first marker is not read',
      })
    first = false
    if (marker === null) {
      refuse(here, `a marker that cannot be read, collect again with \`deploy/node-facts\`: ${quoted(text)}`)
      shut(at, null)
      continue
    }
    const [, version = '', told = '', name, command, exit, unavailable] = marker
    if (version !== '1') {
      refuse(here, `made by another version of node-facts (v${version}): this one reads v1`)
      break
    }
    const node = NODE_NAME.test(told) ? told : null
    if (node === null && told !== '-')
      refuse(here, `${quoted(told)} is no node name: give it to node-facts as first argument`)
    if (name === undefined) {
      shut(at, null)
      ended = true
    } else if (command !== undefined) {
      shut(at, null)
      open = { node, name, command, firstLine: here + 1 }
      bodyStart = Math.min(buffer.length, lineEnd + 1)
      ended = false
    } else if (exit !== undefined) {
      shut(at, Number(exit))
    } else {
      shut(at, null)
      const none = { body: buffer.subarray(at, at), command: '', firstLine: here, exit: null }
      sections.push({ node, name, ...none, unavailable: unavailable ?? '' })
    }
  }
  if (open !== null) shut(buffer.length, null)
  if (!ended) refuse(lineAt(buffer.length), 'the stream stops before its end mark: the collection was interrupted')
  return { sections, diagnostics }
}

const nextMarker = (buffer: Buffer, at: number): number => buffer.indexOf(MARKER, at + 1)

const MARK =
  /^# postern-node-facts v(\d+) node=(\S+) (?:section=([a-z0-9-]+) (?:command=(.*)|exit=(\d{1,3})|unavailable=(.*))|end)$/
const NODE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/
