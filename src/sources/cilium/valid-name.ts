import { field, isObject, type Json, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type Fault, fault } from './fault.ts'

/** `matchName` and `matchPattern`, of which a selector of names has one. Source: pkg/policy/api, FQDNSelector.sanitize. */
export const nameFaults = (item: Json, at: DocumentPath, oneOnly: boolean): readonly Fault[] => {
  if (!isObject(item)) return [fault(at, 'is not an object')]
  const name = text(field(item, 'matchName')) ?? ''
  const pattern = text(field(item, 'matchPattern')) ?? ''
  return [
    ...(oneOnly && name !== '' && pattern !== '' ? [fault(at, 'has both matchName and matchPattern')] : []),
    ...(NAME.test(name) ? [] : [fault([...at, 'matchName'], 'holds characters or dots that no name has')]),
    ...(PATTERN.test(pattern) ? [] : [fault([...at, 'matchPattern'], 'holds characters or dots that no pattern has')]),
    ...[name, pattern].filter(one => one.length > 255).map(() => fault(at, 'is longer than 255 characters')),
  ]
}

/** The schema's patterns: letters, digits, `-`, `_`, and a dot after each part but the last, where it may stand. */
const NAME = /^(?:[-a-zA-Z0-9_]+\.?)*$/
const PATTERN = /^(?:[-a-zA-Z0-9_*]+\.?)*$/
