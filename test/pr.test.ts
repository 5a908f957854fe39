import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { run } from './support/run.ts'

/** `postern scan --pr` as a pipeline runs it. */

const folder = mkdtempSync(join(tmpdir(), 'postern-pr-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const manifests = (block: string, ports: string): string => `apiVersion: v1
kind: Namespace
metadata: { name: pay, labels: { owner: team-pay } }
---
apiVersion: v1
kind: Pod
metadata: { name: worker, namespace: pay, labels: { app: worker } }
spec: { containers: [{ name: w, image: w }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: worker, namespace: pay }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: ${block} } }], ports: [${ports}] }]
`
const INTENT = `---
apiVersion: postern.dev/v1alpha1
kind: EgressIntent
metadata: { name: worker }
spec:
  from: { namespaces: [pay] }
  allow: [{ to: { cidrs: [203.0.113.0/25] }, ports: [443/TCP], owner: team-pay, justification: cards }]
`

const at = (name: string, text: string): string => {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'pay.yaml'), text)
  return path
}

const BASE = at('base', manifests('198.51.100.0/24', '{ port: 443 }'))
const DECLARED = at('declared', manifests('203.0.113.0/25', '{ port: 443 }') + INTENT)
const WIDER = at('wider', manifests('203.0.113.0/24', '{ port: 443 }') + INTENT)
const SILENT = at('silent', manifests('203.0.113.0/25', '{ port: 443 }'))

interface Change {
  readonly to: { readonly ranges: readonly string[] }
  readonly owner: string | null
}
interface Result {
  readonly undeclared: readonly Change[]
  readonly declared: readonly (Change & { readonly intents: readonly string[] })[]
  readonly withdrawn: readonly Change[]
  readonly closed: readonly Change[]
}

const schema = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(import.meta.dirname, '../docs/reference/schemas/change.v1.json'), 'utf8')) as object,
)

const change = async (...argv: readonly string[]): Promise<{ readonly code: number; readonly result: Result }> => {
  const { out, code } = await run(['scan', '--pr', ...argv, '-o', 'json'])
  const result = JSON.parse(out) as Result
  assert.ok(schema(result), JSON.stringify(schema.errors?.slice(0, 5)))
  return { code, result }
}

const ranges = (changes: readonly Change[]): readonly string[] => changes.flatMap(({ to }) => to.ranges)

describe('two folders', () => {
  test('what opens as declared passes', async () => {
    const { code, result } = await change(BASE, DECLARED)
    assert.equal(code, 0)
    assert.deepEqual(result.undeclared, [])
    assert.deepEqual(ranges(result.declared), ['203.0.113.0-203.0.113.127'])
    assert.deepEqual(result.declared[0]?.intents, ['default/EgressIntent/worker'])
    assert.deepEqual(ranges(result.closed), ['198.51.100.0-198.51.100.255'])
  })
  test('the half that nobody declared is told, with its owner', async () => {
    const { code, result } = await change(BASE, WIDER)
    assert.equal(code, 1)
    assert.deepEqual(ranges(result.undeclared), ['203.0.113.128-203.0.113.255'])
    assert.equal(result.undeclared[0]?.owner, 'team-pay')
    assert.deepEqual(ranges(result.declared), ['203.0.113.0-203.0.113.127'])
  })
  test('without any intent everything that opens is undeclared', async () => {
    assert.equal((await change(BASE, SILENT)).code, 1)
    const { out } = await run(['scan', '--pr', BASE, SILENT])
    assert.match(out, /No intent was read/)
  })
  test('intents that stand elsewhere count', async () => {
    const path = join(folder, 'intent.yaml')
    writeFileSync(path, INTENT)
    assert.equal((await change(BASE, SILENT, '--intent', path)).code, 0)
  })
  test('a declaration that goes while its way stays open is told, with its owner', async () => {
    const { code, result } = await change(DECLARED, SILENT)
    assert.equal(code, 1)
    assert.deepEqual([result.undeclared, result.declared, result.closed], [[], [], []])
    assert.deepEqual(ranges(result.withdrawn), ['203.0.113.0-203.0.113.127'])
    assert.equal(result.withdrawn[0]?.owner, 'team-pay')
    const { out } = await run(['scan', '--pr', DECLARED, SILENT])
    assert.match(out, /^### 1 way out that nobody declares any longer\n/)
  })
  test('what was open and nobody declared before is no matter of the change', async () => {
    const { code, result } = await change(SILENT, SILENT)
    assert.deepEqual([code, result.withdrawn], [0, []])
    const narrowed = at('narrowed', manifests('203.0.113.0/24', '{ port: 443 }') + INTENT.replace('/25', '/26'))
    const less = await change(WIDER, narrowed)
    assert.deepEqual([less.code, ranges(less.result.withdrawn)], [1, ['203.0.113.64-203.0.113.127']])
  })
  test('a way that closes with its declaration is no loss, and what opens is told once', async () => {
    const closes = await change(DECLARED, BASE)
    assert.deepEqual(closes.result.withdrawn, [])
    const opens = at('opens', manifests('203.0.113.0/24', '{ port: 443 }') + INTENT.replace('/25', '/26'))
    const { result } = await change(DECLARED, opens)
    assert.deepEqual(ranges(result.undeclared), ['203.0.113.128-203.0.113.255'])
    assert.deepEqual(ranges(result.withdrawn), ['203.0.113.64-203.0.113.127'])
  })
  test('no change', async () => {
    const { code, result } = await change(WIDER, WIDER)
    assert.equal(code, 0)
    assert.deepEqual([result.undeclared, result.declared, result.withdrawn, result.closed], [[], [], [], []])
  })
  test('a comment names the worst first and escapes what a name may hold', async () => {
    const { out, code } = await run(['scan', '--pr', BASE, WIDER])
    assert.equal(code, 1)
    assert.match(out, /^### 1 way out that nobody declared\n/)
    assert.ok(out.indexOf('nobody declared it') < out.indexOf('Opens as declared'))
    assert.match(out, /\| team-pay \|/)
  })
  test('where nobody is named as owner there is a dash', async () => {
    const [before, after] = ['unowned-base', 'unowned'].map((name, i) =>
      at(
        name,
        manifests(i === 0 ? '198.51.100.0/24' : '203.0.113.0/25', '{ port: 443 }').replace('{ owner: team-pay }', '{}'),
      ),
    )
    const { out } = await run(['scan', '--pr', `${before}`, `${after}`])
    assert.match(out, /\| TCP 443 \| - \| <code>/)
  })
})

describe('a range of a repository', { skip: hasGit() ? false : 'git is not installed' }, () => {
  const repository = join(folder, 'repository')
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  const commit = (text: string): string => {
    mkdirSync(join(repository, 'apps'), { recursive: true })
    writeFileSync(join(repository, 'apps/pay.yaml'), text)
    git('add', '.')
    git('commit', '-qm', 'change')
    return git('rev-parse', 'HEAD').trim()
  }
  const inRepository = async (...argv: readonly string[]) => {
    const before = process.cwd()
    process.chdir(repository)
    try {
      return await run(['scan', '--pr', ...argv])
    } finally {
      process.chdir(before)
    }
  }
  test('its two ends are compared, and nothing is left behind', async () => {
    mkdirSync(repository, { recursive: true })
    git('init', '-q')
    const first = commit(manifests('198.51.100.0/24', '{ port: 443 }'))
    const second = commit(manifests('203.0.113.0/24', '{ port: 443 }') + INTENT)
    const { out, code } = await inRepository(`${first}..${second}`, 'apps')
    assert.equal(code, 1)
    assert.match(out, /apps\/pay\/Pod\/worker \| reserved 203\.0\.113\.128-203\.0\.113\.255/)
    assert.equal((await inRepository(`${second}..`, 'apps')).code, 0)
    assert.equal(git('status', '--porcelain'), '')
  })
  test('what is no revision is refused', async () => {
    const { code, err } = await inRepository('nowhere..HEAD')
    assert.equal(code, 2)
    assert.match(err, /git rev-parse failed/)
  })
})

test('one source alone is refused', async () => {
  assert.equal((await run(['scan', '--pr', BASE])).code, 2)
  assert.equal((await run(['scan', '--pr'])).code, 2)
})

function hasGit(): boolean {
  try {
    execFileSync('git', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
