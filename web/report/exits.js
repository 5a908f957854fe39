/** Every way out of the fleet as one map: the drawing, and a table that says the same. */

/** @type {ExitsMap | null} */
const EXITS = embedded('data-exits')

/** Past this the drawing has room for names. */
const HAS_ROOM = '(min-width: 44rem)'

const exitsView = () => {
  if (EXITS === null) return null
  const map = EXITS
  const place = h('div', { class: 'picture' })
  const room = window.matchMedia(HAS_ROOM)
  const scenes = map.scenes.filter(({ links }) => links.length > 0)
  let chosen = 0
  const draw = () => {
    const scene = scenes[chosen]
    if (scene !== undefined)
      place.replaceChildren(mapPicture(map, scene, room.matches ? WIDE : NARROW), exitsTable(map, scene))
  }
  room.addEventListener('change', draw)
  const choice = h(
    'select',
    {
      id: 'exits-scene',
      change: event => {
        chosen = Number(/** @type {HTMLSelectElement} */ (event.target).value)
        draw()
      },
    },
    scenes.map((scene, i) => h('option', { value: i }, sceneWords(scene))),
  )
  draw()
  return section(
    'exits',
    'Exits',
    h('p', { class: 'lede' }, leavingWords(map)),
    map.networkWasRead
      ? null
      : h(
          'p',
          { class: 'notice' },
          'No document of the network under the clusters was read, so where packets leave beyond a cluster is not known: saved output of the cloud’s own command line, or a Terraform plan or state, would settle it.',
        ),
    map.leftOut === 0
      ? null
      : h(
          'p',
          { class: 'notice' },
          `${count(map.leftOut, 'workload')} ${map.leftOut === 1 ? 'is' : 'are'} not on this map, so that the report is made in time: `,
          code('postern scan --all -o html'),
          ' draws all.',
        ),
    map.intents > 0 || map.leaving === 0
      ? null
      : h(
          'p',
          { class: 'muted' },
          'No EgressIntent was in the input, so no way out is marked as declared or undeclared.',
        ),
    scenes.length === 0
      ? h('p', { class: 'empty' }, map.workloads === 0 ? 'No workload was in the input.' : 'Nothing may leave.')
      : [
          scenes.length === 1
            ? null
            : h('p', { class: 'field' }, h('label', { for: 'exits-scene' }, 'What is drawn'), ' ', choice),
          place,
          openExits(map),
        ],
  )
}

/** @param {ExitsMap} map */
const leavingWords = ({ workloads, leaving, exits }) => {
  const known = exits.filter(({ kind }) => kind !== 'unknown').length
  const open = exits.find(({ kind }) => kind === 'unknown')
  return [
    `${leaving.toLocaleString('en')} of ${count(workloads, 'workload')} may leave`,
    known === 0 ? '' : `, by ${count(known, 'exit')} that ${known === 1 ? 'is' : 'are'} known`,
    open === undefined ? '' : `; of ${open.workloads.toLocaleString('en')} a way out is not known`,
    '.',
  ].join('')
}

/** @param {ExitsMap} map @param {MapScene} scene */
const exitsTable = (map, scene) =>
  table(
    sceneWords(scene),
    scene.links,
    [
      ['From', ({ source }) => named(scene.sources[source]?.name ?? '')],
      ['Way out', ({ exit }) => exitCell(map.exits[exit])],
      ['The world sees', ({ exit }) => seenCell(map.exits[exit])],
      [
        'Workloads',
        ({ workloads, perhaps }) =>
          perhaps === 0
            ? workloads.toLocaleString('en')
            : `${workloads.toLocaleString('en')}, ${perhaps === workloads ? 'all' : perhaps.toLocaleString('en')} perhaps`,
      ],
      ['Toward', ({ toward }) => towardWords(toward)],
      ...(map.intents === 0 ? [] : [stateColumn]),
    ],
    true,
  )

/** What a reader fears most first. @param {readonly string[]} toward */
const towardWords = toward =>
  toward
    .toSorted((a, b) => PLACES.indexOf(a) - PLACES.indexOf(b))
    .map(one => PLACE_WORDS[one] ?? one)
    .join(', ')

/** @type {readonly [string, (link: MapLink) => Child]} */
const stateColumn = [
  'Declared',
  ({ state }) => (state === null ? null : h('span', { class: `state ${state}` }, LINK_WORDS[state])),
]

/** @param {MapExit | undefined} exit */
const exitCell = exit =>
  exit === undefined
    ? null
    : [
        OUTSTANDING.has(exit.kind)
          ? h('span', { class: `pill ${exit.kind === 'unknown' ? 'open' : 'unknown'}` }, exitName(exit))
          : exitName(exit),
        exitOwn(exit) === '' ? null : [' ', named(exitOwn(exit))],
      ]

/** Ways out that nobody of the fleet holds, or knows. */
const OUTSTANDING = new Set(['unknown', 'provider-managed'])

/** @param {MapExit | undefined} exit */
const seenCell = exit =>
  exit === undefined || exit.addresses.length === 0
    ? h('i', null, 'not told')
    : [
        names(exit.addresses),
        exit.moreAddresses === 0 ? null : h('p', { class: 'muted' }, `and ${exit.moreAddresses} more`),
      ]

/** Why ways out are not known, and what would tell. @param {ExitsMap} map */
const openExits = ({ exits }) => {
  const all = exits.flatMap(({ unknowns }) => unknowns)
  return all.length === 0
    ? null
    : h(
        'div',
        { class: 'reasons' },
        h('h3', null, 'Why a way out is not known'),
        h(
          'ul',
          null,
          all.map(unknown => h('li', null, unknownItem(unknown))),
        ),
      )
}
