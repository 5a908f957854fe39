/** The map of exits as a drawing: who leaves left, ways out right, a band for those of one who leave by one. */

/** @type {Readonly<Record<LinkState, string>>} */
const LINK_WORDS = {
  undeclared: 'some of it nobody declared',
  unjudged: 'not held against what is declared',
  declared: 'declared',
}
/** @type {readonly LinkState[]} */
const LINK_ORDER = ['undeclared', 'unjudged', 'declared']

/** @param {MapExit} exit */
const exitName = ({ kind }) => (kind === 'unknown' ? '? not known' : kind.replaceAll('-', ' '))

/** Of an exit without an id, whose it is. @param {MapExit} exit */
const exitOwn = ({ id, cluster }) => id ?? (cluster === null ? '' : `of ${cluster}`)

/** @param {MapExit} exit */
const exitSeen = ({ addresses, moreAddresses, kind, unknowns }) =>
  addresses.length > 0
    ? [...addresses.slice(0, 2), ...(addresses.length + moreAddresses > 2 ? ['…'] : [])].join(', ')
    : kind === 'unknown'
      ? (unknowns[0]?.why ?? '')
      : 'address not told'

/** What stands at the end is what tells one id from the next. @param {string} text @param {number} most */
const cutStart = (text, most) => {
  if (text.length <= most) return text
  const last = text.slice(text.lastIndexOf('/') + 1)
  return last.length <= most ? last : `…${last.slice(last.length - most + 1)}`
}
/** @param {string} text @param {number} most */
const cutEnd = (text, most) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/** @param {ExitsMap} map @param {MapScene} scene @param {typeof WIDE} size */
const mapPicture = (map, scene, size) => {
  const { height, left, right, bands, notDrawn } = mapLayout(scene, size)
  const boxAt = (
    /** @type {number} */ x,
    /** @type {number} */ y,
    /** @type {string} */ kind,
    /** @type {readonly string[]} */ lines,
    /** @type {string} */ title,
  ) =>
    drawn(
      'g',
      { class: `box ${kind}` },
      drawn('title', {}, title),
      drawn('rect', { x: x + 1, y: y - MAP.boxHeight / 2, width: size.box - 2, height: MAP.boxHeight, rx: 4 }),
      ...lines.map((line, i) =>
        drawn(
          'text',
          { x: x + 10, y: y + (lines.length === 1 ? 4 : i === 0 ? -3 : 12), class: i === 0 ? 'main' : 'second' },
          line,
        ),
      ),
    )
  const sourceBox = (/** @type {number} */ place, /** @type {number} */ y) => {
    const { name = '', workloads = 0, leaving = 0 } = scene.sources[place] ?? {}
    const who =
      leaving === workloads
        ? count(workloads, 'workload')
        : `${leaving.toLocaleString('en')} of ${count(workloads, 'workload')}`
    return boxAt(0, y, 'who', [cutEnd(name, size.text), who], name)
  }
  const exitBox = (/** @type {number} */ place, /** @type {number} */ y) => {
    const exit = map.exits[place]
    if (exit === undefined) return drawn('g', {})
    const room = size.text - exitName(exit).length - 1
    const own = exitOwn(exit)
    const short = own === '' ? '' : room < 6 ? '' : ` ${cutStart(own, room)}`
    const second = short === '' && own !== '' ? cutStart(own, size.text) : cutEnd(exitSeen(exit), size.text)
    return boxAt(
      size.width - size.box,
      y,
      `exit ${exit.kind}`,
      [`${exitName(exit)}${short}`, second].filter(line => line !== ''),
      [exitName(exit), own, ...exit.addresses, ...exit.unknowns.map(({ why }) => why)]
        .filter(line => line !== '')
        .join('\n'),
    )
  }
  const isMarked = map.intents > 0
  return h(
    'figure',
    { class: 'drawing map' },
    isMarked ? h('figcaption', null, mapLegend(new Set(bands.map(({ link }) => link.state)))) : null,
    h(
      'div',
      {
        class: 'scroll',
        role: 'img',
        'aria-label': `${sceneWords(scene)}: who leaves by which way out. The table below says the same.`,
      },
      drawn(
        'svg',
        { viewBox: `0 0 ${size.width} ${height}`, 'aria-hidden': 'true', focusable: 'false' },
        ...bands.map(({ link, width, d }) =>
          drawn(
            'path',
            { class: `band ${link.state ?? 'plain'}`, d, 'stroke-width': at1(width) },
            drawn('title', {}, bandWords(map, scene, link)),
          ),
        ),
        ...[...left].map(([place, y]) => sourceBox(place, y)),
        ...[...right].map(([place, y]) => exitBox(place, y)),
      ),
    ),
    notDrawn > 0 ? h('p', { class: 'muted' }, `${notDrawn} more are in the table.`) : null,
  )
}

/** @param {MapScene} scene */
const sceneWords = ({ cluster }) => (cluster === null ? 'The fleet, by cluster' : `${cluster}, by namespace`)

/** @param {ExitsMap} map @param {MapScene} scene @param {MapLink} link */
const bandWords = (map, scene, { source, exit, state, workloads }) => {
  const to = map.exits[exit]
  return [
    `${count(workloads, 'workload')} of ${scene.sources[source]?.name ?? ''}`,
    to === undefined ? '' : `by ${exitName(to)} ${exitOwn(to)}`,
    state === null ? '' : LINK_WORDS[state],
  ]
    .filter(line => line !== '')
    .join('\n')
}

/** @param {ReadonlySet<LinkState | null>} states */
const mapLegend = states =>
  h(
    'ul',
    { class: 'legend' },
    LINK_ORDER.filter(state => states.has(state)).map(state =>
      h(
        'li',
        null,
        drawn(
          'svg',
          { viewBox: '0 0 28 8', width: 28, height: 8, 'aria-hidden': 'true', focusable: 'false' },
          drawn('path', { class: `band ${state}`, d: 'M0 4H28', 'stroke-width': 6 }),
        ),
        ' ',
        LINK_WORDS[state],
      ),
    ),
  )
