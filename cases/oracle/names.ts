/** DNS names and the two ways in which policies write patterns of them. Case and a trailing dot say nothing. */

export const plainName = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/**
 * policy.networking.k8s.io: a leading `*.` stands for one or more whole labels; nothing else is a pattern.
 * Source: network-policy-api, type DomainName.
 */
export const isDomainName = (pattern: string, name: string): boolean => {
  const wanted = plainName(pattern)
  const asked = plainName(name)
  if (!wanted.startsWith('*.')) return asked === wanted
  const suffix = wanted.slice(1)
  return asked.endsWith(suffix) && asked.length > suffix.length
}

/**
 * Cilium's matchPattern: `*` alone is every name; `**.` in front is one or more labels; any other `*` runs inside one
 * label and may be empty. Source: cilium, pkg/fqdn/matchpattern; docs.cilium.io, "DNS based".
 */
export const isMatchPattern = (pattern: string, name: string): boolean => {
  const wanted = plainName(pattern.trim())
  const asked = plainName(name)
  if (/^\*+$/.test(wanted)) return true
  const labels = wanted.split('.')
  const askedLabels = asked.split('.')
  if (/^\*{2,}$/.test(labels[0] ?? '')) {
    const tail = labels.slice(1)
    return askedLabels.length > tail.length && labelsMatch(tail, askedLabels.slice(-tail.length))
  }
  return labels.length === askedLabels.length && labelsMatch(labels, askedLabels)
}

const labelsMatch = (patterns: readonly string[], labels: readonly string[]): boolean =>
  patterns.every((pattern, index) => labelMatches(pattern, labels[index] ?? ''))

/** Between the stars, the pieces must stand in order; the first at the start, the last at the end. */
const labelMatches = (pattern: string, label: string): boolean => {
  const [first = '', ...rest] = pattern.split('*')
  if (rest.length === 0) return label === pattern
  const last = rest.pop() ?? ''
  if (label.length < first.length + last.length || !label.startsWith(first) || !label.endsWith(last)) return false
  let left = label.slice(first.length, label.length - last.length)
  for (const piece of rest) {
    const found = left.indexOf(piece)
    if (found < 0) return false
    left = left.slice(found + piece.length)
  }
  return true
}
