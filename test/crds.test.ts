import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { loadAll } from 'js-yaml'
import { isObject, type Json, type JsonObject } from '../src/model/json.ts'

/**
 * The CustomResourceDefinitions hold to the rules of structural schemas, which the API server checks when they are applied, and
 * with POSTERN_TEST_KUBECONFIG set a real server takes them, keeps a document word for word, and refuses a wrong one.
 */

const file = join(import.meta.dirname, '../deploy/crds/postern.dev.yaml')
const documents = loadAll(readFileSync(file, 'utf8')) as readonly JsonObject[]
const definitions = documents.filter(({ kind }) => kind === 'CustomResourceDefinition')

/**
 * Source: kubernetes.io, "CustomResourceDefinitions", Specifying a structural schema: a type at every level; inside
 * `allOf`, `anyOf`, `oneOf` and `not` neither types nor descriptions; no `$ref`, no `additionalProperties: false`.
 */
const faultsIn = (schema: Json | undefined, path: string, inLogic: boolean): readonly string[] => {
  if (!isObject(schema)) return [`${path}: no schema`]
  const faults: string[] = []
  if (!inLogic && typeof schema['type'] !== 'string') faults.push(`${path}: no type`)
  for (const key of ['$ref', '$schema', 'const', 'dependentRequired', 'patternProperties', 'definitions'])
    if (key in schema) faults.push(`${path}: \`${key}\``)
  if (inLogic)
    for (const key of ['type', 'description', 'default']) if (key in schema) faults.push(`${path}: \`${key}\``)
  if (schema['additionalProperties'] === false) faults.push(`${path}: additionalProperties is false`)
  if (isObject(schema['additionalProperties'])) {
    if (schema['properties'] !== undefined) faults.push(`${path}: properties and additionalProperties`)
    faults.push(...faultsIn(schema['additionalProperties'], `${path}.*`, inLogic))
  }
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  for (const [name, inner] of Object.entries(properties)) faults.push(...faultsIn(inner, `${path}.${name}`, inLogic))
  if (schema['items'] !== undefined) faults.push(...faultsIn(schema['items'], `${path}[]`, inLogic))
  for (const key of ['allOf', 'anyOf', 'oneOf'])
    for (const [i, inner] of (Array.isArray(schema[key]) ? (schema[key] as readonly Json[]) : []).entries())
      faults.push(...faultsIn(inner, `${path}.${key}[${i}]`, true))
  if (schema['not'] !== undefined) faults.push(...faultsIn(schema['not'], `${path}.not`, true))
  return faults
}

/** A rule over a list without an end could cost the server any amount: it refuses such a schema. */
const unbounded = (schema: Json | undefined, path: string): readonly string[] => {
  if (!isObject(schema)) return []
  const open =
    (schema['type'] === 'array' && schema['maxItems'] === undefined) ||
    (schema['type'] === 'string' &&
      schema['maxLength'] === undefined &&
      schema['enum'] === undefined &&
      schema['pattern'] === undefined)
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  return [
    ...(open ? [path] : []),
    ...Object.entries(properties).flatMap(([name, inner]) => unbounded(inner, `${path}.${name}`)),
    ...unbounded(schema['items'], `${path}[]`),
  ]
}

const schemaOf = (definition: JsonObject): Json | undefined => {
  const [version] = (definition['spec'] as { versions: { schema: { openAPIV3Schema: Json } }[] }).versions
  return version?.schema.openAPIV3Schema
}

describe('structural schemas', () => {
  assert.equal(definitions.length, 9)
  for (const definition of definitions) {
    const { name } = definition['metadata'] as { name: string }
    test(name, () => {
      const schema = schemaOf(definition)
      assert.deepEqual(faultsIn(schema, '', false), [])
      const spec = isObject(schema) && isObject(schema['properties']) ? schema['properties']['spec'] : undefined
      assert.deepEqual(unbounded(spec, 'spec'), [])
    })
  }
  test('a schema that breaks the rules is found out', () => {
    assert.deepEqual(faultsIn({ type: 'object', properties: { a: {} } }, '', false), ['.a: no type'])
    assert.deepEqual(faultsIn({ type: 'object', oneOf: [{ type: 'object' }] }, '', false), ['.oneOf[0]: `type`'])
  })
})

const INTENT = {
  apiVersion: 'postern.dev/v1alpha1',
  kind: 'EgressIntent',
  metadata: { name: 'round-trip', namespace: 'default' },
  spec: {
    from: { namespaces: ['default'] },
    allow: [
      {
        to: { names: ['api.example.com'], cidrs: ['203.0.113.0/24', '2001:db8::/32'] },
        ports: ['443/TCP'],
        owner: 'team',
        justification: 'test',
        reviewBy: '2027-02-01',
      },
    ],
  },
}

const real = process.env['POSTERN_TEST_KUBECONFIG']
test('a real server keeps what is right and refuses what is wrong', {
  skip: !real && 'POSTERN_TEST_KUBECONFIG is not set',
}, async () => {
  const { KubeConfig, KubernetesObjectApi } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  config.loadFromFile(real ?? '')
  const api = KubernetesObjectApi.makeApiClient(config)
  const made: JsonObject[] = []
  const create = async (document: object) => {
    await api.create(document as never)
    made.push(document as JsonObject)
  }
  try {
    for (const definition of definitions) await create(definition)
    await established()
    await create(INTENT)
    const kept = (await api.read(INTENT as never)) as unknown as { spec: unknown }
    assert.deepEqual(kept.spec, INTENT.spec)
    const wrong = (spec: object) =>
      api.create({ ...INTENT, metadata: { ...INTENT.metadata, name: 'wrong' }, spec } as never)
    await assert.rejects(wrong({ from: {}, allow: [] }))
    await assert.rejects(wrong({ from: { nodePools: ['a'], namespaces: ['b'] }, allow: [] }))
    await assert.rejects(wrong({ ...INTENT.spec, allow: [{ to: { cidrs: ['10.0.0.0/33'] } }] }))
    await assert.rejects(
      wrong({ ...INTENT.spec, allow: [{ to: { names: ['a.com'] }, reviewBy: '2027-02-01', expires: '2027-01-01' }] }),
    )
  } finally {
    for (const document of made.toReversed()) await api.delete(document as never).catch(() => undefined)
  }
})

/** A new kind is served a moment after it is created. */
const established = () => new Promise(resolve => setTimeout(resolve, 5000))
