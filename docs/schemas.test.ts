import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { loadAll } from 'js-yaml'

const root = join(import.meta.dirname, '..')
const schemas = new Map(
  globSync('docs/reference/schemas/*.v1alpha1.json', { cwd: root }).map(file => {
    const schema = JSON.parse(readFileSync(join(root, file), 'utf8')) as { title: string }
    return [schema.title, new Ajv2020({ allErrors: true }).compile(schema)] as const
  }),
)

const check = (text: string, where: string): number => {
  const documents = loadAll(text) as readonly { kind?: string; apiVersion?: string }[]
  const ours = documents.filter(document => document?.apiVersion === 'postern.dev/v1alpha1')
  for (const document of ours) {
    const validate = schemas.get(document.kind ?? '')
    assert.ok(validate, `${where}: no schema for ${document.kind}`)
    assert.ok(validate(document), `${where}: ${JSON.stringify(validate.errors)}`)
  }
  return ours.length
}

test('every postern.dev document in the docs follows its schema', () => {
  let seen = 0
  for (const page of globSync('docs/*.md', { cwd: root })) {
    for (const [, yaml = ''] of readFileSync(join(root, page), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)) {
      if (yaml.includes('postern.dev/')) seen += check(yaml, page)
    }
  }
  assert.ok(seen >= 2)
})

test('every postern.dev document of the example estate follows its schema', () => {
  let seen = 0
  for (const file of globSync('examples/estate/*.yaml', { cwd: root }))
    seen += check(readFileSync(join(root, file), 'utf8'), file)
  assert.ok(seen >= 3)
})

test('a field that nobody reads is refused', () => {
  const validate = schemas.get('Exception')
  const document = {
    apiVersion: 'postern.dev/v1alpha1',
    kind: 'Exception',
    metadata: { name: 'x' },
    spec: { findings: ['PST-N001'], owner: 'a', justification: 'b', expires: '2027-01-01', untill: '2028-01-01' },
  }
  assert.equal(validate?.(document), false)
})
