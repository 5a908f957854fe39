import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadEstate } from './load.ts'
import { type ReportReachOptions, reachForReport } from './report-reach.ts'
import { scan } from './scan.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-report-reach-'))
after(() => rmSync(folder, { recursive: true }))

const deployment = (name: string, namespace: string, spec = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { ${spec}containers: [{ name: main, image: "registry.example/main:1" }] }
`
writeFileSync(
  join(folder, 'all.yaml'),
  [
    deployment('api', 'shop'),
    deployment('cart', 'shop'),
    deployment('ledger', 'bank'),
    deployment('zeta', 'shop', 'hostNetwork: true, '),
  ].join('---\n'),
)
const loaded = loadEstate([{ path: folder, cluster: 'fleet' }])
const { findings } = scan(loaded, { now: '2026-11-20', baseline: new Set() })
const nothing: ReportReachOptions = {
  profile: null,
  compat: null,
  namespaces: [],
  selector: null,
  findings: [],
  all: false,
}

/** Four workloads, no Service: each costs four steps. */
const check = (
  options: Partial<ReportReachOptions>,
  most: number,
  expected: { kept: readonly string[]; leftOut: readonly string[] },
): void => {
  const { result, leftOut } = reachForReport(loaded, { ...nothing, ...options }, most)
  const short = (id: string): string => id.split('/').at(-1) ?? ''
  assert.deepEqual({ kept: result.workloads.map(one => one.name), leftOut: leftOut.map(short) }, expected)
}

test('everything fits', () => check({}, 16, { kept: ['ledger', 'api', 'cart', 'zeta'], leftOut: [] }))
test('what does not fit is named', () => check({}, 11, { kept: ['ledger', 'api'], leftOut: ['cart', 'zeta'] }))
test('those with findings are the last to be left out', () => {
  const own = findings.findings.filter(finding => finding.object === 'fleet/shop/Deployment/zeta')
  assert.ok(own.length > 0)
  check({ findings: own }, 4, { kept: ['zeta'], leftOut: ['ledger', 'api', 'cart'] })
})
test('no bound with `all`', () => check({ all: true }, 0, { kept: ['ledger', 'api', 'cart', 'zeta'], leftOut: [] }))
test('only what was asked for', () => {
  check({ namespaces: ['bank'] }, 100, { kept: ['ledger'], leftOut: [] })
  check({ selector: 'app=cart' }, 100, { kept: ['cart'], leftOut: [] })
})
