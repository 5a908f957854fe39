import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Fault } from '../../model/intent.ts'
import type { JsonObject } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { documentSchema, KIND_SCHEMAS } from './schemas/kinds.ts'

/** What the published schema of its kind refuses of a document, each with the place that it is about. */
export const schemaFaults = (kind: string, body: JsonObject): readonly Fault[] => {
  const validate = validatorOf(kind)
  if (validate === null || validate(body)) return []
  const found = (validate.errors ?? []).filter(error => !isPartOfAChoice(error)).map(faultOf)
  return [...new Map(found.map(fault => [`${fault.at.join('/')}|${fault.says}`, fault])).values()]
}

const compiled = new Map<string, ValidateFunction>()

/** Compiled when the first document of its kind is read. */
const validatorOf = (kind: string): ValidateFunction | null => {
  const known = compiled.get(kind)
  if (known !== undefined) return known
  const schema = KIND_SCHEMAS.find(one => one.kind === kind)
  if (schema === undefined) return null
  const made = new Ajv2020({ allErrors: true }).compile(documentSchema(schema))
  compiled.set(kind, made)
  return made
}

/** What fails inside `anyOf`, `oneOf` or `not` is told once, by the word around it. */
const isPartOfAChoice = ({ schemaPath }: ErrorObject): boolean => /\/(anyOf|oneOf|not)\//.test(schemaPath)

const faultOf = ({ keyword, instancePath, params, message }: ErrorObject): Fault => {
  const at = pathOf(instancePath)
  const given = params as Readonly<Record<string, unknown>>
  switch (keyword) {
    case 'additionalProperties':
      return { at: [...at, String(given.additionalProperty)], says: `\`${given.additionalProperty}\` is no field here` }
    case 'required':
      return { at, says: `\`${given.missingProperty}\` is missing` }
    case 'dependentRequired':
      return {
        at: [...at, String(given.property)],
        says: `\`${given.property}\` goes with \`${given.missingProperty}\`, which is missing`,
      }
    case 'type':
      return { at, says: `it must be ${TYPES[String(given.type)] ?? given.type}` }
    case 'enum':
      return {
        at,
        says: `it must be one of ${(given.allowedValues as readonly unknown[]).map(one => `\`${one}\``).join(', ')}`,
      }
    case 'const':
      return { at, says: `it must be \`${given.allowedValue}\`` }
    case 'minLength':
      return { at, says: 'it must not be empty' }
    case 'minProperties':
      return { at, says: 'it must say something: an empty object is nobody and nothing' }
    case 'maxItems':
    case 'maxLength':
    case 'maxProperties':
      return { at, says: `it is longer than ${given.limit}` }
    case 'pattern':
      return { at, says: 'it is not written as this field wants it' }
    case 'anyOf':
      return { at, says: 'it must name at least one of the things that tell what it is about' }
    case 'oneOf':
      return { at, says: 'its keys do not go together: nodes are in no namespace, and functions in no cluster' }
    default:
      return { at, says: message ?? keyword }
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text: quote it',
  array: 'a list',
  object: 'an object',
  boolean: '`true` or `false`',
}

/** A JSON Pointer as a path. Source: RFC 6901, section 4. */
const pathOf = (pointer: string): DocumentPath =>
  pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map(step => (/^\d+$/.test(step) ? Number(step) : step))
