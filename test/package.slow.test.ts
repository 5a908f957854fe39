import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { FindingsResult } from '../src/model/finding.ts'
import type { Inventory } from '../src/model/inventory.ts'
import type { ReachResult } from '../src/model/reach.ts'
import { documents, hostNetworkPod, namespace } from './support/manifests.ts'
import { folder, tree } from './support/run.ts'

/**
 * The package as somebody gets it: packed, installed outside the repository without development dependencies, run on the
 * oldest Node it promises and on the one the checkout carries.
 */
const root = join(import.meta.dirname, '..')
const NODE_24 = process.execPath
const OLDEST = '22.19.0'

const place = folder()
const estate = tree({ 'pod.yaml': documents(namespace('shop'), hostNetworkPod()) })

/** So large that it is read on several threads, most of it as a comment. */
const PADDING = `# ${'-'.repeat(98)}\n`.repeat(300_000)
const fleet = tree({
  'clusters/a/pod.yaml': documents(namespace('shop'), hostNetworkPod()) + PADDING,
  'clusters/b/pod.yaml': documents(namespace('shop'), hostNetworkPod()) + PADDING,
})

const npm = (argv: readonly string[], cwd: string): string =>
  execFileSync('npm', [...argv, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** Why a Node of that version cannot be had here; null when `place/old` has it. */
const oldNode = (): string | null => {
  const old = join(place, 'old')
  mkdirSync(old)
  // Its install script links the binary; newer npm asks for leave, older ones run it anyway.
  writeFileSync(join(old, 'package.json'), '{"private":true,"allowScripts":{"node":true}}')
  try {
    npm(['install', `node@${OLDEST}`], old)
  } catch {
    return `Node ${OLDEST} cannot be fetched here`
  }
  const { status, stdout } = spawnSync(join(old, 'node_modules/node/bin/node'), ['--version'], { encoding: 'utf8' })
  return status === 0 && stdout.trim() === `v${OLDEST}` ? null : `Node ${OLDEST} was fetched and does not run here`
}

let tarball = ''
const installed = join(place, 'user')

before(() => {
  const packed = JSON.parse(npm(['pack', '--json', '--pack-destination', place], root)) as
    | readonly { readonly filename: string }[]
    | Readonly<Record<string, { readonly filename: string }>>
  const [only] = Object.values(packed)
  tarball = join(place, only?.filename ?? '')
  mkdirSync(installed)
  writeFileSync(join(installed, 'package.json'), '{"private":true}')
  npm(['install', tarball, '--omit=dev'], installed)
})

const run = (node: string, command: string, argv: readonly string[]) =>
  spawnSync(node, [join(installed, 'node_modules/.bin', command), ...argv], {
    cwd: installed,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })

const works = (node: string): void => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  assert.equal(run(node, 'postern', ['--version']).stdout, `postern ${version}\n`)
  assert.match(run(node, 'postern', ['--help']).stdout, /^postern finds/)

  const json = run(node, 'postern', ['scan', estate, '-o', 'json', '--now', '2026-11-20'])
  assert.equal(json.status, 1, json.stderr)
  assert.equal(json.stderr, '')
  const { findings } = JSON.parse(json.stdout) as FindingsResult
  assert.equal(findings[0]?.object, 'estate/shop/Pod/agent')
  assert.equal(findings[0]?.line, 14, 'the line of hostNetwork')

  const html = run(node, 'postern', ['scan', estate, '-o', 'html'])
  assert.equal(html.status, 1, html.stderr)
  assert.match(html.stdout, /^<!doctype html>/i)
  assert.doesNotMatch(html.stdout, /<(?:script|link|img)[^>]+(?:src|href)="(?!#|data:)/, 'nothing is fetched')

  const sarif = run(node, 'postern', ['scan', estate, '-o', 'sarif'])
  assert.equal((JSON.parse(sarif.stdout) as { version: string }).version, '2.1.0')
  for (const output of ['table', 'yaml', 'markdown', 'junit']) {
    assert.match(run(node, 'postern', ['scan', estate, '-o', output]).stdout, /agent/)
  }

  const inventory = run(node, 'kubectl-postern', ['inventory', estate, '-o', 'json'])
  assert.equal(inventory.status, 0, inventory.stderr)
  assert.equal((JSON.parse(inventory.stdout) as Inventory).clusters[0]?.cluster, 'estate')

  const reach = run(node, 'postern', ['reach', fleet, '-o', 'json'])
  assert.equal(reach.status, 0, reach.stderr)
  assert.deepEqual(
    (JSON.parse(reach.stdout) as ReachResult).workloads.map(({ id }) => id),
    ['a/shop/Pod/agent', 'b/shop/Pod/agent'],
  )

  assert.match(run(node, 'postern', ['explain', 'PST-N001']).stdout, /PST-N001/)
  assert.equal(run(node, 'postern', ['scan', '--kubeconfig', join(place, 'none')]).status, 2)
  assert.equal(run(node, 'postern', ['diff', estate, estate]).status, 0)
}

describe('the package', () => {
  test('holds what runs and nothing else', () => {
    const names = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
    for (const name of names) {
      assert.doesNotMatch(
        name,
        /(?<!\.d)\.ts$|\.test\.|node_modules|^package\/(?:src|test|cases|examples|scripts)\//,
        name,
      )
    }
    for (const name of ['package/bin/postern.js', 'package/dist/main.js', 'package/LICENSE', 'package/package.json']) {
      assert.ok(names.includes(name), `${name} is there`)
    }
    assert.ok(statSync(tarball).size < 1_000_000, `${statSync(tarball).size} bytes`)
  })
  test('brings no development dependency', () => {
    for (const name of ['typescript', 'esbuild', 'fast-check', 'playwright-core', 'node']) {
      assert.equal(spawnSync('test', ['-e', join(installed, 'node_modules', name)]).status, 1, `${name} is not there`)
    }
  })
  test('works on the Node of the checkout', () => works(NODE_24))
  test(`works on Node ${OLDEST}`, t => {
    const why = oldNode()
    if (why !== null) return t.skip(why)
    works(join(place, 'old/node_modules/node/bin/node'))
  })
  test('says so on a Node that is too old', t => {
    const system = spawnSync('sh', ['-c', 'command -v node'], {
      encoding: 'utf8',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    })
    const node = system.stdout.trim()
    const version = node === '' ? '' : spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout
    if (!/^v(?:1\d|2[01])\./.test(version)) return t.skip('no Node older than 22 is installed here')
    const { status, stderr } = run(node, 'postern', ['--version'])
    assert.equal(status, 2)
    assert.match(stderr, /^postern needs Node 22\.19 or newer, this is /)
  })
})
