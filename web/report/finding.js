/** One finding: a row that opens. */

/** @param {Finding} finding */
const rowId = finding => `f-${finding.fingerprint}`

/** @param {Finding} finding @param {GroupKey} group */
const findingRow = (finding, group) => {
  const id = rowId(finding)
  const button = h(
    'button',
    {
      type: 'button',
      class: 'row',
      id,
      'aria-expanded': 'false',
      'aria-controls': `${id}-more`,
      'data-fingerprint': finding.fingerprint,
    },
    group === 'check' ? h('span', { class: 'hidden' }, finding.severity) : badge(finding.severity),
    h(
      'span',
      { class: 'what' },
      group === 'check' ? null : h('span', { class: 'title' }, finding.title),
      h('span', { class: 'object' }, named(inside(finding.object, finding.cluster))),
    ),
    h(
      'span',
      { class: 'meta' },
      finding.state === 'open' ? null : h('span', { class: `pill ${finding.state}` }, finding.state),
      h('span', null, h('span', { class: 'hidden' }, 'cluster '), named(finding.cluster)),
      h(
        'span',
        null,
        h('span', { class: 'hidden' }, 'owner '),
        finding.owner === null ? h('i', null, 'no owner') : named(finding.owner),
      ),
    ),
  )
  const more = h('div', { class: 'more-of', id: `${id}-more`, role: 'region', 'aria-labelledby': id, hidden: true })
  return h('li', null, button, more)
}

/** @param {Finding} finding @param {string | null} reach the address of what its object can reach */
const details = (finding, reach) => {
  const { exception, references } = finding
  const rule = RULE.get(finding.id)
  return h(
    'dl',
    { class: 'details' },
    part('Why', prose(finding.why)),
    finding.witness === null ? null : part('Witness', h('p', null, code(finding.witness))),
    finding.path.length === 0
      ? null
      : part(
          'Path',
          h(
            'ol',
            { class: 'path' },
            finding.path.map(hop => h('li', null, h('span', { class: 'hop' }, named(hop.hop)), ' ', named(hop.id))),
          ),
        ),
    part('Remedy', prose(finding.remedy)),
    part('Object', [
      h('p', null, code(finding.object)),
      reach === null ? null : h('p', null, h('a', { href: reach, class: 'to-reach' }, 'What it can reach, and why')),
    ]),
    finding.file === '' ? null : part('Where', h('p', null, code(placeOf(finding)))),
    part('Owner', h('p', null, finding.owner === null ? 'nobody is named' : named(finding.owner))),
    exception === null ? null : part('Exception', exceptionText(exception)),
    finding.state === 'baseline' ? part('Baseline', h('p', null, 'known before; does not count')) : null,
    rule === undefined || rule.why === finding.why ? null : part('In general', prose(rule.why)),
    references.length === 0
      ? null
      : part(
          'References',
          h(
            'ul',
            null,
            references.map(text => h('li', null, reference(text))),
          ),
        ),
    part('Check', h('p', null, h('code', null, finding.id), `, ${familyOf(finding.id)}`)),
    part(
      'Fingerprint',
      h(
        'p',
        null,
        h('a', { href: `#${finding.fingerprint}`, class: 'fingerprint' }, finding.fingerprint),
        h('span', { class: 'muted' }, ' a link to this finding'),
      ),
    ),
  )
}

/** @param {string} label @param {Child} value */
const part = (label, value) => h('div', null, h('dt', null, label), h('dd', null, value))

/** @param {NonNullable<Finding['exception']>} exception */
const exceptionText = exception => [
  h(
    'p',
    null,
    code(exception.name),
    ` (${exception.kind}) by `,
    named(exception.owner),
    `, until ${exception.expires}`,
    exception.ticket === null ? null : [', ', named(exception.ticket)],
  ),
  prose(exception.justification),
]
