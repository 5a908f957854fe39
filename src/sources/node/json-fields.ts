import { field, integer, type Json, type JsonObject, text, texts } from '../../model/json.ts'
import type { UnknownFact } from '../../model/node-firewall.ts'

/** Untrusted JSON of the `ip` and `nft` tools: a member of the wrong type is as good as absent, and is reported. */
export const textOf = (object: JsonObject, key: string): string | null => text(field(object, key)) ?? null
export const integerOf = (object: JsonObject, key: string): number | null => integer(field(object, key)) ?? null
export const textsOf = (object: JsonObject, key: string): readonly string[] => texts(field(object, key))
export const has = (object: JsonObject, key: string): boolean => Object.hasOwn(object, key)

/** A value as text, bounded: for `unknown` facts and messages. */
export const jsonText = (value: Json | undefined): string => (JSON.stringify(value) ?? '').slice(0, 500)
export const unknown = (value: Json | undefined): UnknownFact => ({ kind: 'unknown', text: jsonText(value) })

/** The members whose keys are in neither list, as unknown facts. */
export const unknownMembers = (object: JsonObject, known: ReadonlySet<string>): readonly UnknownFact[] =>
  Object.keys(object)
    .filter(key => !known.has(key))
    .map(key => ({ kind: 'unknown', text: `${key} ${jsonText(object[key])}` }))
