/** What was read, what was not, and what was not fully understood. */

/** @type {readonly (readonly [Exclude<keyof Coverage, 'objects' | 'notes' | 'gaps'>, string])[]} */
const STATES = [
  ['understood', 'understood'],
  ['ignorable', 'safely ignorable'],
  ['partly', 'partly understood'],
  ['notImplemented', 'not implemented'],
  ['unrecognised', 'unrecognised'],
]

const coverageView = () => {
  const { coverage, diagnostics } = RESULT
  const bar = h('div', { class: 'bar', 'aria-hidden': 'true' })
  for (const [state] of STATES) {
    const part = h('span', { class: `state-${state}` })
    part.style.flexGrow = String(coverage[state])
    if (coverage[state] > 0) bar.append(part)
  }
  const words = new Map(STATES)
  return section(
    'coverage',
    'Coverage',
    h(
      'p',
      { class: 'lede' },
      `${count(coverage.objects, 'object')} read. Nothing that was read is dropped in silence.`,
    ),
    bar,
    h(
      'ul',
      { class: 'counts' },
      STATES.map(([state, word]) =>
        h(
          'li',
          null,
          h('span', { class: `swatch state-${state}`, 'aria-hidden': 'true' }),
          h('b', null, coverage[state].toLocaleString('en')),
          ` ${word}`,
        ),
      ),
    ),
    coverage.gaps.length === 0
      ? null
      : table('Not read', coverage.gaps, [
          [
            'What',
            row =>
              named(
                [row.cluster, row.resource ?? (row.cluster === null ? 'input' : 'the whole cluster')]
                  .filter(Boolean)
                  .join(', '),
              ),
          ],
          ['Why', row => prose(row.why)],
          ['To settle', row => prose(row.settledBy)],
        ]),
    diagnostics.length === 0
      ? null
      : table('Trouble with the input', diagnostics, [
          [
            'Where',
            row => code([placeOf(row), row.line === null ? null : row.column].filter(item => item !== null).join(':')),
          ],
          ['How bad', row => row.severity],
          ['What', row => prose(row.message)],
        ]),
    coverage.notes.length === 0
      ? null
      : table('Not fully understood', coverage.notes, [
          ['What', row => named(row.object ?? row.file)],
          ['State', row => words.get(/** @type {'partly'} */ (row.state)) ?? row.state],
          ['Why', row => prose(row.why)],
          ['Where', row => code(placeOf(row))],
        ]),
  )
}
