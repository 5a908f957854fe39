import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { discover } from './discover.ts'

const made: string[] = []
after(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true })
})

/** A folder `estate` with these files; a value that starts with `->` is a symbolic link. */
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-discover-'))
  made.push(folder)
  const root = join(folder, 'estate')
  mkdirSync(root)
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    if (content.startsWith('->')) symlinkSync(content.slice(2), path)
    else writeFileSync(path, content)
  }
  return root
}

const found = (root: string, cluster: string | null = null, maxFiles?: number) => {
  const { files, diagnostics } = discover([{ path: root, cluster }], () => null, maxFiles)
  return {
    files: files.map(file => `${file.cluster}: ${file.shown}`),
    trouble: diagnostics.map(({ severity, file, message }) => `${severity} ${file}: ${message}`),
  }
}

const check = (
  tree: Readonly<Record<string, string>>,
  files: readonly string[],
  trouble: readonly string[] = [],
  cluster: string | null = null,
): void => assert.deepEqual(found(folderOf(tree), cluster), { files, trouble })

test('files are listed sorted, folders below included, and belong to one cluster', () =>
  check({ 'b.yaml': '', 'a/z.json': '', 'a/y/x': '' }, ['estate: a/y/x', 'estate: a/z.json', 'estate: b.yaml']))

test('`clusters/` holds one cluster for each first-level folder, and only at the top', () =>
  check(
    { 'clusters/c1/a/x.yaml': '', 'clusters/c2/x.yaml': '', 'clusters/note.txt': '', 'sub/clusters/c3/x.yaml': '' },
    [
      'c1: clusters/c1/a/x.yaml',
      'c2: clusters/c2/x.yaml',
      'estate: clusters/note.txt',
      'estate: sub/clusters/c3/x.yaml',
    ],
  ))

test('a name that is given wins over folders', () =>
  check({ 'clusters/c1/x.yaml': '', 'y.yaml': '' }, ['prod: clusters/c1/x.yaml', 'prod: y.yaml'], [], 'prod'))

test('a snapshot names its folders itself', () => {
  const root = folderOf({ 'clusters/f1/x.yaml': '', 'clusters/f2/x.yaml': '' })
  const { files } = discover([{ path: root, cluster: null }], () => new Map([['f1', 'eu/prod']]))
  assert.deepEqual(
    files.map(file => file.cluster),
    ['eu/prod', 'f2'],
  )
})

test('one file is a cluster named after it, `-` is stdin', () => {
  const root = folderOf({ 'x.yaml': '' })
  const { files } = discover(
    [
      { path: join(root, 'x.yaml'), cluster: null },
      { path: '-', cluster: null },
    ],
    () => null,
  )
  assert.deepEqual(
    files.map(file => [file.cluster, file.shown]),
    [
      ['x.yaml', 'x.yaml'],
      ['stdin', '-'],
    ],
  )
})

test('a folder that links to a parent is not entered again', () =>
  check({ 'a/x.yaml': '', 'a/up': '->..', 'a/self': '->.', 'clusters/c1/y.yaml': '', 'clusters/c1/top': '->../..' }, [
    'estate: a/x.yaml',
    'c1: clusters/c1/y.yaml',
  ]))

test('two clusters that link to one folder both have it', () =>
  check({ 'base/x.yaml': '', 'clusters/c1': '->../base', 'clusters/c2': '->../base' }, [
    'estate: base/x.yaml',
    'c1: clusters/c1/x.yaml',
    'c2: clusters/c2/x.yaml',
  ]))

test('links that lead nowhere are told, the rest is listed', () =>
  check(
    { 'x.yaml': '', dangling: '->nowhere', loop: '->loop', 'one/two': '->../one/three', 'one/three': '->two' },
    ['estate: x.yaml'],
    [
      'error dangling: a symbolic link to nothing',
      'error loop: a symbolic link that leads to itself',
      'error one/three: a symbolic link that leads to itself',
      'error one/two: a symbolic link that leads to itself',
    ],
  ))

test('a SOURCE that is not there, or leads to itself, is told', () => {
  const root = folderOf({ loop: '->loop', dangling: '->nowhere' })
  assert.match(found(join(root, 'none')).trouble[0] ?? '', /no such file or directory: check the path$/)
  assert.match(found(join(root, 'loop')).trouble[0] ?? '', /a symbolic link that leads to itself$/)
  assert.match(found(join(root, 'dangling')).trouble[0] ?? '', /a symbolic link to nothing$/)
})

test('a pipe in a folder is told and not waited for', { skip: process.platform === 'win32' && 'no mkfifo' }, () => {
  const root = folderOf({ 'x.yaml': '' })
  execFileSync('mkfifo', [join(root, 'pipe')])
  assert.deepEqual(found(root), {
    files: ['estate: x.yaml'],
    trouble: ['warning pipe: neither a file nor a folder: not read'],
  })
})

test('a name that is not UTF-8 is told', {
  skip: process.platform !== 'linux' && 'names are bytes on Linux only',
}, () => {
  const root = folderOf({ 'x.yaml': '' })
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff])]), '')
  const { files, trouble } = found(root)
  assert.deepEqual(files, ['estate: x.yaml'])
  assert.match(trouble[0] ?? '', /its name is not UTF-8 text: rename it$/)
})

test('a folder called like a file is a folder; `.git` and `node_modules` are not entered', () =>
  check({ 'x.yaml/y.yaml': '', '.git/config': '', 'node_modules/p/x.yaml': '' }, ['estate: x.yaml/y.yaml']))

test('very deep folders end somewhere, and it is told', () => {
  const root = folderOf({ [`${'d/'.repeat(70)}x.yaml`]: '', 'y.yaml': '' })
  const { files, trouble } = found(root)
  assert.deepEqual(files, ['estate: y.yaml'])
  assert.equal(trouble.length, 1)
  assert.match(trouble[0] ?? '', /more than 64 folders deep: not read$/)
})

test('folders that link to each other many times over are entered once each', () => {
  const tree: Record<string, string> = { 'end/x.yaml': '' }
  for (let level = 0; level < 30; level++) {
    tree[`l${level}/a`] = level === 29 ? '->../end' : `->../l${level + 1}`
    tree[`l${level}/b`] = level === 29 ? '->../end' : `->../l${level + 1}`
  }
  assert.equal(found(folderOf(tree)).files.length, 1)
})

test('past the limit reading stops cleanly and says so; at the limit nothing is said', () => {
  const root = folderOf({ a: '', b: '', c: '' })
  assert.deepEqual(found(root, null, 3), { files: ['estate: a', 'estate: b', 'estate: c'], trouble: [] })
  const { files, trouble } = found(root, null, 2)
  assert.deepEqual(files, ['estate: a', 'estate: b'])
  assert.match(trouble[0] ?? '', /more than 2 files: name a smaller folder; the rest was not read$/)
})
