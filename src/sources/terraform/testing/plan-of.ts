import assert from 'node:assert/strict'
import type { Fabric, NextHop } from '../../../model/fabric.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import { printCidr } from '../../../sets/cidr.ts'
import { type AwsReading, awsFabric } from '../../aws/fabric.ts'
import type { RawDocument } from '../../files/read.ts'
import { type TerraformReading, terraformReading } from '../reading.ts'

/** One resource of a plan: what is known of it, and what is not. For tests only. */
export interface Planned {
  readonly values?: JsonObject
  readonly unknown?: JsonObject
  readonly secret?: JsonObject
  readonly actions?: readonly string[]
}

/** What was written: expressions by `TYPE.NAME`, and the rest of a module as Terraform prints it. */
export interface Written {
  readonly resources?: Readonly<Record<string, JsonObject>>
  readonly forEach?: Readonly<Record<string, JsonObject>>
  readonly outputs?: Readonly<Record<string, JsonObject>>
  readonly calls?: Readonly<Record<string, Call>>
}

interface Call {
  readonly expressions?: JsonObject
  readonly forEach?: JsonObject
  readonly module: Written
}

export const refs = (...references: readonly string[]): JsonObject => ({ references })

/** `aws_vpc.a`, made and with an id that nobody knows. */
export const made = (values: JsonObject = {}, unknown: JsonObject = {}): Planned => ({
  values,
  unknown: { id: true, ...unknown },
  actions: ['create'],
})

/** A VPC that is made, as the provider plans it: its defaults are filled in later. */
export const madeVpc = (values: JsonObject = {}, unknown: JsonObject = {}): Planned =>
  made(values, {
    default_route_table_id: true,
    default_network_acl_id: true,
    default_security_group_id: true,
    main_route_table_id: true,
    ipv6_cidr_block: true,
    ...unknown,
  })

export const there = (values: JsonObject): Planned => ({ values, actions: ['no-op'] })

type Resources = Readonly<Record<string, Planned>>

export const planOf = (
  after: Resources,
  written: Written = {},
  before: Resources = {},
  more: JsonObject = {},
): JsonObject => ({
  format_version: '1.2',
  terraform_version: '1.11.4',
  planned_values: valuesOf(after),
  prior_state: { format_version: '1.0', values: valuesOf(before) },
  resource_changes: Object.entries(after).map(
    ([address, { values = {}, unknown = {}, secret = {}, actions = ['create'] }]): Json => ({
      address,
      change: { actions, after: values, after_unknown: unknown, after_sensitive: secret },
    }),
  ),
  configuration: { root_module: moduleOf(written) },
  ...more,
})

export const stateOf = (resources: Resources): JsonObject => ({ format_version: '1.0', values: valuesOf(resources) })

const ADDRESS = /^((?:module\.\w+(?:\[[^\]]*\])?\.)*)(data\.)?(\w+)\.(\w+)(?:\[(.*)\])?$/

const valuesOf = (resources: Resources): JsonObject => {
  const modules = Map.groupBy(Object.entries(resources), ([address]) => (ADDRESS.exec(address)?.[1] ?? '').slice(0, -1))
  const inModule = (module: string): Json[] =>
    (modules.get(module) ?? []).map(([address, { values = {}, secret = {} }]): Json => {
      const [, , data, type = '', name = '', index] = ADDRESS.exec(address) ?? []
      return {
        address,
        mode: data === undefined ? 'managed' : 'data',
        type,
        name,
        ...(index === undefined ? {} : { index: JSON.parse(index) as Json }),
        values,
        sensitive_values: secret,
      }
    })
  const children = [...modules.keys()].filter(module => module !== '')
  return {
    root_module: {
      resources: inModule(''),
      child_modules: children.map((address): Json => ({ address, resources: inModule(address) })),
    },
  }
}

const moduleOf = ({ resources = {}, forEach = {}, outputs = {}, calls = {} }: Written): JsonObject => ({
  resources: Object.entries(resources).map(([address, expressions]): Json => {
    const [type = '', name = ''] = address.split('.')
    const each = forEach[address]
    return { address, mode: 'managed', type, name, expressions, ...(each ? { for_each_expression: each } : {}) }
  }),
  outputs: Object.fromEntries(Object.entries(outputs).map(([name, expression]) => [name, { expression }])),
  module_calls: Object.fromEntries(
    Object.entries(calls).map(([name, { expressions = {}, forEach: each, module }]) => [
      name,
      { expressions, ...(each ? { for_each_expression: each } : {}), module: moduleOf(module) },
    ]),
  ),
})

export const documentOf = (body: JsonObject, file = 'plan.json'): RawDocument => ({
  kind: 'document',
  body,
  origin: { file, source: 0, start: 0, end: 1, line: 1, format: 'json', item: null },
  cluster: 'c',
})

export const readingOf = (body: JsonObject): Exclude<TerraformReading, { kind: 'refused' }> => {
  const reading = terraformReading(documentOf(body))
  if (reading.kind === 'refused') assert.fail(reading.why)
  return reading
}

export const afterOf = (body: JsonObject): AwsReading => awsFabric([], [readingOf(body).after])

export const beforeOf = (body: JsonObject): AwsReading => {
  const reading = readingOf(body)
  return awsFabric([], reading.kind === 'plan' ? [reading.before] : [])
}

/** The routes of a table, one line each: destination and where it leads, without what every id begins with. */
export const routesOf = ({ fabric }: { readonly fabric: Fabric }, table: string): readonly string[] =>
  (fabric.tables.find(({ id }) => id === `aws:route-table/${table}`)?.routes ?? []).map(
    ({ destination, next }) => `${destination === null ? '?' : printCidr(destination)} ${hopText(next)}`,
  )

const hopText = (next: NextHop): string =>
  next.kind === 'network'
    ? 'local'
    : 'id' in next && next.kind !== 'unknown'
      ? (next.id ?? '').replace(/^aws:/, '')
      : next.kind

/** Which table each subnet uses. */
export const tablesOf = ({ fabric }: { readonly fabric: Fabric }): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    fabric.subnets.map(({ id, table }) => [
      id.replace('aws:subnet/', ''),
      table?.replace('aws:route-table/', '') ?? null,
    ]),
  )
