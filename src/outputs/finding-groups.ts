import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts'

/** Findings of one check at one severity: one thing to understand, and the objects to change. */
export interface FindingGroup {
  readonly severity: Severity
  readonly id: string
  readonly title: string
  readonly findings: readonly Finding[]
}

/** Worst severity first, then by check id; inside a group the order of the result. */
export const groupsOf = (findings: readonly Finding[]): readonly FindingGroup[] => {
  const groups = new Map<string, { severity: Severity; id: string; title: string; findings: Finding[] }>()
  for (const finding of findings) {
    const key = `${finding.severity}|${finding.id}`
    const group = groups.get(key)
    if (group === undefined) {
      groups.set(key, { severity: finding.severity, id: finding.id, title: finding.title, findings: [finding] })
    } else {
      group.findings.push(finding)
    }
  }
  return [...groups.values()].toSorted(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

/** `payments.yaml:12`; empty when the finding has no place in a file. */
export const placeOf = (place: { readonly file: string; readonly line: number | null }): string =>
  place.line === null ? place.file : `${place.file}:${place.line}`
