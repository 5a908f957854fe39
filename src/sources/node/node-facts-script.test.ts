import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { NODE_FACTS_SECTIONS, readNodeFacts } from './read.ts'
import { recogniseNodeFacts } from './recognise.ts'
import { EGRESS_SYSCTLS } from './sysctl-names.ts'

const SCRIPT = fileURLToPath(new URL('../../../deploy/node-facts', import.meta.url))
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
const run = (command: string, ...args: readonly string[]) =>
  spawnSync(command, args, { encoding: 'utf8', env: { PATH: path }, timeout: 60_000, maxBuffer: 256 * 1024 * 1024 })
const lacks = (tool: string): string | false =>
  run('sh', '-c', `command -v ${tool}`).status === 0 ? false : `\`${tool}\` is not installed here`

test('the script is valid shell', { skip: lacks('sh') }, () => {
  assert.equal(run('sh', '-n', SCRIPT).status, 0)
})

test('shellcheck finds nothing in the script', { skip: lacks('shellcheck') }, () => {
  assert.equal(run('shellcheck', SCRIPT).stdout, '')
})

test('what the script prints on this machine is read back', { skip: lacks('ip') || lacks('ss') }, () => {
  const { stdout, status } = run('sh', SCRIPT, 'this-node')
  assert.equal(status, 0)
  assert.equal(recogniseNodeFacts(stdout), 'stream')
  const reading = readNodeFacts([{ name: 'f', bytes: new TextEncoder().encode(stdout), cluster: null, nodeHint: null }])
  assert.deepEqual(
    reading.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  )
  const [facts] = reading.value
  assert.equal(facts?.node, 'this-node')
  assert.ok(facts?.interfaces.some(({ loopback }) => loopback))
  assert.ok(facts?.routes.some(({ table }) => table === 'local'))
  assert.ok(facts?.rules.some(({ action }) => action.kind === 'lookup' && action.table === 'main'))
  const told = new Set([...stdout.matchAll(/^# postern-node-facts .* section=([a-z0-9-]+) /gm)].map(found => found[1]))
  for (const name of NODE_FACTS_SECTIONS) assert.ok(told.has(name), name)
})

test('a section that was not asked for, or whose tool is missing, is a gap', { skip: lacks('ip') }, () => {
  const { stdout } = run('sh', SCRIPT, 'n', 'rule')
  const { gaps, value } = readNodeFacts([
    { name: 'f', bytes: new TextEncoder().encode(stdout), cluster: 'c', nodeHint: null },
  ])
  assert.ok(value[0]?.missing.includes('listeners'))
  assert.ok(!value[0]?.missing.includes('rules4'))
  assert.ok(gaps.some(({ resource, why }) => resource === 'node facts ss of n' && why.includes('not asked for')))
})

test('a name that is none is refused', { skip: lacks('sh') }, () => {
  assert.equal(run('sh', SCRIPT, 'two words').status, 2)
})

test('the script keeps exactly the settings of the list', { skip: lacks('grep') }, () => {
  const source = readFileSync(SCRIPT, 'utf8')
  const assignments = source.split('\n').filter(line => line.startsWith('settings='))
  const names = EGRESS_SYSCTLS.map(({ setting }) => setting.replace('*', 'eth0/100'))
  const others = [
    'net.ipv6.conf.all.stable_secret',
    'kernel.hostname',
    'net.ipv4.conf.all.forwardings',
    'net.ipv4.tcp_rmem',
    'xnet.ipv4.ip_forward',
  ]
  const input = [...names, ...others].map(name => `${name} = 1`).join('\n')
  const { stdout } = run('sh', '-c', `${assignments.join('\n')}\ngrep -E "^$settings *=" <<'END'\n${input}\nEND`)
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map(line => line.split(' ')[0]),
    names,
  )
})
