import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CATALOGUE } from '../../src/findings/catalogue.ts'
import type { Finding } from '../../src/model/finding.ts'
import { CASES, CLUSTER, caseFolders, type Expectation, readCase, scanFiles } from './golden-case.ts'

/** Every check has a case that fires and a look-alike that must not, and the index tells both. */

const ids = CATALOGUE.map(check => check.id)

test('every check has a folder and every folder a check', () => {
  assert.deepEqual(caseFolders(), [...ids].sort())
})

test('the index names every case with the purpose that its file gives', () => {
  const index = readFileSync(join(CASES, '..', 'README.md'), 'utf8')
  // A formatter may pad the columns.
  const rows = index
    .split('\n')
    .filter(line => /^\| \[PST-/.test(line))
    .map(line => line.replace(/ +\|/g, ' |'))
  const wanted = ids.map(
    id =>
      `| [${id}](findings/${id}) | ${readCase(id, 'fires')?.purpose ?? ''} | ${readCase(id, 'look-alike')?.purpose ?? ''} |`,
  )
  assert.deepEqual(rows, wanted)
})

for (const { id } of CATALOGUE) {
  describe(id, () => {
    const fires = readCase(id, 'fires')
    const lookAlike = readCase(id, 'look-alike')

    test('says what it shows', () => {
      for (const file of [fires, lookAlike]) {
        assert.ok(file, 'both files are there')
        assert.match(file.purpose, /^[A-Z`].{30,}\.$/)
      }
      assert.ok((fires?.expectations.length ?? 0) > 0, 'fires.yaml expects at least one finding')
      assert.equal(lookAlike?.expectations.length, 0)
    })

    test('fires on exactly what is expected', () => {
      if (fires === null) return
      const result = scanFiles([fires.path])
      assert.deepEqual(result.diagnostics, [])
      const found = result.findings.filter(finding => finding.id === id)
      assert.deepEqual(unmatched(found, fires.expectations), { missing: [], surplus: [] })
      for (const finding of found) checkWords(finding)
      // The one credential among the cases, in a proxy's address.
      assert.doesNotMatch(JSON.stringify(result), /notasecret/)
    })

    test('leaves the look-alike alone', () => {
      if (lookAlike === null) return
      const result = scanFiles([lookAlike.path])
      assert.deepEqual(result.diagnostics, [])
      assert.deepEqual(
        result.findings.filter(finding => finding.id === id).map(finding => `${finding.object}: ${finding.why}`),
        [],
      )
    })
  })
}

const shown = (finding: Finding): string => `${finding.object} ${finding.severity} line ${finding.line}`

/** Pairs each expectation with one finding that meets it; the stricter expectations choose first. */
const unmatched = (findings: readonly Finding[], expectations: readonly Expectation[]) => {
  const left = [...findings]
  const missing: Expectation[] = []
  const strictFirst = [...expectations].sort((a, b) => strictness(b) - strictness(a))
  for (const expectation of strictFirst) {
    const index = left.findIndex(finding => meets(finding, expectation))
    if (index < 0) missing.push(expectation)
    else left.splice(index, 1)
  }
  return { missing, surplus: left.map(shown) }
}

const strictness = ({ severity, line }: Expectation): number => (severity === null ? 0 : 1) + (line === null ? 0 : 1)

const meets = (finding: Finding, { object, severity, line }: Expectation): boolean =>
  // What speaks about clusters belongs to none, and so does what lies under them.
  [`${CLUSTER}/${object}`, `-/${object}`, object].includes(finding.object) &&
  (severity === null || finding.severity === severity) &&
  (line === null || finding.line === line)

/** Names and products that a sentence may start with; every other sentence starts in lower case. */
const NAMES =
  /^(ServiceAccount|User|Group|TLS|HTTPS|Hubble|GKE|Calico|VPC|Cilium|Sidecar|ClusterRoleBinding|RoleBinding|ConfigMap)\b/

/** The house's message grammar: lower case, no full stop, user input in backticks, say what to do and to what. */
const checkWords = ({ title, why, remedy, object }: Finding): void => {
  assert.match(title, /^[A-Z].*[^.]$/)
  for (const sentence of [why, remedy]) {
    assert.ok(/^[a-z0-9`]/.test(sentence) || NAMES.test(sentence), `starts in lower case: ${sentence}`)
    assert.doesNotMatch(sentence, /\.$|undefined|\bnull\b|NaN|\[object|``| {2}/)
  }
  const name = object.split('/').at(-1) ?? ''
  assert.ok(remedy.includes(`\`${name}\``), `the remedy names \`${name}\`: ${remedy}`)
}
