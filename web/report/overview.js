/** The first screen: how bad, where, what is worst, and who has to act. */

/** @param {(filter: Partial<Record<FilterKey, string>>) => void} show shows the findings of a filter */
const overview = show => {
  const { summary, coverage, now } = RESULT
  const open = total(summary.open)
  const workloads = summary.clusters.reduce((sum, cluster) => sum + cluster.workloads, 0)
  return h(
    'section',
    { id: 'overview', 'aria-labelledby': 'overview-title' },
    h('h1', { id: 'overview-title' }, headline(open)),
    h(
      'p',
      { class: 'lede' },
      `${count(summary.clusters.length, 'cluster')}, ${count(workloads, 'workload')}, ${count(coverage.objects, 'object')} read. `,
      summary.accepted + summary.baseline === 0
        ? null
        : `${summary.accepted} accepted by exception, ${summary.baseline} in the baseline. `,
      `Expiry judged on ${now}.`,
    ),
    coverage.gaps.length === 0
      ? null
      : h(
          'p',
          { class: 'notice' },
          h('b', null, `${count(coverage.gaps.length, 'read')} did not happen. `),
          'What they would have shown is unknown, not absent. ',
          h('a', { href: '#coverage' }, 'See coverage'),
        ),
    open === 0 ? null : severityTiles(show),
    clusterCards(show),
    open === 0 ? null : h('div', { class: 'columns' }, worstChecks(show), owners(show)),
  )
}

/** @param {number} open */
const headline = open => {
  if (RESULT.coverage.objects === 0) return 'Nothing was read, so nothing was judged'
  if (open === 0) return 'No open findings'
  const worst = SEVERITIES.find(severity => RESULT.summary.open[severity] > 0) ?? 'info'
  return `${count(open, 'open finding')}, ${RESULT.summary.open[worst].toLocaleString('en')} of them ${worst}`
}

/** @param {Parameters<typeof overview>[0]} show */
const severityTiles = show =>
  h(
    'ul',
    { class: 'tiles', 'aria-label': 'Open findings by severity' },
    SEVERITIES.map(severity => {
      const n = RESULT.summary.open[severity]
      return h(
        'li',
        null,
        h(
          'button',
          { type: 'button', class: `tile ${severity}`, disabled: n === 0, click: () => show({ severity }) },
          h('span', { class: 'number' }, n.toLocaleString('en')),
          h('span', { class: 'word' }, shape(severity), severity),
        ),
      )
    }),
  )

/** @param {Parameters<typeof overview>[0]} show */
const clusterCards = show =>
  h(
    'div',
    null,
    h('h2', null, 'Clusters'),
    RESULT.summary.clusters.length === 0 ? h('p', { class: 'muted' }, 'No cluster was in the input.') : null,
    h(
      'ul',
      { class: 'cards' },
      RESULT.summary.clusters
        .toSorted((a, b) => byWorst(a.open, b.open))
        .map(item => h('li', { class: 'card' }, clusterCard(item, show))),
    ),
  )

/** @param {FindingsResult['summary']['clusters'][number]} item @param {Parameters<typeof overview>[0]} show */
const clusterCard = (item, show) => {
  const inventory = CLUSTER_INVENTORY.get(item.cluster)
  const n = total(item.open)
  return [
    h('h3', null, named(item.cluster)),
    inventory === undefined
      ? null
      : h('p', { class: 'muted' }, named(`${platformWords(inventory)} · ${networkWords(inventory)}`)),
    inventory === undefined ? null : enforcement(inventory.dataplane.enforcesPolicy),
    severityBar(item.open),
    severityCounts(item.open),
    h(
      'dl',
      { class: 'facts' },
      fact('Workloads', item.workloads),
      inventory === undefined ? null : edgeFacts(inventory),
    ),
    n === 0
      ? null
      : h(
          'button',
          { type: 'button', class: 'link', click: () => show({ cluster: item.cluster }) },
          count(n, 'finding'),
          h('span', { class: 'hidden' }, ' of ', named(item.cluster)),
        ),
  ]
}

/** @param {Child} label @param {Child} value */
const fact = (label, value) => h('div', null, h('dt', null, label), h('dd', null, value))

/** @param {ClusterInventory} inventory */
const edgeFacts = inventory => {
  const { namespaces } = inventory.controls
  const denied = namespaces.filter(item => item.defaultDenyEgress === 'full').length
  return [
    fact('Node-surface services', inventory.services.length),
    fact('Host-privileged', inventory.hostPrivileged.length),
    fact(
      'Default-deny egress',
      namespaces.length === 0 ? 'unknown' : `${denied} of ${count(namespaces.length, 'namespace')}`,
    ),
  ]
}

/** @param {boolean | null} enforced */
const enforcement = enforced =>
  enforced === null
    ? h('p', { class: 'pill unknown' }, '? policy enforcement unknown')
    : enforced
      ? h('p', { class: 'pill good' }, '✓ policy enforced')
      : h('p', { class: 'pill bad' }, '✕ policy not enforced')

const LISTED = 8

/** @param {Parameters<typeof overview>[0]} show */
const worstChecks = show => {
  const open = RESULT.findings.filter(finding => finding.state === 'open')
  const checks = [...Map.groupBy(open, finding => finding.id)].map(([id, findings]) => ({
    id,
    findings,
    counts: countOpen(findings),
  }))
  const rows = checks.toSorted((a, b) => byWorst(a.counts, b.counts)).slice(0, LISTED)
  return h(
    'div',
    null,
    h('h2', null, 'What is worst'),
    h(
      'ol',
      { class: 'ranking' },
      rows.map(({ id, findings }) => {
        const clusters = new Set(findings.map(finding => finding.cluster)).size
        const [first] = findings
        return first === undefined
          ? null
          : h(
              'li',
              null,
              h(
                'button',
                { type: 'button', class: 'rank', click: () => show({ check: id }) },
                badge(first.severity),
                h('span', { class: 'grow' }, first.title),
                h('span', { class: 'muted' }, `${count(findings.length, 'object')}, ${count(clusters, 'cluster')}`),
              ),
            )
      }),
    ),
  )
}

/** @param {Parameters<typeof overview>[0]} show */
const owners = show => {
  const open = RESULT.findings.filter(finding => finding.state === 'open')
  const rows = [...Map.groupBy(open, finding => finding.owner ?? '')].map(([owner, findings]) => ({
    owner,
    counts: countOpen(findings),
    n: findings.length,
  }))
  return h(
    'div',
    null,
    h('h2', null, 'Who has to act'),
    h(
      'ol',
      { class: 'ranking' },
      rows
        .toSorted((a, b) => byWorst(a.counts, b.counts))
        .slice(0, LISTED)
        .map(({ owner, counts, n }) =>
          h(
            'li',
            null,
            h(
              'button',
              { type: 'button', class: 'rank', click: () => show({ owner }) },
              h(
                'span',
                { class: 'grow' },
                owner === '' ? h('i', null, 'no owner named') : named(owner),
                severityBar(counts),
              ),
              h('span', { class: 'muted' }, count(n, 'finding')),
            ),
          ),
        ),
    ),
  )
}
