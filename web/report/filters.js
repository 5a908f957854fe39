/** Which findings are shown, and in which order: search words, one choice a filter, sort, group. */

/** @type {Readonly<Record<FilterKey, { label: string, any: string, of: (finding: Finding) => string, words: (value: string) => string }>>} */
const FILTERS = {
  severity: { label: 'Severity', any: 'Any severity', of: finding => finding.severity, words: value => value },
  family: { label: 'Family', any: 'Any family', of: finding => familyOf(finding.id), words: value => value },
  cluster: { label: 'Cluster', any: 'Any cluster', of: finding => finding.cluster, words: value => value },
  owner: {
    label: 'Owner',
    any: 'Any owner',
    of: finding => finding.owner ?? '',
    words: value => (value === '' ? 'no owner named' : value),
  },
  state: { label: 'State', any: 'Any state', of: finding => finding.state, words: value => value },
  check: {
    label: 'Check',
    any: 'Any check',
    of: finding => finding.id,
    words: value => `${value} ${RULE.get(value)?.title ?? ''}`,
  },
}

/** @type {readonly FilterKey[]} */
const FILTER_KEYS = ['severity', 'family', 'cluster', 'owner', 'state', 'check']

/** @param {string} a @param {string} b */
const inOrder = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** @type {Readonly<Record<SortKey, { label: string, compare: (a: Finding, b: Finding) => number }>>} */
const SORTS = {
  worst: {
    label: 'Worst first',
    compare: (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || inOrder(a.id, b.id),
  },
  cluster: { label: 'Cluster', compare: (a, b) => inOrder(a.cluster, b.cluster) },
  object: { label: 'Object', compare: (a, b) => inOrder(a.object, b.object) },
  owner: { label: 'Owner', compare: (a, b) => inOrder(a.owner ?? '\uffff', b.owner ?? '\uffff') },
  check: { label: 'Check', compare: (a, b) => inOrder(a.id, b.id) },
}

/** @type {Readonly<Record<GroupKey, { label: string, of: (finding: Finding) => string, title: (finding: Finding) => Child }>>} */
const GROUPS = {
  check: {
    label: 'By check',
    of: finding => `${finding.severity}|${finding.id}`,
    title: finding => [badge(finding.severity), ' ', finding.title, ' ', h('code', null, finding.id)],
  },
  cluster: { label: 'By cluster', of: finding => finding.cluster, title: finding => named(finding.cluster) },
  owner: {
    label: 'By owner',
    of: finding => finding.owner ?? '',
    title: finding => (finding.owner === null ? 'no owner named' : named(finding.owner)),
  },
  none: { label: 'No groups', of: () => '', title: () => 'All findings' },
}

/** What the search reads, made when first asked for. @type {Map<Finding, string>} */
const searchTexts = new Map()

/** @param {Finding} finding */
const searchText = finding => {
  const known = searchTexts.get(finding)
  if (known !== undefined) return known
  const { id, title, severity, state, object, file, owner, why, witness, remedy, fingerprint } = finding
  const text = [
    id,
    title,
    severity,
    state,
    object,
    file,
    owner ?? '',
    why,
    witness ?? '',
    remedy,
    fingerprint,
    familyOf(id),
  ]
    .join('\n')
    .toLowerCase()
  searchTexts.set(finding, text)
  return text
}

/**
 * @param {string} search every word must occur
 * @param {readonly (readonly [FilterKey, string])[]} chosen
 * @param {SortKey} sort
 */
const select = (search, chosen, sort) => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return RESULT.findings
    .filter(finding => chosen.every(([key, value]) => FILTERS[key].of(finding) === value))
    .filter(finding => words.every(word => searchText(finding).includes(word)))
    .toSorted(SORTS[sort].compare)
}
