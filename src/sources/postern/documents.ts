import { keyOf } from '../../model/identity.ts'
import type { IntentDocument, IntentDocuments } from '../../model/intent.ts'
import { compareText } from '../../model/order.ts'
import { compareOrigins } from '../../model/provenance.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { NamePattern } from '../../sets/name-pattern.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { lowerEgressIntent } from './lower-intent.ts'
import {
  lowerApprovedExit,
  lowerEgressPattern,
  lowerEnvironment,
  lowerPrivateEndpoint,
  lowerResolver,
} from './lower-surroundings.ts'
import { faultsIn } from './parts.ts'

/** The documents of the Declared, whatever order they were read in. */
export const intentDocumentsOf = (objects: readonly ApiObject[]): IntentDocuments => {
  const sorted = objects.toSorted(
    (a, b) => compareText(keyOf(a.ref), keyOf(b.ref)) || compareOrigins(a.origin, b.origin),
  )
  const of = <T extends IntentDocument>(kind: string, lower: (object: ApiObject) => T): readonly T[] => {
    const found = sorted.filter(object => object.ref.kind === kind).map(lower)
    const times = Map.groupBy(found, ({ ref }) => keyOf(ref))
    return found.map(one => ((times.get(keyOf(one.ref))?.length ?? 0) > 1 ? contradicted(one) : one))
  }
  const others = ['Exception', 'HostAccessException', 'Standard'].flatMap(kind =>
    of(kind, object => ({ ...sourced(object), faults: faultsIn(object) })),
  )
  return {
    intents: of('EgressIntent', lowerEgressIntent).map(one => (one.faults.some(isContradiction) ? silent(one) : one)),
    exits: of('ApprovedExit', lowerApprovedExit),
    environments: of('Environment', lowerEnvironment),
    endpoints: of('PrivateEndpoint', lowerPrivateEndpoint).map(withoutPlaces),
    resolvers: of('Resolver', lowerResolver).map(withoutPlaces),
    patterns: of('EgressPattern', lowerEgressPattern),
    otherFaults: others.filter(({ faults }) => faults.length > 0),
  }
}

const CONTRADICTION = 'another document of this name says something else: neither declares anything until one is left'

const contradicted = <T extends IntentDocument>(document: T): T => ({
  ...document,
  faults: [...document.faults, { at: ['metadata', 'name'], says: CONTRADICTION }],
})

const isContradiction = ({ says }: IntentDocument['faults'][number]): boolean => says === CONTRADICTION

/** What cannot be read as it was meant stands for no place: an entry that names it must not declare more. */
const withoutPlaces = <
  T extends IntentDocument & { readonly addresses: Addresses; readonly names?: readonly NamePattern[] },
>(
  document: T,
): T =>
  document.faults.length === 0
    ? document
    : { ...document, addresses: bothFamilies.empty, ...(document.names === undefined ? {} : { names: [] }) }

const silent = <T extends IntentDocuments['intents'][number]>(intent: T): T => ({ ...intent, from: null })
