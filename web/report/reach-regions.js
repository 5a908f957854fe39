/**
 * The regions of one workload: what leaves the cluster first, then what stays inside, then what another workload passes on;
 * in each, allowed before unknown before denied, and the internet before places nearer by. Regions that share verdict, way
 * out and reasons stand in one table, with the reasons once below it.
 */

const RANGES_SHOWN = 3

/** @type {readonly ReachState['verdict'][]} */
const VERDICTS = ['allowed', 'unknown', 'denied']

/** @type {Readonly<Record<ReachState['verdict'], string>>} */
const VERDICT_SIGNS = { allowed: '✓', denied: '✕', unknown: '?' }

/** @type {Readonly<Record<ReachState['enforcement'], string>>} */
const ENFORCEMENT_WORDS = {
  enforced: 'enforced',
  cooperative: 'cooperative: the workload can go around it',
  undefined: 'undefined: the specification leaves it open',
  'not-enforced': 'not enforced: it is written, and nothing holds it',
  unknown: 'not known',
}

/** @param {ReachWorkload} workload */
const reachDetails = workload => {
  const { packed, id, variant } = workload
  if (packed === null) return leftOutWords(id)
  const { egress = [], relayed = [] } = REACH?.rows[packed.row] ?? {}
  const direct = egress.map(at => regionAt(at, packed))
  const outside = direct.filter(({ to }) => rankOf(to) < FIRST_INSIDE)
  const inside = direct.filter(({ to }) => rankOf(to) >= FIRST_INSIDE)
  const fragment = reachFragment(id, variant)
  return [
    direct.length + relayed.length === 0 ? h('p', null, 'Nothing was computed for it: it has no region at all.') : null,
    regionGroup('out of the cluster', outside, packed, false),
    regionGroup('in the cluster', inside, packed, true),
    regionGroup(
      'through another workload, which passes it on',
      relayed.map(at => regionAt(at, packed)),
      packed,
      true,
    ),
    h(
      'p',
      { class: 'muted' },
      `Service account ${packed.account}, ${count(packed.pods, 'pod')}. `,
      h('a', { href: `#${fragment}` }, 'A link to this workload'),
    ),
  ]
}

/** @param {string} id */
const leftOutWords = id => [
  h('p', null, 'Left out of this file, so that it stays small enough to open. Ask for it by name, or for everything:'),
  h('p', null, code(`postern reach --from ${id}`)),
  h('p', null, code('postern scan --all -o html')),
]

/**
 * @param {string} title
 * @param {readonly ReachRegion[]} regions
 * @param {NonNullable<ReachWorkload['packed']>} workload
 * @param {boolean} fold denied regions wait behind a button
 */
const regionGroup = (title, regions, workload, fold) => {
  if (regions.length === 0) return null
  const orderOf = (/** @type {ReachRegion} */ { state }) => VERDICTS.indexOf(stateAt(state).verdict)
  const sorted = regions.toSorted((a, b) => orderOf(a) - orderOf(b) || rankOf(a.to) - rankOf(b.to))
  const blocks = [...Map.groupBy(sorted, region => region.state)].map(([at, members]) => ({
    state: stateAt(at),
    members,
  }))
  const denied = fold ? blocks.filter(({ state }) => state.verdict === 'denied') : []
  const shown = blocks.filter(block => !denied.includes(block))
  const n = denied.reduce((sum, block) => sum + block.members.length, 0)
  /** @param {readonly typeof blocks[number][]} some */
  const made = some =>
    some.map(block => regionBlock(title, block.state, block.members, workload, block === blocks.find(hasWay)))
  const rest = h('div', { class: 'rest' })
  const showDenied = () => {
    if (n === 0 || rest.childElementCount > 0) return
    append(rest, made(denied))
    more.remove()
  }
  const more = h('button', { type: 'button', class: 'more', click: showDenied }, `Show ${count(n, 'denied region')}`)
  // Paper has no button.
  window.addEventListener('beforeprint', showDenied)
  return h(
    'div',
    { class: 'region-group' },
    h(
      'h4',
      null,
      `${title.charAt(0).toUpperCase()}${title.slice(1)}`,
      ' ',
      h('span', { class: 'muted' }, count(regions.length, 'region')),
    ),
    made(shown),
    n === 0 ? null : [more, rest],
  )
}

/** @param {{ readonly state: ReachState }} block */
const hasWay = ({ state }) => hasChain(state)

/** @param {string} title @param {ReachState} state @param {readonly ReachRegion[]} regions @param {NonNullable<ReachWorkload['packed']>} workload @param {boolean} open its way is shown at once */
const regionBlock = (title, state, regions, workload, open) => {
  const caption = `${state.verdict === 'unknown' ? 'Not known' : state.verdict === 'allowed' ? 'Allowed' : 'Denied'} ${title}`
  return h(
    'div',
    { class: `region-block ${state.verdict}` },
    table(
      caption,
      regions,
      [
        ['Destination', region => destination(region, workload)],
        ['Traffic', region => trafficWords(region.traffic)],
        ['Verdict', () => verdictPill(state.verdict)],
        ['Enforcement', () => ENFORCEMENT_WORDS[state.enforcement] ?? state.enforcement],
        ['Way out', () => wayOut(state)],
      ],
      true,
    ),
    hasChain(state) ? chainView(state, workload, open) : null,
    reasons(
      'Because',
      state.because.map(at => REACH?.because[at] ?? null).map(reason => reason && becauseItem(reason, null)),
    ),
    reasons(
      'Not known',
      state.unknowns.map(at => REACH?.unknowns[at] ?? null).map(one => one && unknownItem(one)),
    ),
  )
}

/** @param {ReachState['verdict']} verdict */
const verdictPill = verdict =>
  h('span', { class: `pill ${verdict}` }, h('span', { 'aria-hidden': 'true' }, VERDICT_SIGNS[verdict]), ` ${verdict}`)

/** @param {string} title @param {readonly Child[]} items */
const reasons = (title, items) =>
  items.length === 0
    ? null
    : h(
        'div',
        { class: 'reasons' },
        h('h5', null, title),
        h(
          'ul',
          null,
          items.map(item => h('li', null, item)),
        ),
      )

/** @param {NonNullable<ReachData>['because'][number]} reason @param {string | null} at an object that is named beside it */
const becauseItem = (reason, at) => [
  h('span', { class: 'says' }, spoken(reason.says)),
  reason.object === null
    ? null
    : h(
        'span',
        { class: 'where' },
        reason.object === at ? null : named(reason.object),
        reason.file === null || reason.file === ''
          ? null
          : [' ', code(reason.line === null ? reason.file : `${reason.file}:${reason.line}`)],
        reason.rule === null || reason.rule === '' ? null : [' ', code(reason.rule)],
      ),
]

/** @param {NonNullable<ReachData>['unknowns'][number]} unknown */
const unknownItem = ({ stage, why, settledBy }) => [
  h('span', { class: 'says' }, h('b', null, stage), ': ', spoken(why)),
  h('span', { class: 'where' }, `Settled by ${settledBy}`),
]

/** @param {ReachRegion} region @param {NonNullable<ReachWorkload['packed']>} workload */
const destination = ({ to, packet }, workload) => [
  destinationWords(to, id => inside(id, workload.cluster)),
  packet === null ? null : h('span', { class: 'example' }, h('span', null, 'for example '), code(packet)),
]

/** @param {ReachRegion['to']} to @param {(id: string) => string} short @returns {Child} */
const destinationWords = (to, short) => {
  switch (to.kind) {
    case 'addresses':
      return [h('b', { class: 'place' }, PLACE_WORDS[to.zone] ?? to.zone), names(to.ranges, undefined, RANGES_SHOWN)]
    case 'names':
      return [h('b', { class: 'place' }, 'names'), names(to.patterns, undefined, RANGES_SHOWN)]
    case 'workloads': {
      const ids = numbersIn(to.ids).map(at => REACH?.ids[at] ?? '')
      return [h('b', { class: 'place' }, count(ids.length, 'workload')), names(ids, short, RANGES_SHOWN)]
    }
    case 'service':
      return [h('b', { class: 'place' }, 'Service'), ' ', named(short(to.id))]
    case 'nodes':
      return h('b', { class: 'place' }, to.nodes === 'own' ? 'its own node' : 'other nodes')
    case 'apiserver':
      return h('b', { class: 'place' }, 'kube-apiserver')
  }
}

/** `TCP 80, 443; UDP all` @param {ReachRegion['traffic']} traffic */
const trafficWords = traffic => {
  const all = (/** @type {string | undefined} */ of) => of === undefined || of === '1-65535' || of === '*'
  if (traffic.length === 6 && traffic.every(({ ports, types }) => all(ports) && all(types))) return 'everything'
  return h(
    'ul',
    { class: 'names' },
    traffic.map(({ protocol, ports, types }) => {
      const of = ports ?? types
      const words = of === undefined ? '' : all(of) ? ' all' : ` ${of.replaceAll(',', ', ')}`
      return h('li', null, `${protocol === 'OTHER' ? 'every other protocol' : protocol}${words}`)
    }),
  )
}

/** @param {ReachState} state */
const exitWords = ({ exit: { kind }, verdict }) => {
  if (kind !== 'unknown' && kind !== 'in-cluster') return kind.replaceAll('-', ' ')
  if (verdict === 'denied') return 'none'
  return kind === 'unknown' ? 'not known' : 'stays inside'
}

/** In short: the hops stand below. @param {ReachState} state */
const wayOut = state => {
  const { exit } = state
  return [
    exitWords(state),
    exit.id === null ? null : [' ', named(exit.id)],
    exit.sourceAddresses.length === 0 ? null : [' as ', names(exit.sourceAddresses)],
  ]
}
