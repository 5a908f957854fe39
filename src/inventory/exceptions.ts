import type { ExceptionDocument } from '../model/exception.ts'
import { globMatches } from '../model/glob.ts'
import { idOf, type ObjectRef } from '../model/identity.ts'

/** Does an exception speak of a finding at an object? Whether it is still in force is another question. */
export const covers = (exception: ExceptionDocument, finding: string, object: ObjectRef): boolean => {
  const { match } = exception
  const admits = (patterns: readonly string[], value: string): boolean =>
    patterns.length === 0 || patterns.some(pattern => globMatches(pattern, value))
  return (
    exception.findings.some(pattern => globMatches(pattern, finding)) &&
    admits(exception.objects, idOf(object)) &&
    admits(match.clusters, object.cluster) &&
    admits(match.namespaces, object.namespace ?? '-') &&
    admits(match.kinds, object.kind) &&
    admits(match.names, object.name)
  )
}

/** Findings of host privilege, in the order in which an exception is looked for. */
const HOST_FINDINGS = ['PST-N001', 'PST-N002', 'PST-N003', 'PST-N004', 'PST-N005', 'PST-N006', 'PST-N013', 'PST-N014']

/** The exception that somebody wrote for a host-privileged workload, with its last day; null without one. */
export const hostExceptionOf = (exceptions: readonly ExceptionDocument[], object: ObjectRef): string | null => {
  const found = exceptions.find(exception => HOST_FINDINGS.some(finding => covers(exception, finding, object)))
  return found === undefined
    ? null
    : `${found.kind} ${found.ref.name}, ${found.expires === null ? 'without expiry' : `until ${found.expires}`}`
}
