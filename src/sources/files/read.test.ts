import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { at, text } from '../../model/json.ts'
import { inMemory } from './bytes.ts'
import { type ReadEvent, readFile } from './read.ts'

const shown = (event: ReadEvent): string => {
  switch (event.kind) {
    case 'document': {
      const name = text(at(event.body, 'metadata', 'name')) ?? ''
      const item = event.origin.item === null ? '' : ` item ${event.origin.item}`
      return `${event.origin.line} ${text(at(event.body, 'kind')) ?? '?'} ${name}${item}`
    }
    case 'diagnostic': {
      const { severity, line, column, message } = event.diagnostic
      return `${severity} ${line}:${column} ${message}`
    }
    case 'unrecognised':
      return `unrecognised ${event.line} ${event.why}`
    case 'text':
      return 'text'
  }
}

const read = (name: string, content: string | Buffer): readonly ReadEvent[] => {
  const bytes = inMemory(Buffer.from(content as string))
  return [...readFile({ path: `/x/${name}`, shown: name, cluster: 'c' }, 0, bytes)]
}

const check = (name: string, content: string | Buffer, expected: readonly string[]): void =>
  assert.deepEqual(read(name, content).map(shown), expected)

const pod = (name: string): string => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"}}`

describe('JSON', () => {
  test('a document, several, with a YAML marker between, one a line', () => {
    check('a.json', pod('a'), ['1 Pod a'])
    check('a.json', `${pod('a')}\n${pod('b')}\r\n\n${pod('c')}`, ['1 Pod a', '2 Pod b', '4 Pod c'])
    check('a.json', `${pod('a')}\n---\n${pod('b')}\n...\n`, ['1 Pod a', '3 Pod b'])
  })
  test('a List, a typed list, and a list in a list', () => {
    check('a', `{"apiVersion":"v1","kind":"List","items":[\n${pod('a')},\n${pod('b')}]}`, ['2 Pod a', '3 Pod b'])
    check('a', '{"kind":"PodList","apiVersion":"v1","items":[\n{"metadata":{"name":"a"}}]}', ['2 Pod a'])
    check('a', '{"items":[\n{"metadata":{"name":"a"}}],"kind":"PodList","apiVersion":"v1"}', ['2 Pod a'])
    check('a', `{"kind":"List","items":[{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}}]}]}`, [
      '1 Pod a item 0',
    ])
  })
  test('an array of objects', () => check('a', `[${pod('a')},${pod('b')}]`, ['1 Pod a', '1 Pod b']))
  test('a list of nothing', () => {
    check('a', '{"kind":"PodList","apiVersion":"v1","items":null}', [])
    check('a', '{"kind":"List","apiVersion":"v1","items":[]}', [])
    check('a.yaml', 'kind: PodList\napiVersion: v1\nitems: null\n', [])
  })
  test('an object that merely has `items` is one document', () =>
    check('a', '{"apiVersion":"x/v1","kind":"Menu","metadata":{"name":"m"},"items":[{"dish":1}]}', ['1 Menu m']))
  test('an object that merely has `items` with kinds of their own', () =>
    check('a', '{"apiVersion":"x/v1","kind":"Menu","metadata":{"name":"m"},"items":[{"kind":"Dish"}]}', [
      '1 Dish ',
      '1 Menu m',
    ]))
  test('a typed list that is cut off still names its items', () =>
    check('a', '{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},\n{"meta"', [
      '1 Pod a',
      'error 2:8 the file ends before the document does: it is cut off: what came before was read',
    ]))
  test('items that are no objects are told', () =>
    check('a', `{"kind":"List","apiVersion":"v1","items":[1,null,"x",[],${pod('a')}]}`, [
      ...Array(4).fill('unrecognised 1 JSON, but no object'),
      '1 Pod a',
    ]))
  test('a byte order mark', () => check('a.json', `\ufeff${pod('a')}`, ['1 Pod a']))
})

describe('JSON that is broken', () => {
  test('is told with line and column, and the rest is read', () => {
    check('a', `{"kind":"List","apiVersion":"v1","items":[\n${pod('a')},\n {"kind": Pod},\n${pod('b')}]}`, [
      '2 Pod a',
      'error 3:11 not JSON: a value is missing',
      '4 Pod b',
    ])
    check('a', `${pod('a')}\n{"apiVersion":"v1","kind":"Pod",}\n${pod('b')}`, [
      '1 Pod a',
      'error 2:33 not JSON: a key in double quotes is missing',
      '3 Pod b',
    ])
  })
  test('a missing quote costs one item', () =>
    check('a', `{"apiVersion":"v1","kind":"List","items":[\n{"kind":"Pod,\n "metadata":{}},\n${pod('b')}]}`, [
      'error 2:14 not JSON: a line break or control character inside a string',
      '4 Pod b',
    ]))
  test('a comma too few', () =>
    check('a', `{"apiVersion":"v1","kind":"List","items":[${pod('a')}\n${pod('b')}]}`, [
      '1 Pod a',
      'error 2:1 a comma is missing between two elements',
      '2 Pod b',
    ]))
  test('words between documents end the file with one error', () =>
    check('a', `${pod('a')}\noops what now\n${pod('b')}`, ['1 Pod a', 'error 2:1 not JSON: a value is missing']))
  test('is no error where nothing claims to be an API object', () => {
    check('tsconfig.json', '{\n // why\n "a": 1\n}', [
      'unrecognised 2 not a JSON document: a key in double quotes or `}` is missing',
    ])
    check('unit.service', '[Unit]\nDescription=x\n[Service]\nExecStart=y', [
      'unrecognised 1 not a JSON document: a value is missing',
    ])
    check('Cargo.toml', '[package]\nname = "x"\n', ['unrecognised 1 not a JSON document: a value is missing'])
    check('x.json', '{"a":', [
      'unrecognised 1 not a JSON document: the file ends before the document does: it is cut off',
    ])
  })
})

describe('YAML', () => {
  test('documents, a List with the index of each item, a typed list', () => {
    check('a.yaml', 'kind: Pod\napiVersion: v1\n---\n\nkind: Pod\napiVersion: v1\nmetadata: {name: b}\n', [
      '1 Pod ',
      '5 Pod b',
    ])
    check('a.yaml', `apiVersion: v1\nkind: List\nitems:\n- ${pod('a')}\n- ${pod('b')}\n`, [
      '1 Pod a item 0',
      '1 Pod b item 1',
    ])
    check('a.yaml', 'apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n', ['1 Pod a item 0'])
  })
  test('items that are no objects are told', () =>
    check('a.yaml', 'apiVersion: v1\nkind: List\nitems: [1, null, {kind: Pod}]', [
      'unrecognised 1 item 0 of a list is no object',
      'unrecognised 1 item 1 of a list is no object',
      '1 Pod  item 2',
    ]))
  test('in flow style, and JSON, in a file called YAML', () => {
    check('a.yaml', '{apiVersion: v1, kind: Pod, metadata: {name: a}}', ['1 Pod a'])
    check('a.yml', `${pod('a')}\n---\nkind: Pod\nmetadata: {name: b}\n`, ['1 Pod a', '3 Pod b'])
  })
  test('is known by its content where the name says nothing', () => {
    check('a', '# why\napiVersion: v1\nkind: Pod\n', ['2 Pod '])
    check('a', '---\nx: 1\n', ['2 ? '])
  })
  test('a template is unrecognised, wherever its braces stand', () => {
    const template = 'unrecognised 1 a template: render it first'
    check('a.yaml', '{{- if .Values.x }}\napiVersion: v1\nkind: Pod\n{{- end }}', [template])
    check('a.yaml', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n', [template])
    check('a.yaml', 'apiVersion: v1\nkind: Pod\nspec:\n{{ include "x" . | indent 2 }}\n', [template])
    check('a.yaml', 'kind: Pod\napiVersion: v1\n---\nkind: {{ x }}\n', [
      '1 Pod ',
      'unrecognised 4 a template: render it first',
    ])
    check('_helpers.tpl', '{{/* names */}}\n{{- define "x" -}}\n', ['text'])
  })
  test('that is broken and claims to be an API object is an error with its place; the rest is read', () =>
    check(
      'a.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n\napiVersion: v1\nkind: Pod\nspec:\n  a: 1\n b: 2\n---\nkind: Pod\n',
      ['1 Pod a', 'error 10:2 bad indentation of a mapping entry', '12 Pod '],
    ))
  test('that is broken and claims nothing is unrecognised', () =>
    check('a.yaml', 'a: 1\n b: 2', ['unrecognised 2 not a YAML document: bad indentation of a mapping entry']))
  test('broken flow style that claims is an error', () =>
    check('a.yaml', '{apiVersion: v1, kind: Pod, metadata: {name: a', [
      'error 1:47 unexpected end of the stream within a flow collection',
    ]))
  test('that holds text or nothing', () => {
    check('a.yaml', 'just words\n', ['unrecognised 1 YAML, but no object'])
    check('a.yaml', '- 1\n- 2\n', ['unrecognised 1 YAML, but no object'])
    check('a.yaml', '# nothing\n---\n', [])
    check('a.yaml', 'null\n', [])
  })
})

describe('what is neither', () => {
  test('an empty file gives nothing', () => check('a.yaml', '', []))
  test('binary', () => check('a', Buffer.from([1, 0, 2]), ['unrecognised null binary file']))
  test('UTF-16 is an error where it claims to be an API object', () => {
    const le = Buffer.from('\ufeffapiVersion: v1\nkind: Pod\n', 'utf16le')
    check('a.yaml', le, ['error 1:1 UTF-16 text: save it as UTF-8'])
    check('a.yaml', Buffer.from(le).swap16(), ['error 1:1 UTF-16 text: save it as UTF-8'])
    check('a.txt', Buffer.from('\ufeffhello', 'utf16le'), ['unrecognised null UTF-16 text: save it as UTF-8'])
  })
  test('plain text', () => check('README', 'words\n', ['text']))
})
