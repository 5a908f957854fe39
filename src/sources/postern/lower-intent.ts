import type { Allowance, EgressIntent, Fault, IntentSubject } from '../../model/intent.ts'
import { field, isObject, type Json, list, text, textMap, texts } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { parseTraffic } from '../../sets/parse-traffic.ts'
import { type Traffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { dateIn, type Faults, faultsIn, globsIn, readAddresses, readNames, sayIn } from './parts.ts'

/** `EgressIntent`. What cannot be read declares nothing, and is a fault. */
export const lowerEgressIntent = (object: ApiObject): EgressIntent => {
  const faults = faultsIn(object)
  const namespace = text(field(object.metadata, 'namespace')) || null
  const written = field(object.spec, 'from')
  const from = subjectOf(written)
  if (namespace !== null && !speaksOfItself(from, namespace)) {
    const says = `it stands in namespace \`${namespace}\`, so it may speak of that namespace only`
    faults.push({ at: ['spec', 'from', 'namespaces'], says })
  }
  // A list that is longer than the schema takes is not read: nobody knows which end of it counts.
  const entries = faults.some(({ at }) => at.length === 2 && at[1] === 'allow') ? [] : list(field(object.spec, 'allow'))
  const allow = entries.map((entry, i) => allowanceOf(entry, ['spec', 'allow', i], faults))
  return {
    ...sourced(object),
    faults,
    namespace,
    // Whom it speaks of is read as it was meant, or not at all: a key that is misspelt must not make it speak of more.
    from: faults.some(isOfWhole) ? null : from,
    // Likewise an entry: `port` for `ports` must not declare every port.
    allow: allow.filter((_, place) => !faults.some(({ at: [, key, i] }) => key === 'allow' && i === place)),
  }
}

/** Not of one entry alone: `expires` beside `from` was meant to end all of it. */
const isOfWhole = ({ at: [, key, entry] }: Fault): boolean => key !== 'allow' || typeof entry !== 'number'

const speaksOfItself = (from: IntentSubject | null, namespace: string): boolean =>
  from?.kind === 'workloads' && from.namespaces?.length === 1 && from.namespaces[0] === namespace

const subjectOf = (from: Json | undefined): IntentSubject | null => {
  if (!isObject(from)) return null
  if (field(from, 'nodePools') !== undefined)
    return { kind: 'nodes', nodePools: texts(field(from, 'nodePools')), clusters: globsIn(from, 'clusters') }
  if (field(from, 'functions') !== undefined || field(from, 'accounts') !== undefined)
    return { kind: 'functions', functions: globsIn(from, 'functions'), accounts: globsIn(from, 'accounts') }
  return {
    kind: 'workloads',
    clusters: globsIn(from, 'clusters'),
    namespaces: globsIn(from, 'namespaces'),
    serviceAccounts: globsIn(from, 'serviceAccounts'),
    workloads: globsIn(from, 'workloads'),
    labels: textMap(field(from, 'labels')),
  }
}

const allowanceOf = (entry: Json, place: DocumentPath, faults: Faults): Allowance => {
  const to = field(entry, 'to')
  const reviewBy = dateIn(entry, 'reviewBy')
  const expires = dateIn(entry, 'expires')
  if (reviewBy !== null && expires !== null && reviewBy > expires)
    faults.push({ at: [...place, 'reviewBy'], says: 'it is reviewed after it has expired' })
  return {
    names: readNames(field(to, 'names'), [...place, 'to', 'names'], faults),
    addresses: bothFamilies.subtract(
      readAddresses(field(to, 'cidrs'), [...place, 'to', 'cidrs'], faults),
      readAddresses(field(to, 'except'), [...place, 'to', 'except'], faults),
    ),
    services: texts(field(to, 'services')),
    workloads: texts(field(to, 'workloads')),
    privateEndpoint: text(field(to, 'privateEndpoint')) || null,
    traffic: trafficOf(field(entry, 'ports'), [...place, 'ports'], faults),
    via: sayIn(entry, 'via'),
    owner: sayIn(entry, 'owner'),
    justification: sayIn(entry, 'justification'),
    reviewBy,
    expires,
    at: place,
  }
}

/** Absent is every port; a list declares what of it can be read. */
const trafficOf = (written: Json | undefined, place: DocumentPath, faults: Faults): Traffic => {
  if (written === undefined || written === null) return traffics.full
  const parts: Traffic[] = []
  for (const [i, port] of texts(written).entries()) {
    const read = parseTraffic(port)
    if (read.kind === 'read') parts.push(read.value)
    else faults.push({ at: [...place, i], says: read.why } satisfies Fault)
  }
  return unionOfTraffics(parts)
}
