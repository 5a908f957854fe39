import type { Connection } from '../../model/node-facts.ts'
import { type ParsedFlow, parseFlowLine } from './conntrack-line.ts'
import { parseFlowXml } from './conntrack-xml.ts'
import { type Journal, linesOf, MAX_LINE_CHARACTERS, openJournal, type Reader } from './reading.ts'

/** Flows kept of one dump; what is beyond is counted and said. At some 700 bytes each this stays under 400 MB. */
export const MAX_CONNECTIONS = 500_000

/** `conntrack -L` in its plain, extended and XML forms, `conntrack -E`, and /proc/net/nf_conntrack. */
export const readConntrack: Reader<readonly Connection[]> = (text, file, firstLine = 1) =>
  /^\s*(?:<\?xml|<conntrack|<flow)/.test(text.slice(0, 200))
    ? readXml(text, file, firstLine)
    : readLines(text, file, firstLine)

const readLines: Reader<readonly Connection[]> = (text, file, firstLine = 1) => {
  const journal = openJournal(file)
  const flows: Connection[] = []
  let more = 0
  let refused = 0
  for (const { text: raw, line } of linesOf(text, firstLine)) {
    if (raw === '' || raw.trim() === '') continue
    const summary = SUMMARY.exec(raw.slice(0, 200))
    if (summary !== null) {
      const told = Number(summary[1] ?? Number.NaN)
      const found = flows.length + more + refused
      if (!Number.isNaN(told) && told !== found)
        journal.warn(line, `conntrack says that it showed ${told} flows, ${found} are here: the dump may be cut`)
      continue
    }
    if (flows.length >= MAX_CONNECTIONS) {
      more += 1
      continue
    }
    if (raw.length > MAX_LINE_CHARACTERS) {
      refused += 1
      journal.refuse(line, `a line longer than ${MAX_LINE_CHARACTERS} characters`)
      continue
    }
    if (!keep(parseFlowLine(raw), flows, journal, file, line, raw)) refused += 1
  }
  return close(journal, flows, more)
}

const readXml: Reader<readonly Connection[]> = (text, file, firstLine = 1) => {
  const journal = openJournal(file)
  const flows: Connection[] = []
  let more = 0
  let line = firstLine
  let newline = text.indexOf('\n')
  for (let start = text.indexOf('<flow'); start !== -1; ) {
    while (newline !== -1 && newline < start) {
      line += 1
      newline = text.indexOf('\n', newline + 1)
    }
    const next = text.indexOf('<flow', start + 5)
    // Never looks past the next flow: a dump without closing tags stays linear.
    const element = text.slice(start, Math.min(next === -1 ? text.length : next, start + MAX_LINE_CHARACTERS))
    const end = element.indexOf('</flow>')
    if (end === -1) journal.refuse(line, 'a flow that does not end', element)
    else if (flows.length >= MAX_CONNECTIONS) more += 1
    else keep(parseFlowXml(element.slice(0, end)), flows, journal, file, line, element)
    start = next
  }
  if (!text.trimEnd().endsWith('</conntrack>'))
    journal.refuse(null, 'the XML does not end with `</conntrack>`: the dump is cut')
  return close(journal, flows, more)
}

const keep = (
  parsed: ParsedFlow,
  flows: Connection[],
  journal: Journal,
  file: string,
  line: number,
  raw: string,
): boolean => {
  if ('refused' in parsed) {
    journal.refuse(line, `no conntrack entry, ${parsed.refused}`, raw)
    return false
  }
  for (const word of parsed.unknown) journal.note('partly', line, 'a word of a flow is not understood', word)
  flows.push({ ...parsed.flow, origin: { file, line, index: flows.length } })
  return true
}

const close = (journal: Journal, flows: readonly Connection[], more: number) => {
  if (more > 0) {
    const why = `${more} flows beyond the first ${MAX_CONNECTIONS} were left out: save fewer with \`conntrack -L -s\` or \`-f\``
    journal.warn(null, why)
    journal.note('partly', null, why)
  }
  return journal.close(flows)
}

/** What the tool says on standard error, where both streams were saved together. */
const SUMMARY = /^conntrack v[\d.]+ \(conntrack-tools\): (?:(\d+) flow entries have been shown)?/
