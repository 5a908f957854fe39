import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

/**
 * A dialect's `support.md`, for the tests that hold it against the fields of the published API: a table under each heading,
 * a row for each field. For tests only.
 */
export interface SupportPage {
  readonly text: string
  /** The headings of its sections, in their order. */
  readonly headings: readonly string[]
  /** The table under a heading names every field and only fields, each once and in their order, with a state and a clause. */
  readonly checkTable: (heading: string, fields: readonly string[]) => void
}

const STATES = ['understood', 'safely ignorable', 'partly understood', 'not implemented', 'unrecognised']

/** The page beside the file with this `import.meta.url`. */
export const supportPageBeside = (url: string): SupportPage => {
  const text = readFileSync(new URL('support.md', url), 'utf8')
  const sections = new Map(
    text
      .split('\n## ')
      .slice(1)
      .map(section => [section.slice(0, section.indexOf('\n')), section]),
  )
  const checkTable = (heading: string, fields: readonly string[]): void => {
    const rows = rowsIn(sections.get(heading) ?? '')
    assert.deepEqual(
      rows.map(([path]) => path),
      fields.map(path => `\`${path}\``),
    )
    assert.equal(new Set(fields).size, fields.length)
    for (const [path, state = '', clause = '', ...more] of rows) {
      assert.ok(STATES.includes(state), `${path}: ${state}`)
      assert.ok(clause !== '', `${path} has no clause`)
      assert.equal(more.length, 0, `${path} has more than a clause`)
    }
  }
  return { text, headings: [...sections.keys()], checkTable }
}

/** Path, state, clause: the rows of fields, not the table's own head. */
const rowsIn = (section: string): readonly (readonly string[])[] =>
  section
    .split('\n')
    .filter(line => line.startsWith('| `'))
    .map(line =>
      line
        .slice(1, -1)
        .split('|')
        .map(cell => cell.trim()),
    )
