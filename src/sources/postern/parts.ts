import type { Fault } from '../../model/intent.ts'
import { field, type Json, list, text, texts } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { type Addresses, addressesOfCidrs } from '../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import { type NamePattern, readNamePattern } from '../../sets/name-pattern.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { schemaFaults } from './validate.ts'

/** A list in the making. */
export type Faults = Fault[]

/** What the schema refuses of a document, and days that no calendar has; lowering adds what else no schema can tell. */
export const faultsIn = ({ ref, body, spec }: ApiObject): Faults => [
  ...schemaFaults(ref.kind, body),
  ...noDays(spec, ['spec']),
  ...list(field(spec, 'allow')).flatMap((entry, i) => noDays(entry, ['spec', 'allow', i])),
]

const noDays = (value: Json | undefined, place: DocumentPath): readonly Fault[] =>
  ['reviewBy', 'expires'].flatMap(key => {
    const written = text(field(value, key))
    const day = written === undefined ? null : dayOf(written)
    return day === null || isDay(day) ? [] : [{ at: [...place, key], says: `no calendar has the day \`${day}\`` }]
  })

const dayOf = (written: string): string | null => /^\d{4}-\d{2}-\d{2}/.exec(written)?.[0] ?? null

/** The thirtieth of February is rolled over to March by some readers and refused by others. */
const isDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** null: not given, which is another thing than an empty list. */
export const globsIn = (value: Json | undefined, key: string): readonly string[] | null => {
  const written = field(value, key)
  return written === undefined || written === null ? null : texts(written)
}

export const sayIn = (value: Json | undefined, key: string): string | null => text(field(value, key)) || null

/** The day of a date or a time; null where none is written. */
export const dateIn = (value: Json | undefined, key: string): string | null => {
  const written = text(field(value, key))
  const day = written === undefined ? null : dayOf(written)
  return day !== null && isDay(day) ? day : null
}

export const readNames = (written: Json | undefined, place: DocumentPath, faults: Faults): readonly NamePattern[] =>
  texts(written).flatMap((name, i): readonly NamePattern[] => {
    const read = readNamePattern(name)
    // `*` alone, and inside a label, are words of other dialects: here a star is a whole label, in front.
    const why = read.kind === 'refused' ? read.why : /\*/.test(name.replace(/^\*\*?\./, '')) ? ONLY_IN_FRONT : null
    if (read.kind === 'read' && why === null) return [read.value]
    if (why !== null) faults.push({ at: [...place, i], says: why })
    return []
  })

const ONLY_IN_FRONT = 'a star is a whole label in front: `*.` is one, `**.` one or more'

/** An address is the block of itself. */
const wholeOf = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`

export const readAddresses = (written: Json | undefined, place: DocumentPath, faults: Faults): Addresses =>
  addressesOfCidrs(
    texts(written).flatMap((block, i): readonly AnyCidr[] => {
      const read = readCidr(block.includes('/') ? block : wholeOf(block))
      if (read.kind === 'read') return [read.value]
      faults.push({ at: [...place, i], says: read.why })
      return []
    }),
  )
