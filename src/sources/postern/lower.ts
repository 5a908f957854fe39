import type { ExceptionDocument } from '../../model/exception.ts'
import { keyOf } from '../../model/identity.ts'
import type { Fault } from '../../model/intent.ts'
import { field, type Json, text, textMap, texts } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { DEFAULT_STANDARD, type Standard } from '../../model/standard.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { dateIn, faultsIn } from './parts.ts'

/** What HostAccessException covers: host namespaces, privilege and what comes with them. */
const HOST_FINDINGS = ['PST-N001', 'PST-N002', 'PST-N003', 'PST-N004', 'PST-N005', 'PST-N006', 'PST-N013', 'PST-N014']

/**
 * `Exception` and `HostAccessException` of postern.dev: finding ids (globs), an object selector, owner,
 * justification, ticket, expires. A field of another type is absent; the findings say what is missing. Where what it covers
 * cannot be read, it covers nothing: `mach` for `match` must not accept a finding everywhere.
 */
export const lowerException = (object: ApiObject): ExceptionDocument => {
  const { spec } = object
  const host = object.ref.kind === 'HostAccessException'
  const match = field(spec, 'match')
  const findings = texts(field(spec, 'findings'))
  return {
    ...sourced(object),
    kind: host ? 'HostAccessException' : 'Exception',
    findings: faultsIn(object).some(isOfWhatItCovers) ? [] : host && findings.length === 0 ? HOST_FINDINGS : findings,
    objects: texts(field(spec, 'objects')),
    match: {
      clusters: texts(field(match, 'clusters')),
      namespaces: texts(field(match, 'namespaces')),
      kinds: texts(field(match, 'kinds')),
      names: texts(field(match, 'names')),
    },
    owner: text(field(spec, 'owner')) || null,
    justification: text(field(spec, 'justification')) || null,
    ticket: text(field(spec, 'ticket')) || null,
    expires: dateIn(spec, 'expires'),
  }
}

const isOfWhatItCovers = ({ at: [, key] }: Fault): boolean => key !== undefined && !WORDS_ALONE.has(key)

const WORDS_ALONE: ReadonlySet<DocumentPath[number]> = new Set(['owner', 'justification', 'ticket'])

/** Two of one name that differ cover nothing: which of them is meant, nobody knows. */
export const withoutContradictions = (exceptions: readonly ExceptionDocument[]): readonly ExceptionDocument[] => {
  const times = Map.groupBy(exceptions, ({ ref }) => keyOf(ref))
  return exceptions.map(one => ((times.get(keyOf(one.ref))?.length ?? 0) > 1 ? { ...one, findings: [] } : one))
}

/** `Standard`: a key that is absent keeps its default; a list that is given replaces it. */
export const lowerStandard = ({ spec }: ApiObject): Standard => {
  const given = (value: Json | undefined, fallback: readonly string[]): readonly string[] =>
    Array.isArray(value) ? texts(value) : fallback
  const owner = field(spec, 'owner')
  return {
    ownerLabels: given(field(owner, 'labels'), DEFAULT_STANDARD.ownerLabels),
    ownerAnnotations: given(field(owner, 'annotations'), DEFAULT_STANDARD.ownerAnnotations),
    ownerOfNamespace: textMap(field(owner, 'namespaces')),
    namespaceLabels: given(field(spec, 'namespaceLabels'), DEFAULT_STANDARD.namespaceLabels),
    workloadLabels: given(field(spec, 'workloadLabels'), DEFAULT_STANDARD.workloadLabels),
    namespaceNames: given(field(spec, 'namespaceNames'), DEFAULT_STANDARD.namespaceNames),
    serviceAccountNames: given(field(spec, 'serviceAccountNames'), DEFAULT_STANDARD.serviceAccountNames),
  }
}
