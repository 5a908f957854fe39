import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostImport } from '../model/dialects.ts'
import { isExported, isImported } from './mesh-visible.ts'

// Source: istio.io reference, ServiceEntry, `exportTo`, and Sidecar, `egress.hosts`.
test('exported: to all by default, to its own namespace by `.`, to nobody by `~`', () => {
  const check = (to: readonly string[], byDefault: readonly string[], owner: string, expected: boolean) =>
    assert.equal(isExported(to, byDefault, owner, 'shop'), expected)
  check([], [], 'other', true)
  check(['*'], ['.'], 'other', true)
  check(['.'], [], 'other', false)
  check(['.'], [], 'shop', true)
  check([], ['.'], 'other', false)
  check(['shop'], [], 'other', true)
  check(['~'], [], 'shop', false)
})

test('imported: by namespace and host, of a namespace that is named or of all', () => {
  const check = (
    hosts: readonly string[],
    host: string,
    owner: string,
    expected: boolean,
    port: number | null = null,
  ) => {
    const found = isImported([{ hosts, port }] satisfies readonly HostImport[], host, owner, 'shop')
    assert.equal(found.kind === 'known', expected, `${hosts} ${host} of ${owner}`)
  }
  check(['./*'], 'a.example.com', 'shop', true)
  check(['./*'], 'a.example.com', 'other', false)
  check(['*/*'], 'a.example.com', 'other', true)
  check(['~/*'], 'a.example.com', 'shop', false)
  check(['other/a.example.com'], 'a.example.com', 'other', true)
  check(['other/a.example.com'], 'b.example.com', 'other', false)
  check(['*/*.example.com'], 'a.example.com', 'other', true)
  check(['*/*.example.com'], 'a.example.org', 'other', false)
  check(['*/*.com'], '*.example.com', 'other', true)
  check(['*/a.example.com'], '*.example.com', 'other', false)
  check(['*/*', 'other/b.example.com'], 'a.example.com', 'other', true)
  check(['*/c.example.com', 'other/b.example.com'], 'a.example.com', 'other', false)
  check(['*/*'], 'a.example.com', 'other', true, 80)
})

// Source: istio.io, "Istio 1.31.0 Change Notes": `~ns1/*` excludes all hosts of `ns1`, `~/foo.com` that host of every namespace.
test('taken out: of a namespace, or of all', () => {
  const check = (hosts: readonly string[], host: string, owner: string, expected: boolean) => {
    const found = isImported([{ hosts, port: null }], host, owner, 'shop')
    assert.equal(found.kind === 'known', expected, `${hosts} ${host} of ${owner}`)
  }
  check(['*/*', '~other/*'], 'a.example.com', 'other', false)
  check(['~other/*', '*/*'], 'a.example.com', 'third', true)
  check(['other/*', '~other/a.example.com'], 'a.example.com', 'other', false)
  check(['other/*', '~other/a.example.com'], 'b.example.com', 'other', true)
  check(['*/*', '~/*.example.com'], 'a.example.com', 'other', false)
  check(['*/*', '~/*.example.com'], 'a.example.org', 'other', true)
  // Of a host that begins with a star some names are left.
  check(['*/*', '~/a.example.com'], '*.example.com', 'other', true)
  check(['~other/*'], 'a.example.com', 'third', false)
  // Each listener has a list of its own.
  const two = [
    { hosts: ['*/*', '~other/*'], port: null },
    { hosts: ['other/a.example.com'], port: 80 },
  ]
  assert.deepEqual(isImported(two, 'a.example.com', 'other', 'shop'), { kind: 'known', ports: [80] })
})

test('imported by a listener for one port: for that port', () => {
  assert.deepEqual(isImported([{ hosts: ['*/*'], port: 80 }], 'a.b', 'other', 'shop'), { kind: 'known', ports: [80] })
  assert.deepEqual(isImported(null, 'a.b', 'other', 'shop'), { kind: 'known', ports: 'all' })
})
