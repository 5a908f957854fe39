import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DocumentPath } from '../../model/provenance.ts'
import { linesIn } from './yaml-position.ts'

const check = (text: string, path: DocumentPath, line: number): void => assert.equal(linesIn(text)(path), line)

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: p   # the name
  labels: {app: web,
    tier: front}
spec:

  # two containers
  containers:
  - name: a
    image: x
  -
    name: b
    args: ["one",
      "two"]
    command:
    - |
      sh
      -c
    - last
  "hostNetwork": true
`

test('the line of a key is its own, of an element its first', () => {
  check(POD, [], 1)
  check(POD, ['kind'], 2)
  check(POD, ['metadata', 'name'], 4)
  check(POD, ['metadata', 'labels', 'tier'], 6)
  check(POD, ['spec'], 7)
  check(POD, ['spec', 'containers'], 10)
  check(POD, ['spec', 'containers', 0], 11)
  check(POD, ['spec', 'containers', 0, 'image'], 12)
  check(POD, ['spec', 'containers', 1], 14)
  check(POD, ['spec', 'containers', 1, 'args', 1], 16)
  check(POD, ['spec', 'containers', 1, 'command', 1], 21)
  check(POD, ['spec', 'hostNetwork'], 22)
})

test('what is missing has its parent’s line', () => {
  check(POD, ['spec', 'hostPID'], 7)
  check(POD, ['spec', 'containers', 7, 'name'], 10)
  check(POD, ['kind', 'x'], 2)
  check(POD, ['metadata', 'labels', 0], 5)
  check(POD, ['spec', 'containers', 'name'], 10)
  check(POD, ['nothing'], 1)
})

const LIST = `kind: List
apiVersion: v1
items:
- kind: Pod
  metadata: {name: a}
- {kind: Pod, metadata: {name: b}}
-
  kind: Pod
  spec:
    containers: []
`

test('items of a list', () => {
  check(LIST, ['items', 0], 4)
  check(LIST, ['items', 0, 'metadata', 'name'], 5)
  check(LIST, ['items', 1, 'metadata'], 6)
  check(LIST, ['items', 2, 'spec', 'containers'], 10)
  check(LIST, ['items', 3, 'spec'], 3)
  check('items: {a: 1}\nb: 2', ['items', 0, 'a'], 1)
})

test('forms that move text about', () => {
  check('\ufeffa: 1\nb: 2', ['b'], 2)
  check('a: 1\r\nb:\r\n  c: 2\r\n', ['b', 'c'], 3)
  check('a: &x\n  b: 1\nc: *x\nd: 1', ['c', 'b'], 3)
  check('a: &x\n  b: 1\nc: *x\nd: 1', ['d'], 4)
  check('? a\n: b: 1\nc: 2', ['c'], 3)
  check("\"a\\u0062\": 1\n'c''d': 2", ['ab'], 1)
  check("\"a\\u0062\": 1\n'c''d': 2", ["c'd"], 2)
  check('é: "😀"\nb: 1', ['b'], 2)
  check('', ['a'], 1)
})

/** A document written by hand, one line a leaf, so that the line of every path is known while it is written. */
const documents = fc.letrec<{ readonly node: unknown }>(tie => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('x', 1, true, null),
    fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'items', 'name', '0', 'true'), tie('node'), { minKeys: 1, maxKeys: 4 }),
  ),
})).node

test('in any block document every path has the line it was written on', () => {
  fc.assert(
    fc.property(documents, document => {
      const lines: string[] = []
      const places: { readonly path: DocumentPath; readonly line: number }[] = []
      const write = (node: unknown, path: DocumentPath, indent: string): void => {
        if (typeof node !== 'object' || node === null) {
          lines[lines.length - 1] += ` ${JSON.stringify(node)}`
          return
        }
        for (const [key, child] of Object.entries(node)) {
          if (lines.length % 3 === 0) lines.push(`${indent}# a comment: []`)
          const step = Array.isArray(node) ? Number(key) : key
          lines.push(Array.isArray(node) ? `${indent}-` : `${indent}"${key}":`)
          const line = lines.length
          const here = [...path, step]
          write(child, here, `${indent}  `)
          // An element that is a block starts on the line of its first entry.
          if (!Array.isArray(node) || typeof child !== 'object' || child === null) places.push({ path: here, line })
        }
      }
      write({ root: document }, [], '')
      const lineOf = linesIn(lines.join('\n'))
      for (const { path, line } of places) assert.equal(lineOf(path), line, `${path.join('.')} in\n${lines.join('\n')}`)
    }),
    { numRuns: 500 },
  )
})
