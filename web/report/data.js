/** The results, as they were embedded, and the words for them. */

/** @type {readonly Severity[]} */
const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info']

/** @type {Readonly<Record<string, string>>} */
const FAMILIES = {
  N: 'node surface and host privilege',
  P: 'pod policy',
  D: 'DNS',
  M: 'mesh and proxy',
  C: 'cloud routing',
  S: 'serverless',
  R: 'relay',
  A: 'asymmetry and anomalies',
  I: 'intent and identity',
  T: 'telemetry gaps',
  E: 'evidence',
  G: 'guardrail on a plan',
}

/** @param {string} id */
const embedded = id => JSON.parse(document.getElementById(id)?.textContent ?? 'null')

/** @type {FindingsResult} */
const RESULT = embedded('data-findings')
/** @type {Inventory | null} */
const INVENTORY = embedded('data-inventory')
/** @type {readonly RuleDescription[]} */
const RULES = embedded('data-rules')

const RULE = new Map(RULES.map(rule => [rule.id, rule]))
const CLUSTER_INVENTORY = new Map((INVENTORY?.clusters ?? []).map(cluster => [cluster.cluster, cluster]))

/** @param {string} id */
const familyOf = id => FAMILIES[id.charAt(4)] ?? id.charAt(4)

/** @param {{ readonly file: string, readonly line: number | null }} place */
const placeOf = place => (place.line === null ? place.file : `${place.file}:${place.line}`)

/** The id without its cluster. @param {string} id @param {string} cluster */
const inside = (id, cluster) => (id.startsWith(`${cluster}/`) ? id.slice(cluster.length + 1) : id)

/** @param {BySeverity} counts */
const total = counts => SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0)

/** Worse first: compares the counts of the worst severity, then of the next. @param {BySeverity} a @param {BySeverity} b */
const byWorst = (a, b) => {
  for (const severity of SEVERITIES) if (a[severity] !== b[severity]) return b[severity] - a[severity]
  return 0
}

/** Open findings of each severity. @param {readonly Finding[]} findings @returns {BySeverity} */
const countOpen = findings => {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, info: 0 }
  for (const finding of findings) if (finding.state === 'open') counts[finding.severity] += 1
  return counts
}

/** @param {boolean | null} value */
const yesNo = value => (value === null ? 'unknown' : value ? 'yes' : 'no')

/** @param {ClusterInventory} cluster */
const platformWords = ({ platform }) =>
  [platform.distribution ?? platform.provider ?? 'platform unknown', platform.version].filter(Boolean).join(' ')

/** @param {ClusterInventory} cluster */
const networkWords = ({ dataplane }) =>
  dataplane.cnis.length === 0
    ? 'network plugin unknown'
    : dataplane.cnis.map(cni => [cni.name, cni.version].filter(Boolean).join(' ')).join(' + ')
