import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ts from 'typescript'
import { emptyFindings, hostileFindings, manyFindings, sampleFindings } from './testing/sample-findings.ts'
import { bareCluster, inventoryOf, sampleInventory } from './testing/sample-inventory.ts'
import { byClass, hostileReach, sampleReach } from './testing/sample-reach.ts'

/** The published schemas hold for real results, and say the same as the types: neither can drift alone. */

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly items?: Schema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly description?: string
  readonly $defs?: Readonly<Record<string, Schema>>
}

const root = join(import.meta.dirname, '../..')
const schemaOf = (name: string): Schema =>
  JSON.parse(readFileSync(join(root, `docs/reference/schemas/${name}.v1.json`), 'utf8')) as Schema

const validators = new Map(
  ['findings', 'inventory', 'reach', 'answer'].map(name => [
    name,
    new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schemaOf(name)),
  ]),
)

const check = (name: string, result: unknown, expected: boolean): void => {
  const validate = validators.get(name)
  assert.equal(validate?.(result), expected, JSON.stringify(validate?.errors, null, 2))
}

describe('published schemas', () => {
  test('a result with findings', () => check('findings', sampleFindings, true))
  test('a result without', () => check('findings', emptyFindings, true))
  test('a large one', () => check('findings', manyFindings(100), true))
  test('a hostile one', () => check('findings', hostileFindings, true))
  test('an inventory', () => check('inventory', sampleInventory, true))
  test('an inventory of a cluster of which nothing is known', () =>
    check('inventory', inventoryOf([bareCluster('c')]), true))
  test('what each workload can reach', () => check('reach', sampleReach, true))
  test('the same by class', () => check('reach', byClass(sampleReach), true))
  test('a hostile one of them', () => check('reach', hostileReach, true))
  test('a zone that does not exist is refused', () => {
    const [workload] = sampleReach.workloads
    const [entry] = workload?.egress ?? []
    const egress = [{ ...entry, to: { kind: 'addresses', zone: 'outer space', ranges: ['1.1.1.1'] } }]
    check('reach', { ...sampleReach, workloads: [{ ...workload, egress }] }, false)
  })
  test('an unknown key is refused', () => check('findings', { ...sampleFindings, extra: 1 }, false))
  test('a missing key is refused', () => check('findings', { ...sampleFindings, summary: undefined }, false))
  test('every part is described', () => {
    const walk = (schema: Schema, where: string): void => {
      assert.ok(
        schema.description !== undefined || schema.$ref !== undefined || where.endsWith('[]') || where.endsWith('|'),
        `${where} has no description`,
      )
      for (const [key, value] of Object.entries(schema.properties ?? {})) walk(value, `${where}.${key}`)
      for (const [key, value] of Object.entries(schema.$defs ?? {})) walk(value, `#${key}`)
      if (schema.items !== undefined) walk(schema.items, `${where}[]`)
    }
    for (const name of validators.keys()) walk(schemaOf(name), name)
  })
})

describe('schemas and types say the same', () => {
  const files = ['finding', 'inventory', 'reach', 'answer'].map(name => join(root, `src/model/${name}.ts`))
  const program = ts.createProgram(files, {
    strict: true,
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
  })
  const checker = program.getTypeChecker()

  const typeNamed = (name: string): ts.Type => {
    for (const file of files) {
      const source = program.getSourceFile(file)
      const module = source && checker.getSymbolAtLocation(source)
      const symbol = module && checker.getExportsOfModule(module).find(item => item.name === name)
      if (symbol) return checker.getDeclaredTypeOfSymbol(symbol)
    }
    throw new Error(`no type \`${name}\``)
  }

  const keyFor = (symbol: ts.Symbol): string =>
    (symbol.flags & ts.SymbolFlags.Optional) === 0 ? symbol.name : `${symbol.name}?`

  /** Shape of a type, in the words of a schema. */
  const ofType = (type: ts.Type): unknown => {
    if (type.isUnion()) {
      // An absent key is said by its question mark.
      const [only, ...more] = type.types.filter(item => (item.flags & ts.TypeFlags.Undefined) === 0)
      if (only !== undefined && more.length === 0) return ofType(only)
      if (type.types.every(item => (item.flags & ts.TypeFlags.BooleanLiteral) !== 0)) return 'boolean'
      const members = type.types.map(ofType)
      return [
        ...new Set(
          members
            .filter(item => item !== 'true' && item !== 'false')
            .concat(members.includes('true') ? ['boolean'] : [])
            .map(item => JSON.stringify(item)),
        ),
      ].toSorted()
    }
    if (type.isStringLiteral()) return { literal: type.value }
    if ((type.flags & ts.TypeFlags.Null) !== 0) return 'null'
    if ((type.flags & ts.TypeFlags.String) !== 0) return 'string'
    if ((type.flags & ts.TypeFlags.Number) !== 0) return 'integer'
    if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return checker.typeToString(type)
    if (checker.isArrayType(type))
      return { list: ofType(checker.getTypeArguments(type as ts.TypeReference)[0] as ts.Type) }
    const keys = checker
      .getPropertiesOfType(type)
      .map(symbol => [keyFor(symbol), ofType(checker.getTypeOfSymbol(symbol))] as const)
    return Object.fromEntries(keys.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  const ofSchema = (schema: Schema, top: Schema): unknown => {
    if (schema.$ref !== undefined) return ofSchema(top.$defs?.[schema.$ref.slice('#/$defs/'.length)] as Schema, top)
    if (schema.const !== undefined) return { literal: schema.const }
    const union = (members: readonly unknown[]): unknown =>
      members.length === 1 ? members[0] : [...new Set(members.map(item => JSON.stringify(item)))].toSorted()
    if (schema.enum !== undefined)
      return union(schema.enum.map(value => (value === null ? 'null' : { literal: value })))
    if (schema.anyOf !== undefined) return union(schema.anyOf.map(item => ofSchema(item, top)))
    if (Array.isArray(schema.type)) return union(schema.type)
    if (schema.type === 'array') return { list: ofSchema(schema.items as Schema, top) }
    if (schema.type !== 'object') return schema.type
    assert.equal(schema.additionalProperties, false)
    const keys = Object.entries(schema.properties ?? {}).map(
      ([key, value]) => [schema.required?.includes(key) ? key : `${key}?`, ofSchema(value, top)] as const,
    )
    return Object.fromEntries(keys.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  for (const [name, type] of [
    ['findings', 'FindingsResult'],
    ['inventory', 'Inventory'],
    ['reach', 'ReachResult'],
    ['answer', 'Answer'],
  ] as const) {
    test(`${name}.v1.json and ${type}`, () => {
      const schema = schemaOf(name)
      assert.deepEqual(ofSchema(schema, schema), ofType(typeNamed(type)))
    })
  }
})
