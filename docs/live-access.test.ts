import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { KNOWN_CONFIG_MAPS } from '../src/sources/kubernetes/live/config-map-names.ts'
import { KEPT_VARIABLES } from '../src/sources/kubernetes/redact/environment.ts'

const page = readFileSync(join(import.meta.dirname, 'live-access.md'), 'utf8')
const section = (title: string): string => page.split(/^#{2,3} /m).find(part => part.startsWith(title)) ?? ''
const entries = (title: string): readonly string[] =>
  section(title)
    .split('\n')
    .filter(line => line.startsWith('- '))

test('the page lists the environment values that are kept, and no others', () =>
  assert.deepEqual(
    entries('Environment values that are kept'),
    KEPT_VARIABLES.map(({ pattern, why }) => `- \`${pattern}\`: ${why}`),
  ))

test('the page lists the ConfigMaps that are asked for by name, and no others', () =>
  assert.deepEqual(
    entries('What is read'),
    [...KNOWN_CONFIG_MAPS].map(
      ([namespace, names]) => `- \`${namespace}\`: ${names.map(name => `\`${name}\``).join(', ')}`,
    ),
  ))

test('the files that the page names are there', () => {
  for (const [, path = ''] of page.matchAll(/`((?:deploy|src|docs)\/[\w./-]+)`/g)) {
    assert.ok(existsSync(join(import.meta.dirname, '..', path)), path)
  }
})
