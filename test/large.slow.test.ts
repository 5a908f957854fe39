import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadEstate } from '../src/app/load.ts'
import { folder } from './support/run.ts'

/** Sizes that a real fleet reaches. Memory is asserted, time never is. */

const MEGABYTE = 1_000_000
const SIZE = 600 * MEGABYTE

interface Scanned {
  readonly findings: readonly { readonly id: string; readonly file: string; readonly line: number | null }[]
  readonly objects: number
  readonly diagnostics: number
  readonly peakMegabytes: number
}

/** A pod as an API server gives it, indented as kubectl prints it; most of it is what the server wrote. */
const pod = (n: number, spec: object): string => {
  const fields = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `f:field-${i}`,
      { 'f:name': {}, 'f:value': { '.': {}, [`k:{"n":${i}}`]: {} } },
    ]),
  )
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${n}`,
      namespace: `team-${n % 40}`,
      uid: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`,
      labels: { app: `web-${n % 500}`, 'pod-template-hash': '5d4f8' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `web-${n % 500}-5d4f8`, controller: true }],
      managedFields: [{ manager: 'kubelet', operation: 'Update', fieldsV1: fields }],
    },
    spec: {
      nodeName: `n${n % 100}`,
      containers: [
        { name: 'main', image: 'registry.example/web:1', env: [{ name: 'A', value: 'quote " and { bracket' }] },
      ],
      ...spec,
    },
    status: { phase: 'Running', podIP: `10.${n % 200}.${Math.floor(n / 200) % 250}.7` },
  }
  return JSON.stringify(body, null, 4)
}

test('a List of 600 MB: more than a string holds, cut as it is read, with the line of a place near its end', t => {
  const path = join(folder(), 'pods.json')
  const fd = openSync(path, 'w')
  let lines = 1
  let written = 0
  let objects = 0
  const write = (text: string): void => {
    written += writeSync(fd, text)
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++
  }
  write('{\n  "apiVersion": "v1",\n  "kind": "List",\n  "items": [\n')
  while (written < SIZE) {
    // Many to a write: one system call each would be most of the test.
    const batch = Array.from({ length: 200 }, (_, i) => `${pod(objects + i, {})},\n`)
    objects += batch.length
    write(batch.join(''))
  }
  const odd = pod(objects, { hostNetwork: true })
    .replace(`"web-${objects}"`, '"odd"')
    .replace(/"ownerReferences": \[[^\]]*\],\s*/, '')
  const lineOfOdd = lines + odd.slice(0, odd.indexOf('"hostNetwork"')).split('\n').length - 1
  write(`${odd},\n`)
  write(`${pod(objects + 1, {})}\n  ]\n}\n`)
  closeSync(fd)

  const child = join(import.meta.dirname, 'support/scan-child.ts')
  const output = execFileSync(process.execPath, [child, path, `c/team-${objects % 40}/Pod/odd`], { encoding: 'utf8' })
  const scanned = JSON.parse(output) as Scanned
  rmSync(path)
  t.diagnostic(`${Math.round(written / MEGABYTE)} MB, ${scanned.objects} objects, peak ${scanned.peakMegabytes} MB`)
  assert.equal(scanned.diagnostics, 0)
  assert.equal(scanned.objects, objects + 2)
  assert.deepEqual(
    scanned.findings.find(finding => finding.id === 'PST-N001'),
    { id: 'PST-N001', file: 'pods.json', line: lineOfOdd },
  )
  assert.ok(scanned.peakMegabytes < 1_500, `${scanned.peakMegabytes} MB`)
})

test('one document larger than a string is told, and what follows it is read', () => {
  const path = join(folder(), 'one.json')
  const fd = openSync(path, 'w')
  writeSync(fd, '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"huge"},"data":{"a":""')
  const some = `,"k":"${'v'.repeat(999_990)}"`
  for (let megabytes = 0; megabytes < 600; megabytes++) writeSync(fd, some)
  writeSync(fd, '}}\n{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"after"}}\n')
  closeSync(fd)
  const { clusters, diagnostics } = loadEstate([{ path, cluster: 'c' }]).estate
  rmSync(path)
  assert.deepEqual(diagnostics, [
    {
      severity: 'error',
      file: 'one.json',
      line: 1,
      column: 1,
      message: 'a document of more than 268435456 bytes: not read',
    },
  ])
  assert.ok(clusters[0]?.namespaces.has('after'))
})

test('50,000 files', async () => {
  const root = join(folder(), 'estate')
  mkdirSync(root)
  for (let n = 0; n < 50_000; n++) {
    if (n % 500 === 0) mkdirSync(join(root, `d${n / 500}`))
    writeFileSync(
      join(root, `d${Math.floor(n / 500)}`, `f${n}.json`),
      `{"apiVersion":"v1","kind":"Service","metadata":{"name":"s${n}","namespace":"ns"}}`,
    )
  }
  const { clusters, coverage, diagnostics } = loadEstate([{ path: root, cluster: null }]).estate
  assert.deepEqual(diagnostics, [])
  assert.equal(coverage.objects, 50_000)
  assert.equal(clusters[0]?.services.length, 50_000)
})
