import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** The example estate, and its README as data: the tables are the answer key, so that prose and test cannot differ. */
export const REPOSITORY = resolve(import.meta.dirname, '../..')
export const ESTATE = resolve(REPOSITORY, 'examples/estate')

export interface KeyRow {
  /** `E-01`; never written into a manifest. */
  readonly id: string
  /** `cluster/namespace/Kind/name` */
  readonly object: string
  /** Finding ids; for a decoy none. */
  readonly findings: readonly string[]
}

export interface AnswerKey {
  readonly flaws: readonly KeyRow[]
  readonly accepted: readonly KeyRow[]
  readonly decoys: readonly KeyRow[]
}

export const answerKey = (): AnswerKey => {
  const rows = readFileSync(resolve(ESTATE, 'README.md'), 'utf8')
    .split('\n')
    .flatMap(line => {
      const [, id, object, third] = /^\| ([A-Z]+-\d+) \| (\S+) \| ([^|]+) \|/.exec(line) ?? []
      return id === undefined || object === undefined ? [] : [{ id, object, third: third ?? '' }]
    })
  const keyed = (pattern: RegExp): readonly KeyRow[] =>
    rows
      .filter(({ id }) => pattern.test(id))
      .map(({ id, object, third }) => ({ id, object, findings: third.match(/PST-[A-Z]\d{3}/g) ?? [] }))
  return { flaws: keyed(/^[EAG]-/), accepted: keyed(/^X-/), decoys: keyed(/^[EAG]D-/) }
}
