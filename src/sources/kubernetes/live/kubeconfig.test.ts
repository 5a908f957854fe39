import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, test } from 'node:test'
import { openContexts } from './kubeconfig.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-kubeconfig-'))
const before = process.env['KUBECONFIG']
after(() => {
  rmSync(folder, { recursive: true, force: true })
  if (before === undefined) delete process.env['KUBECONFIG']
  else process.env['KUBECONFIG'] = before
})

/** `contexts` maps a context to its cluster. */
const write = (
  name: string,
  contexts: Record<string, string>,
  current: string,
  servers: Record<string, string> = {},
): string => {
  const path = join(folder, name)
  const clusters = [...new Set(Object.values(contexts))].map(cluster => ({
    name: cluster,
    cluster: { server: servers[cluster] ?? 'https://192.0.2.1' },
  }))
  const entries = Object.entries(contexts).map(([context, cluster]) => ({
    name: context,
    context: { cluster, user: 'u' },
  }))
  writeFileSync(
    path,
    JSON.stringify({ 'current-context': current, clusters, contexts: entries, users: [{ name: 'u', user: {} }] }),
  )
  return path
}
const check = async (
  path: string | null,
  wanted: readonly string[] | 'all' | 'current',
  expected: readonly string[],
): Promise<void> => {
  const { value, gaps } = await openContexts(path, wanted)
  assert.deepEqual(
    value.map(({ name, cluster }) => `${name}@${cluster}`),
    expected,
  )
  assert.deepEqual(gaps, [])
}

const one = write('one', { admin: 'prod', dev: 'prod', lab: 'lab' }, 'dev')

test('the current context', () => check(one, 'current', ['dev@prod']))
test('all contexts are one for each cluster, the current one first', () => check(one, 'all', ['dev@prod', 'lab@lab']))
test('named contexts are read as named, each once', () =>
  check(one, ['lab', 'admin', 'dev', 'lab'], ['lab@lab', 'admin@prod', 'dev@prod']))
test('KUBECONFIG with several files: the first to name a thing wins, a missing file is passed over', async () => {
  const two = write('two', { lab: 'other', more: 'lab' }, 'more', { lab: 'https://192.0.2.2' })
  process.env['KUBECONFIG'] = [join(folder, 'none'), one, two].join(delimiter)
  await check(null, 'current', ['dev@prod'])
  await check(null, ['lab', 'more'], ['lab@lab', 'more@lab'])
  const { value } = await openContexts(null, ['more'])
  assert.equal(value[0]?.server, 'https://192.0.2.1')
})
test('a context that names a cluster that is not there, and a kubeconfig without contexts', async () => {
  const path = join(folder, 'broken')
  writeFileSync(
    path,
    JSON.stringify({ clusters: [], users: [], contexts: [{ name: 'a', context: { cluster: 'c', user: 'u' } }] }),
  )
  assert.match(
    (await openContexts(path, ['a'])).gaps[0]?.why ?? '',
    /names the cluster `c`, which is not in the kubeconfig/,
  )
  assert.match((await openContexts(path, 'current')).gaps[0]?.why ?? '', /no current context/)
  for (const text of ['', '{', '[]', 'null', 'clusters: 1']) {
    writeFileSync(path, text)
    assert.match(
      (await openContexts(path, 'current')).gaps[0]?.why ?? '',
      /kubeconfig.* (cannot be read|holds no context)/,
    )
  }
})
