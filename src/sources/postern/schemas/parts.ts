import type { JsonObject } from '../../../model/json.ts'

/** Pieces that the schemas of several documents share. Dialect: JSON Schema 2020-12, and what of it a CustomResourceDefinition can say. */

/** A rule over the values of an object that a schema cannot say, in the language of CustomResourceDefinitions. */
export interface Rule {
  /** Common Expression Language; `self` is the object. */
  readonly rule: string
  readonly message: string
}

/** What is published of one kind. */
export interface KindSchema {
  readonly kind: string
  readonly plural: string
  readonly description: string
  readonly scope: 'Namespaced' | 'Cluster'
  readonly spec: JsonObject
}

export const words = (description: string): JsonObject => ({
  type: 'string',
  minLength: 1,
  maxLength: 1024,
  description,
})

/** Lists have an end: a rule over them costs the API server as much as the longest could. */
export const listOf = (items: JsonObject, description: string, maxItems = 256): JsonObject => ({
  type: 'array',
  maxItems,
  items,
  description,
})

const GLOB: JsonObject = { type: 'string', minLength: 1, maxLength: 253 }
export const globs = (description: string): JsonObject => listOf(GLOB, `${description} \`*\` is any run of characters.`)

export const mapOfGlobs = (description: string): JsonObject => ({
  type: 'object',
  maxProperties: 64,
  additionalProperties: { type: 'string', maxLength: 253 },
  description,
})

export const day = (description: string): JsonObject => ({
  type: 'string',
  // Of a time the day counts.
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(T.+)?$',
  description,
})

/** `*.` is one label, `**.` one or more, and nothing else stands for anything. Underscores occur in real names. */
export const NAME_PATTERN =
  '^(\\*{1,2}\\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?$'
export const names = (description: string): JsonObject =>
  listOf(
    { type: 'string', minLength: 1, maxLength: 253, pattern: NAME_PATTERN },
    `${description} \`*.\` in front is exactly one label, \`**.\` one or more.`,
  )

/** The form here, the number by a rule: which addresses there are a pattern cannot say. */
export const cidrs = (description: string): JsonObject =>
  listOf(
    {
      type: 'string',
      minLength: 2,
      maxLength: 64,
      pattern: '^[0-9A-Fa-f:.]+(/\\d{1,3})?$',
      ...rules({ rule: 'isCIDR(self) || isIP(self)', message: 'no address and no block of addresses' }),
    },
    description,
    1024,
  )

/** `443/TCP`, `8000-8080/TCP`, `53/UDP`, `8/ICMP`, `*\/GRE`. */
export const ports: JsonObject = listOf(
  { type: 'string', minLength: 1, maxLength: 64, pattern: '^[0-9*,/-]+(/[A-Za-z0-9]+)?$' },
  'Ports with their protocol, `443/TCP`, `8000-8080/TCP`, `8/ICMP`; TCP where none is named. Absent: every port.',
)

export const strict = (properties: JsonObject, required: readonly string[], more: JsonObject = {}): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
  ...more,
})

/** Rules stand under the word that CustomResourceDefinitions have for them; other readers of the schema pass over it. */
export const rules = (...all: readonly Rule[]): JsonObject => ({
  'x-kubernetes-validations': all.map(({ rule, message }) => ({ rule, message })),
})

/** At least one of these keys. */
export const anyOf = (...keys: readonly string[]): JsonObject => ({ anyOf: keys.map(key => ({ required: [key] })) })
