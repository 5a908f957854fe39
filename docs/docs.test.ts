import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { referencePages } from '../scripts/reference.ts'
import { PAGES } from '../src/findings/catalogue.ts'

const root = join(import.meta.dirname, '..')
const pages = globSync(['*.md', 'docs/**/*.md', 'src/**/*.md', 'cases/**/*.md', 'examples/**/*.md', 'deploy/**/*.md'], {
  cwd: root,
}).filter(page => !page.includes('node_modules'))

test('generated pages are what the code says: run `npm run docs`', () => {
  for (const [path, text] of Object.entries(referencePages())) {
    assert.equal(readFileSync(join(root, path), 'utf8'), text, path)
  }
})

test('every link between pages leads to a file', () => {
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#|mailto:)/.test(target)) continue
      const path = join(root, dirname(page), target.replace(/#.*$/, ''))
      assert.ok(existsSync(path), `${page} links to ${target}`)
    }
  }
})

test('every finding id that a page names exists', () => {
  const ids = new Set<string>(PAGES.map(check => check.id))
  for (const page of pages) {
    for (const [id] of readFileSync(join(root, page), 'utf8').matchAll(/PST-[A-Z]\d{3}/g))
      assert.ok(ids.has(id), `${page} names ${id}`)
  }
})

test('every npm script and verb that a page tells people to run exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const verbs = [
    'scan',
    'inventory',
    'diff',
    'plan',
    'reach',
    'can',
    'intent',
    'snapshot',
    'explain',
    'help',
    '--help',
    '--version',
  ]
  for (const page of pages) {
    const text = readFileSync(join(root, page), 'utf8')
    for (const [, name = ''] of text.matchAll(/npm run ([a-z:-]+)/g))
      assert.ok(Object.hasOwn(scripts, name), `${page}: npm run ${name}`)
    for (const [, verb = ''] of text.matchAll(/npx postern ([a-z-]+)/g))
      assert.ok(verbs.includes(verb), `${page}: postern ${verb}`)
    for (const [, part = ''] of text.matchAll(/postern intent ([a-z-]+)/g))
      assert.ok(['init', 'lint', 'show'].includes(part), `${page}: postern intent ${part}`)
  }
})

test('references of findings that are pages of this repository exist', () => {
  for (const check of PAGES) {
    assert.ok(check.references.length > 0, check.id)
    for (const reference of check.references) {
      if (!reference.startsWith('https://')) assert.ok(existsSync(join(root, reference)), `${check.id}: ${reference}`)
    }
  }
})
