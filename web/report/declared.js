/** Declared beside possible, a namespace or the nodes of a cluster at a time, as one picture: who stands left, where it leads right, and a line for each way. */

/** @type {DeclaredPicture | null} */
const DECLARED = embedded('data-declared')

/** @type {Readonly<Record<WayState, string>>} */
const WAY_WORDS = {
  undeclared: 'possible, and nobody declared it',
  unheld: 'nothing holds it',
  broken: 'declared, and policy stops it',
  partly: 'declared, and policy lets a part of it out',
  open: 'declared, and nobody can tell',
  met: 'declared and possible',
}
/** @type {readonly WayState[]} */
const WAY_ORDER = ['undeclared', 'unheld', 'broken', 'partly', 'open', 'met']

const PICTURE = { width: 960, box: 340, row: 44, text: 46, most: 60 }

/**
 * An element of a drawing. @param {string} tag @param {Readonly<Record<string, string | number>>} props @param {(Node | string)[]} children
 */
const drawn = (tag, props, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [key, value] of Object.entries(props)) element.setAttribute(key, String(value))
  for (const child of children)
    element.appendChild(typeof child === 'string' ? document.createTextNode(visible(child)) : child)
  return element
}

/** @returns {HTMLElement | null} */
const declaredView = () => {
  if (DECLARED === null || DECLARED.namespaces.length + DECLARED.nodes.length === 0) return null
  const scenes = [...DECLARED.namespaces.map(sceneOfNamespace), ...DECLARED.nodes.map(sceneOfNodes)]
  const shown = scenes.filter(({ groups, notes }) => notes.length > 0 || groups.some(({ ways }) => ways.length > 0))
  const ordered = [...shown].sort((a, b) => worstOf(a) - worstOf(b))
  const place = h('div', { class: 'picture' })
  /** @param {number} i */
  const draw = i => {
    const scene = ordered[i]
    if (scene === undefined) return
    const isEmpty = statesIn(scene).size === 0
    place.replaceChildren(...notesOf(scene), ...(isEmpty ? [] : [pictureOf(scene), waysTable(scene)]))
  }
  const choice = h(
    'select',
    {
      id: 'declared-namespace',
      change: event => draw(Number(/** @type {HTMLSelectElement} */ (event.target).value)),
    },
    ordered.map((scene, i) => h('option', { value: i }, `${scene.title}: ${wordsOf(scene)}`)),
  )
  draw(0)
  return section(
    'declared',
    'Declared',
    h(
      'p',
      { class: 'lede' },
      DECLARED.intents === 0
        ? [
            'Nothing is declared: no EgressIntent was in the input. What is possible stands here alone; ',
            code('postern intent init'),
            ' drafts it.',
          ]
        : `${count(DECLARED.intents, 'intent')} beside what policy makes possible, toward places outside each cluster.`,
    ),
    shown.length === 0
      ? h('p', { class: 'empty' }, 'Nothing may leave, and nothing is declared.')
      : [
          h(
            'p',
            { class: 'field' },
            h('label', { for: 'declared-namespace' }, DECLARED.nodes.length === 0 ? 'Namespace' : 'Namespace or nodes'),
            ' ',
            choice,
          ),
          place,
        ],
  )
}

/** @param {DeclaredScene} scene */
const notesOf = ({ notes }) => notes.map(note => h('p', { class: 'muted' }, note))

/** @param {DeclaredScene} scene */
const statesIn = ({ groups }) => new Set(groups.flatMap(({ ways }) => ways.map(({ state }) => state)))

/** Of whom nothing can be drawn comes last. @param {DeclaredScene} scene */
const worstOf = scene => {
  const states = statesIn(scene)
  return states.size === 0 ? WAY_ORDER.length : WAY_ORDER.findIndex(state => states.has(state))
}

/** @param {DeclaredScene} scene */
const wordsOf = ({ groups }) => {
  const all = groups.flatMap(({ ways }) => ways)
  const words = WAY_ORDER.flatMap(state => {
    const n = all.filter(way => way.state === state).length
    return n === 0 ? [] : [`${n} ${state === 'unheld' ? 'not held' : state}`]
  })
  return words.join(', ') || 'not known'
}

/** @param {DeclaredScene} scene */
const pictureOf = scene => {
  const groups = scene.groups.filter(({ ways }) => ways.length > 0)
  const ends = endsOf(groups)
  const shown = ends.slice(0, PICTURE.most)
  const height = Math.max(groups.length, shown.length) * PICTURE.row + 4
  const middle = (/** @type {number} */ n, /** @type {number} */ i) => (height * (i + 0.5)) / n
  const right = PICTURE.width - PICTURE.box
  const lines = groups.flatMap((group, from) =>
    group.ways.flatMap(way => {
      const to = shown.findIndex(end => end.key === keyOfWay(way))
      if (to < 0) return []
      const [y1, y2] = [middle(groups.length, from), middle(shown.length, to)]
      const bend = (PICTURE.box + right) / 2
      return [
        drawn('path', {
          class: `way ${way.state}`,
          d: `M${PICTURE.box} ${y1}C${bend} ${y1} ${bend} ${y2} ${right} ${y2}`,
        }),
      ]
    }),
  )
  const summary = `${named(scene.name).textContent}: ${wordsOf(scene)}`
  return h(
    'figure',
    { class: 'drawing' },
    h('figcaption', null, legend(statesIn(scene))),
    h(
      'div',
      { class: 'scroll', role: 'img', 'aria-label': `${summary}. The table below says the same.` },
      drawn(
        'svg',
        { viewBox: `0 0 ${PICTURE.width} ${height}`, 'aria-hidden': 'true', focusable: 'false' },
        ...lines,
        ...groups.map((group, i) => box(0, middle(groups.length, i), 'who', group.words, group.title)),
        ...shown.map((end, i) =>
          box(
            right,
            middle(shown.length, i),
            `end ${end.state}`,
            [end.place, end.traffic],
            `${end.place} ${end.traffic}`,
          ),
        ),
      ),
    ),
    ends.length > shown.length
      ? h('p', { class: 'muted' }, `${ends.length - shown.length} more are in the table.`)
      : null,
  )
}

/** @param {number} x @param {number} y @param {string} kind @param {readonly string[]} lines @param {string} title */
const box = (x, y, kind, lines, title) => {
  const height = PICTURE.row - 8
  return drawn(
    'g',
    { class: `box ${kind}` },
    drawn('title', {}, title),
    drawn('rect', { x: x + 1, y: y - height / 2, width: PICTURE.box - 2, height, rx: 4 }),
    ...lines
      .slice(0, 2)
      .map((line, i) =>
        drawn(
          'text',
          { x: x + 10, y: y + (lines.length === 1 ? 4 : i === 0 ? -3 : 12), class: i === 0 ? 'main' : 'second' },
          cutText(line),
        ),
      ),
  )
}

/** @param {string} text */
const cutText = text => (text.length <= PICTURE.text ? text : `${text.slice(0, PICTURE.text - 1)}…`)

/** As one line: `TCP 80, 443; UDP 53`. @param {PictureWay['traffic']} traffic */
const trafficLine = traffic => {
  const words = traffic.map(({ protocol, ports, types }) => {
    const what = ports ?? types
    return what === undefined || what === '*' || what === '1-65535' ? protocol : `${protocol} ${what}`
  })
  return words.length >= 6 ? 'everything' : words.join('; ').replaceAll(',', ', ')
}

/** @param {PictureWay} way */
const keyOfWay = way => `${way.place} ${trafficLine(way.traffic)}`

/** Places, each once with its worst state. @param {readonly DeclaredSide[]} groups */
const endsOf = groups => {
  /** @type {Map<string, { key: string, place: string, traffic: string, state: WayState }>} */
  const ends = new Map()
  for (const way of groups.flatMap(({ ways }) => ways)) {
    const key = keyOfWay(way)
    const known = ends.get(key)
    if (known === undefined || WAY_ORDER.indexOf(way.state) < WAY_ORDER.indexOf(known.state))
      ends.set(key, { key, place: way.place, traffic: trafficLine(way.traffic), state: way.state })
  }
  return [...ends.values()].sort(
    (a, b) => WAY_ORDER.indexOf(a.state) - WAY_ORDER.indexOf(b.state) || (a.key < b.key ? -1 : 1),
  )
}

/** @param {ReadonlySet<WayState>} states */
const legend = states =>
  h(
    'ul',
    { class: 'legend' },
    WAY_ORDER.filter(state => states.has(state)).map(state =>
      h(
        'li',
        null,
        drawn(
          'svg',
          { viewBox: '0 0 28 8', width: 28, height: 8, 'aria-hidden': 'true', focusable: 'false' },
          drawn('path', { class: `way ${state}`, d: 'M0 4H28' }),
        ),
        ' ',
        WAY_WORDS[state],
      ),
    ),
  )

/** Columns that no way has a word for are left out. @param {DeclaredScene} scene */
const waysTable = ({ column, groups }) => {
  const rows = groups.flatMap(({ cell, ways }) => ways.map(way => ({ cell, way })))
  /** @param {'intent' | 'owner' | 'via' | 'until'} key @returns {readonly (readonly [string, (row: (typeof rows)[number]) => Child])[]} */
  const optional = key =>
    rows.some(({ way }) => way[key] !== null) ? [[key, ({ way }) => (way[key] === null ? null : named(way[key]))]] : []
  return table(
    'Ways out',
    rows,
    [
      [column, ({ cell }) => cell()],
      ['state', ({ way }) => h('span', { class: `state ${way.state}` }, WAY_WORDS[way.state])],
      ['to', ({ way }) => named(way.place)],
      ['traffic', ({ way }) => trafficLine(way.traffic)],
      ...optional('intent'),
      ...optional('owner'),
      ...optional('via'),
      ...optional('until'),
    ],
    true,
  )
}
