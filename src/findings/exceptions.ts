import { covers } from '../inventory/exceptions.ts'
import type { Estate } from '../model/cluster.ts'
import type { ExceptionDocument } from '../model/exception.ts'
import type { ExceptionRef, Finding } from '../model/finding.ts'
import { idOf, keyOf, type ObjectRef } from '../model/identity.ts'
import type { DocumentPath, Origin } from '../model/provenance.ts'
import { expiredException } from './checks/i010-expired-exception.ts'
import { fingerprintOf } from './fingerprint.ts'

/** An exception counts while it has an owner and a day of expiry that has not passed. */
const isInForce = (exception: ExceptionDocument, now: string): boolean =>
  exception.owner !== null && exception.expires !== null && exception.expires >= now.slice(0, 10)

/** The first exception in force that covers a finding, in the order of their names. */
export const exceptionFor = (
  exceptions: readonly ExceptionDocument[],
  finding: string,
  object: ObjectRef,
  now: string,
): ExceptionRef | null => exceptionWhere(exceptions, one => covers(one, finding, object), now)

export const exceptionWhere = (
  exceptions: readonly ExceptionDocument[],
  isMeant: (exception: ExceptionDocument) => boolean,
  now: string,
): ExceptionRef | null => {
  const found = exceptions.find(exception => isInForce(exception, now) && isMeant(exception))
  if (found?.owner == null || found.expires === null) return null
  return {
    name: found.ref.name,
    kind: found.kind,
    owner: found.owner,
    justification: found.justification ?? '',
    ticket: found.ticket,
    expires: found.expires,
  }
}

/** Exceptions that no longer hold, or never could: they belong to no cluster, so no check of a cluster sees them. */
export const expiredExceptions = (
  estate: Estate,
  now: string,
  lineOf: (origin: Origin, path: DocumentPath) => number | null,
): readonly Finding[] =>
  estate.exceptions.flatMap(exception => {
    if (isInForce(exception, now)) return []
    const missing = [exception.owner === null ? 'owner' : '', exception.expires === null ? 'expires' : ''].filter(
      Boolean,
    )
    const says =
      missing.length > 0
        ? `it names no ${missing.map(name => `\`${name}\``).join(' and no ')}, so it accepts nothing`
        : `it expired on ${exception.expires}, so what it accepted is open again`
    return [
      {
        id: expiredException.id,
        fingerprint: fingerprintOf(expiredException.id, exception.ref.cluster, keyOf(exception.ref), ''),
        title: expiredException.title,
        severity: expiredException.severity,
        state: 'open',
        cluster: exception.ref.cluster,
        object: idOf(exception.ref),
        file: exception.origin.file,
        line: lineOf(exception.origin, ['spec', 'expires']),
        owner: exception.owner,
        why: says,
        path: [],
        witness: exception.expires === null ? null : `expires: ${exception.expires}`,
        remedy: `renew ${exception.kind} \`${exception.ref.name}\` with its owner, or remove it and close what it accepted`,
        references: expiredException.references,
        exception: null,
      },
    ]
  })
