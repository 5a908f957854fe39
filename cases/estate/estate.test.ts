import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { loadEstate } from '../../src/app/load.ts'
import { scan } from '../../src/app/scan.ts'
import type { Finding } from '../../src/model/finding.ts'
import { field, isObject, type Json, type JsonObject, list, text } from '../../src/model/json.ts'
import { discover } from '../../src/sources/files/discover.ts'
import { cutYaml, parseYaml } from '../../src/sources/files/yaml-documents.ts'
import { answerKey, ESTATE, type KeyRow } from './answer-key.ts'

// The estate that newcomers run, held to the answer key in its README: every flaw is found, no decoy is, and the story
// leaves out nothing that is high or worse.

const NOW = '2026-11-20T00:00:00Z'
const scanned = (path: string) => {
  const loaded = loadEstate([{ path, cluster: null }])
  return { loaded, ...scan(loaded, { now: NOW, baseline: new Set() }) }
}

const { loaded, findings: result } = scanned(ESTATE)
const { findings } = result
const key = answerKey()
const files = discover([{ path: ESTATE, cluster: null }], () => null).files
const manifests = files.filter(file => !file.shown.endsWith('.md'))

const isBad = ({ severity }: Finding): boolean => severity === 'critical' || severity === 'high'
const on = (object: string, id: string, state: Finding['state']): boolean =>
  findings.some(finding => finding.object === object && finding.id === id && finding.state === state)

const check = (row: KeyRow, state: Finding['state']): void => {
  const missing = row.findings.filter(id => !on(row.object, id, state))
  assert.ok(row.findings.length > 0, `${row.id}: names no finding`)
  assert.deepEqual(missing, [], `${row.id}: ${row.object} lacks these as ${state}`)
}

describe('the example estate', () => {
  test('is read without a complaint, as three clusters', () => {
    assert.deepEqual(loaded.estate.diagnostics, [])
    assert.deepEqual(
      loaded.estate.clusters.map(cluster => cluster.name),
      ['aks-retail-us', 'eks-payments-eu', 'gke-analytics-asia'],
    )
  })

  test('every flaw is found on its object', () => {
    assert.ok(key.flaws.length >= 35, `${key.flaws.length} flaws`)
    for (const row of key.flaws) check(row, 'open')
  })

  test('everything high or critical is explained by a flaw', () => {
    const explained = new Set(key.flaws.flatMap(row => row.findings.map(id => `${id} ${row.object}`)))
    const stray = findings
      .filter(finding => finding.state === 'open' && isBad(finding))
      .map(finding => `${finding.id} ${finding.object}`)
      .filter(name => !explained.has(name))
    assert.deepEqual(stray, [])
  })

  test('everything medium or worse in the clouds is explained by a flaw', () => {
    const explained = new Set(key.flaws.flatMap(row => row.findings.map(id => `${id} ${row.object}`)))
    const inClouds = findings.filter(({ object, state }) => /^(aws|azure|gcp):/.test(object) && state === 'open')
    assert.ok(inClouds.length >= 40, `${inClouds.length} findings in the clouds`)
    assert.deepEqual(
      inClouds
        .filter(finding => isBad(finding) || finding.severity === 'medium')
        .map(finding => `${finding.id} ${finding.object}`)
        .filter(name => !explained.has(name)),
      [],
    )
  })

  test('no decoy has an open finding of medium or worse', () => {
    assert.ok(key.decoys.length >= 15, `${key.decoys.length} decoys`)
    const shouted = key.decoys.flatMap(row =>
      findings
        .filter(finding => finding.object === row.object && finding.state === 'open')
        .filter(finding => isBad(finding) || finding.severity === 'medium')
        .map(finding => `${row.id} ${finding.id} ${finding.object}`),
    )
    assert.deepEqual(shouted, [])
  })

  test('every decoy is there', () => {
    const known = objectsOf(manifests).union(cloudObjects())
    assert.deepEqual(
      key.decoys.map(row => row.object).filter(object => !known.has(object)),
      [],
    )
  })

  test('what was signed for is accepted, by the exception that is in force, and nothing else is', () => {
    for (const row of key.accepted) check(row, 'accepted')
    const accepted = findings.filter(finding => finding.state === 'accepted')
    const objects = new Set(key.accepted.map(row => row.object))
    assert.deepEqual(
      accepted.filter(finding => !objects.has(finding.object)).map(finding => finding.object),
      [],
    )
    assert.deepEqual([...new Set(accepted.map(finding => finding.exception?.name))], ['quillguard-runtime-sensor'])
  })

  test('all families are there, and every cluster has its share', () => {
    const open = findings.filter(finding => finding.state === 'open')
    const families = new Set(open.map(finding => finding.id.slice(4, 5)))
    for (const family of ['N', 'P', 'D', 'M', 'T', 'I', 'C', 'S']) assert.ok(families.has(family), family)
    for (const cluster of loaded.estate.clusters) {
      const own = open.filter(finding => finding.cluster === cluster.name)
      assert.ok(own.filter(isBad).length >= 5, cluster.name)
    }
  })

  test('ids of the answer key stand in no manifest', () => {
    const ids = [...key.flaws, ...key.accepted, ...key.decoys].map(row => row.id)
    const pattern = new RegExp(`(?<![A-Za-z0-9-])(${ids.join('|')})(?![A-Za-z0-9])`)
    for (const file of manifests) assert.doesNotMatch(readFileSync(file.path, 'utf8'), pattern, file.shown)
  })

  test('holds no Secret and no address outside the documentation and private ranges', () => {
    for (const file of manifests) {
      // A kernel's version may have the shape of an address.
      const content = readFileSync(file.path, 'utf8').replace(/"?kernelVersion"?: .*/g, '')
      assert.doesNotMatch(content, /^\s*"?kind"?: "?Secret"?,?$/m, file.shown)
      for (const [address] of content.matchAll(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g))
        assert.match(address, HARMLESS, `${file.shown}: ${address}`)
    }
  })
})

/**
 * RFC 1918, RFC 5737, loopback, link-local, unspecified, the upper half of everything, Azure's wire server. What stands for a part of the
 * internet is the block that nobody has since 6to4 ended (RFC 7526): documentation blocks are no part of it.
 */
const HARMLESS =
  /^(10\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|192\.88\.99\.|127\.|169\.254\.|0\.0\.0\.0$|128\.0\.0\.0$|168\.63\.129\.16$)/

/** Documents of a file as the API has them, lists taken apart. */
const documentsOf = (path: string): readonly JsonObject[] => {
  const bytes = readFileSync(path)
  const whole: Json[] = path.endsWith('.json')
    ? [JSON.parse(bytes.toString('utf8')) as Json]
    : [...cutYaml(bytes)].map(slice => {
        const parsed = parseYaml(bytes.toString('utf8', slice.start, slice.end))
        return parsed.kind === 'value' ? parsed.value : null
      })
  return whole
    .flatMap(value => (Array.isArray(value) ? (value as Json[]) : [value]))
    .flatMap(value => (field(value, 'kind') === 'List' ? list(field(value, 'items')) : [value]))
    .filter(isObject)
}

/** Objects of the clouds, which no manifest is about. */
const cloudObjects = (): ReadonlySet<string> => {
  const { fabric } = loaded.estate
  return new Set(
    [
      fabric.networks,
      fabric.subnets,
      fabric.tables,
      fabric.filters,
      fabric.gateways,
      fabric.peerings,
      fabric.interfaces,
      fabric.machines,
      fabric.managed,
      fabric.flowLogs ?? [],
      fabric.endpoints ?? [],
    ].flatMap(some => some.map(({ id }) => id)),
  )
}

const objectsOf = (from: typeof manifests): ReadonlySet<string> =>
  new Set(
    from.flatMap(file =>
      documentsOf(file.path).map(body => {
        const metadata = field(body, 'metadata')
        const namespace = text(field(metadata, 'namespace')) ?? '-'
        return [file.cluster, namespace, text(field(body, 'kind')), text(field(metadata, 'name'))].join('/')
      }),
    ),
  )

describe('its fingerprints', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'postern-estate-'))
  after(() => rmSync(scratch, { recursive: true, force: true }))

  /** Writes a variant of the estate and compares what is found in it. */
  const same = (variant: string, contents: ReadonlyMap<string, string>): void => {
    const root = join(scratch, variant, 'estate')
    for (const [name, content] of contents) {
      mkdirSync(dirname(join(root, name)), { recursive: true })
      writeFileSync(join(root, name), content)
    }
    const again = scanned(root)
    assert.deepEqual(again.loaded.estate.diagnostics, [])
    const told = (list: readonly Finding[]) => list.map(finding => [finding.fingerprint, finding.state]).sort()
    assert.deepEqual(told(again.findings.findings), told(findings))
  }

  const hash = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 12)
  const isOfCloud = (shown: string): boolean => shown.startsWith('network/')
  const folderOf = (shown: string): string => /^clusters\/[^/]+\//.exec(shown)?.[0] ?? ''

  test('survive one document a file, under other names, in another order', () => {
    const contents = new Map<string, string>()
    for (const file of manifests) {
      for (const body of documentsOf(file.path)) {
        const content = JSON.stringify(body, null, 2)
        const name = hash(content)
        contents.set(`${folderOf(file.shown)}${name.slice(0, 1)}/${name}.json`, content)
      }
    }
    same('split', contents)
  })

  test('survive one list a cluster, and one of all outputs of the clouds, backwards', () => {
    const lists = new Map<string, JsonObject[]>()
    for (const file of manifests) {
      const name = `${isOfCloud(file.shown) ? 'network/' : folderOf(file.shown)}everything.json`
      lists.set(name, [...documentsOf(file.path), ...(lists.get(name) ?? [])])
    }
    same(
      'joined',
      new Map(
        [...lists].map(([name, some]) => {
          const items = some.toReversed()
          return [name, JSON.stringify(isOfCloud(name) ? items : { apiVersion: 'v1', kind: 'List', items })]
        }),
      ),
    )
  })

  test('survive other file names', () => {
    same(
      'renamed',
      new Map(
        manifests.map(file => {
          const content = readFileSync(resolve(file.path), 'utf8')
          return [
            `${folderOf(file.shown)}${hash(file.shown)}${file.shown.endsWith('.json') ? '.json' : '.yml'}`,
            content,
          ]
        }),
      ),
    )
  })
})
