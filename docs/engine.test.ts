import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'

// docs/engine.md is an example to be followed: its file is read, its commands run, and what they print is what it shows.

const ROOT = resolve(import.meta.dirname, '..')
const page = readFileSync(join(ROOT, 'docs/engine.md'), 'utf8')
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({
  language,
  text,
}))

/** Each block of commands with the block of text behind it, if there is one. */
const examples = blocks.flatMap(({ language, text }, i) => {
  if (language !== 'sh') return []
  const next = blocks[i + 1]
  return [
    { commands: text.trim().split('\n'), shown: next?.language === 'text' ? next.text.trimEnd().split('\n') : [] },
  ]
})

describe('the example of docs/engine.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-engine-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'shop.yaml'), blocks.find(({ language }) => language === 'yaml')?.text ?? '')

  const run = (command: string): { readonly code: number | null; readonly lines: readonly string[] } => {
    const child = spawnSync(process.execPath, [join(ROOT, 'bin/postern.js'), ...command.split(' ').slice(2)], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    })
    assert.equal(child.stderr, '', command)
    return { code: child.status, lines: child.stdout.split('\n') }
  }
  const codeOf = (shown: string): number =>
    shown.startsWith('Allowed') ? 0 : shown.startsWith('Denied') ? 1 : shown.startsWith('Unknown') ? 3 : -1

  test('has commands', () => assert.ok(examples.flatMap(({ commands }) => commands).length >= 8))

  for (const { commands, shown } of examples) {
    const [only, ...more] = commands
    if (only !== undefined && more.length === 0)
      test(only, () => {
        const { code, lines } = run(only)
        const [first] = shown
        assert.equal(code, first === undefined ? 0 : codeOf(first))
        if (first === undefined) return
        const start = lines.indexOf(first)
        assert.deepEqual(lines.slice(start, start + shown.length), shown)
      })
    // Of several commands only the verdicts are shown, a line each.
    else
      for (const [i, command] of commands.entries())
        test(command, () => {
          const { code, lines } = run(command)
          assert.equal(code, codeOf(shown[i] ?? ''))
          assert.ok(lines.includes(shown[i] ?? ''), `${shown[i]} is not in\n${lines.join('\n')}`)
        })
  }
})

test('every file that docs/engine.md names is there', () => {
  const named = [...page.matchAll(/`((?:src|cases)\/[^`]+|[a-z-]+\.ts)`/g)].map(([, path = '']) => path)
  assert.ok(named.length >= 20, `${named.length} files`)
  const engine = 'src/engine'
  for (const path of named) {
    const whole = path.includes('/') ? path : `${engine}/${path}`
    if (whole.includes('*')) assert.ok(globSync(whole, { cwd: ROOT }).length > 0, whole)
    else assert.ok(existsSync(join(ROOT, whole)), `${whole} in ${dirname(whole)}`)
  }
})
