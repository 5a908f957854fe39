import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { loadAll } from 'js-yaml'
import { loadEstate } from '../../src/app/load.ts'
import { scan } from '../../src/app/scan.ts'
import type { Finding } from '../../src/model/finding.ts'
import { caseFolders, NOW, readCase } from './golden-case.ts'

/**
 * All golden cases as one fleet, a cluster each, written to disk in many ways that say the same. What is found may
 * depend on what the documents say, never on how they are cut into files, ordered, repeated, named or spelled.
 */

/** Cluster → its documents as text. */
type Fleet = ReadonlyMap<string, readonly string[]>
/** Path → content: what a transformation makes of a fleet. */
type Files = ReadonlyMap<string, string>

const documentsOf = (text: string): readonly string[] =>
  text.split(/^---\n/m).filter(document => /^[^#\s]/m.test(document))

const joined = (documents: readonly string[]): string => documents.join('---\n')

const shuffled = (documents: readonly string[], keys: readonly number[]): readonly string[] =>
  documents
    .map((document, index) => ({ document, key: keys[index % keys.length] ?? 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ document }) => document)

const FLEET: Fleet = new Map(
  caseFolders().flatMap(id =>
    (['fires', 'look-alike'] as const).flatMap(name => {
      const file = readCase(id, name)
      return file === null ? [] : [[`${id}-${name}`.toLowerCase(), documentsOf(file.text)] as const]
    }),
  ),
)

const root = mkdtempSync(join(tmpdir(), 'postern-metamorphic-'))
after(() => rmSync(root, { recursive: true, force: true }))
let written = 0

const scanFleet = (files: Files): readonly Finding[] => {
  const folder = join(root, String(written++))
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const { findings } = scan(loadEstate([{ path: folder, cluster: null }]), { now: NOW, baseline: new Set() })
  assert.deepEqual(findings.diagnostics, [])
  return findings.findings
}

/** Everything of a finding but where its document stands. */
const told = (findings: readonly Finding[]) => findings.map(({ file: _file, line: _line, ...rest }) => rest)

const oneFileEach = (
  fleet: Fleet,
  change: (documents: readonly string[]) => readonly string[] = documents => documents,
): Files =>
  new Map([...fleet].map(([cluster, documents]) => [`clusters/${cluster}/all.yaml`, joined(change(documents))]))

const perDocument = (nameOf: (cluster: string, index: number) => string): Files =>
  new Map(
    [...FLEET].flatMap(([cluster, documents]) =>
      documents.map((document, index) => [nameOf(cluster, index), document] as const),
    ),
  )

const asList = (extension: string, write: (list: object) => string): Files =>
  new Map(
    [...FLEET].map(([cluster, documents]) => [
      `clusters/${cluster}/list.${extension}`,
      write({ apiVersion: 'v1', kind: 'List', items: documents.flatMap(document => loadAll(document)) }),
    ]),
  )

const BASE = scanFleet(oneFileEach(FLEET))

const check = (files: Files): void => {
  assert.deepEqual(told(scanFleet(files)), told(BASE))
}

describe('the findings of all golden cases together', () => {
  test('are those of a fleet worth testing', () => {
    assert.ok(FLEET.size >= 150, `${FLEET.size} clusters`)
    assert.ok(BASE.length > FLEET.size, `${BASE.length} findings`)
  })

  test('stay with the documents of every file reversed', () => {
    check(oneFileEach(FLEET, documents => documents.toReversed()))
  })

  test('stay in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), keys => {
        check(oneFileEach(FLEET, documents => shuffled(documents, keys)))
      }),
      { numRuns: 5 },
    )
  })

  test('stay with one document a file', () => {
    check(perDocument((cluster, index) => `clusters/${cluster}/${String(index).padStart(3, '0')}.yaml`))
  })

  test('stay with other file names, in sub-folders, in the opposite order', () => {
    check(perDocument((cluster, index) => `clusters/${cluster}/team-${index % 3}/${String(999 - index)}-object.yml`))
  })

  test('stay with every document twice in a file and every file twice', () => {
    const files = oneFileEach(FLEET, documents => [...documents, ...documents])
    check(new Map([...files].flatMap(([path, text]) => [[path, text] as const, [`${path}.copy.yaml`, text] as const])))
  })

  test('stay as JSON, the items of one List a cluster', () => {
    check(asList('json', list => JSON.stringify(list, null, 2)))
    check(asList('json', list => JSON.stringify(list)))
  })

  test('stay as the items of a YAML List', () => {
    // JSON is YAML: the reader of YAML has to find the items in it.
    check(asList('yaml', list => `# a list\n---\n${JSON.stringify(list, null, 2)}\n`))
  })

  test('stay with carriage returns and a byte order mark', () => {
    const files = oneFileEach(FLEET)
    check(new Map([...files].map(([path, text]) => [path, `\ufeff${text.replaceAll('\n', '\r\n')}`])))
  })

  test('are those of the rest when a cluster is away, and the same again when it is back', () => {
    for (const away of ['pst-n001-fires', 'pst-m008-fires', 'pst-i004-fires']) {
      const rest = new Map([...FLEET].filter(([cluster]) => cluster !== away))
      assert.deepEqual(
        told(scanFleet(oneFileEach(rest))),
        told(BASE.filter(finding => finding.cluster !== away)),
        `without ${away}`,
      )
    }
    check(oneFileEach(FLEET))
  })

  test('change nothing but the cluster and the ids when the cluster is renamed', () => {
    const renamed = new Map([...FLEET].map(([cluster, documents]) => [`x-${cluster}-renamed`, documents]))
    const back = (id: string): string => id.replace(/(^|\()x-(pst-[a-z0-9-]+)-renamed(?=\/|$)/, '$1$2')
    const withoutFingerprint = (findings: readonly Finding[]) =>
      told(findings).map(({ fingerprint: _fingerprint, ...finding }) => ({
        ...finding,
        cluster: back(finding.cluster),
        object: back(finding.object),
        // What another cluster has is named by its id.
        remedy: finding.remedy.replaceAll(/`x-(pst-[a-z0-9-]+)-renamed\//g, '`$1/'),
        path: finding.path.map(hop => ({ ...hop, id: back(hop.id) })),
      }))
    const found = scanFleet(oneFileEach(renamed))
    const inOrder = (findings: readonly Finding[]) =>
      withoutFingerprint(findings)
        .map(finding => JSON.stringify(finding))
        .sort()
    assert.deepEqual(inOrder(found), inOrder(BASE))
    const known = new Set(BASE.filter(({ cluster }) => cluster !== '-').map(({ fingerprint }) => fingerprint))
    assert.ok(!found.some(({ fingerprint }) => known.has(fingerprint)))
  })
})
