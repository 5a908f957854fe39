import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { loadEstate } from '../../src/app/load.ts'
import { RULES, scan } from '../../src/app/scan.ts'
import { answerKey, ESTATE, REPOSITORY } from './answer-key.ts'

// docs/example-estate.md is what a newcomer follows word by word: each of its commands runs, and each finding and
// object that it names is there.

const page = readFileSync(resolve(REPOSITORY, 'docs/example-estate.md'), 'utf8')
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block ?? '').trim().split('\n'))
  .filter(line => line.startsWith('npx postern '))

const { findings } = scan(loadEstate([{ path: ESTATE, cluster: null }]), {
  now: '2026-11-20T00:00:00Z',
  baseline: new Set(),
}).findings

describe('the walkthrough', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'postern-walk-'))
  symlinkSync(resolve(REPOSITORY, 'examples'), join(scratch, 'examples'))
  after(() => rmSync(scratch, { recursive: true, force: true }))

  const run = (command: string): { code: number | null; out: string } => {
    const words = command.split(' ').slice(2)
    const child = spawnSync(process.execPath, [resolve(REPOSITORY, 'bin/postern.js'), ...words], {
      cwd: scratch,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
      maxBuffer: 64 * 1024 * 1024,
    })
    return { code: child.status, out: child.stdout }
  }

  test('names commands', () => assert.ok(commands.length >= 7, `${commands.length} commands`))

  // In the page's order: a later command reads what an earlier one wrote.
  for (const command of commands) {
    test(command, () => {
      const { code } = run(command)
      const fails = command.includes(' scan ') && !command.includes('--baseline')
      assert.equal(code, fails ? 1 : 0)
      const written = /--out (\S+)/.exec(command)?.[1]
      if (written !== undefined) assert.ok(statSync(join(scratch, written)).size > 1000)
    })
  }

  test('every finding id that it names is a check', () => {
    const known = new Set(RULES.map(rule => rule.id))
    assert.deepEqual(
      [...page.matchAll(/PST-[A-Z]\d{3}/g)].map(([id]) => id).filter(id => !known.has(id)),
      [],
    )
  })

  test('every object that it names is in the answer key', () => {
    const { flaws, accepted, decoys } = answerKey()
    const known = new Set([...flaws, ...accepted, ...decoys].map(row => row.object))
    const named = [...page.matchAll(/`((?:[a-z0-9-]+)\/[a-z0-9-]+\/[A-Z][A-Za-z]+\/[^`]+)`/g)].map(([, id]) => id ?? '')
    assert.ok(named.length >= 8, `${named.length} objects`)
    assert.deepEqual(
      named.filter(object => !known.has(object)),
      [],
    )
  })

  test('every finding that it puts on an object is there', () => {
    const told = [...page.matchAll(/(PST-[A-Z]\d{3}) on\s+`([^`]+)`/g)].map(([, id, object]) => `${id} ${object}`)
    const found = new Set(findings.map(finding => `${finding.id} ${finding.object}`))
    assert.ok(told.length >= 6, `${told.length} findings on objects`)
    assert.deepEqual(
      told.filter(name => !found.has(name)),
      [],
    )
  })

  test('the packet that it quotes is a witness', () => {
    const quoted = /```text\n(0\.0\.0\.0\/0 -> .*)\n```/.exec(page)?.[1]
    assert.ok(quoted !== undefined && findings.some(finding => finding.witness === quoted))
  })

  test('the three worst are the ones that it explains', () => {
    const critical = findings.filter(finding => finding.state === 'open' && finding.severity === 'critical')
    for (const { id, object } of critical) assert.match(page, new RegExp(`${id} on\\s+\`${object}\``))
    assert.equal(critical.length, 3)
  })

  test('the sensor’s exception has run out by the date that it gives', () => {
    const { out } = run('npx postern scan examples/estate -o json --now 2027-04-01')
    const result = JSON.parse(out) as { findings: { state: string; object: string; id: string }[] }
    assert.deepEqual(
      result.findings.filter(finding => finding.state === 'accepted'),
      [],
    )
    assert.ok(result.findings.some(finding => finding.id === 'PST-I010' && finding.object.endsWith('runtime-sensor')))
  })
})
