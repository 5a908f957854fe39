/** What each workload can reach: toolbar above, a row a workload below; one click shows its regions and the reasons. */

/** @param {(id: string) => void} showFindings the findings of an object @returns {{ readonly element: HTMLElement, readonly open: (workload: ReachWorkload) => void } | null} */
const reachView = showFindings => {
  if (REACH === null) return null
  /** @type {ReturnType<typeof batchedList<ReachWorkload>>} */
  const list = batchedList('reach-list', 'workload')
  const status = h('p', { role: 'status', 'aria-live': 'polite', id: 'reach-count' })
  const numbers = new Map(REACH_WORKLOADS.map((workload, i) => [workload, i]))
  const findings = Map.groupBy(RESULT.findings, finding => finding.object)

  /** @type {ListView<ReachWorkload>} */
  const view = {
    keyOf: workload => `${workload.cluster}/${workload.namespace}`,
    titleOf: workload => named(`${workload.cluster}/${workload.namespace}`),
    rowOf: workload => reachRow(workload, numbers.get(workload) ?? 0),
  }
  const refresh = () => {
    list.fill(toolbar.selected(), view)
    const all = REACH_WORKLOADS.length
    status.textContent =
      list.size() === all ? count(all, 'workload') : `${list.size().toLocaleString('en')} of ${count(all, 'workload')}`
    if (list.size() === 0)
      list.element.append(
        h(
          'p',
          { class: 'empty' },
          all === 0 ? 'No workload was in the input.' : 'No workload fits. Clear the search or a filter.',
        ),
      )
  }
  const toolbar = reachToolbar(refresh)

  /** @param {ReachWorkload} workload */
  const detailsOf = workload => {
    const n = findings.get(workload.id)?.length ?? 0
    const show = () => showFindings(workload.id)
    return h(
      'div',
      { class: 'regions' },
      reachDetails(workload),
      n === 0 ? null : h('button', { type: 'button', class: 'link', click: show }, `Its ${count(n, 'finding')}`),
    )
  }
  /** @param {HTMLElement} row */
  const toggle = row => {
    const workload = REACH_WORKLOADS[Number(row.dataset['number'])]
    if (workload === undefined) return
    const opens = !isOpen(row)
    setOpen(row, opens, () => detailsOf(workload))
    if (opens) address(reachFragment(workload.id, workload.variant))
  }
  list.element.addEventListener('click', event => {
    const row = event.target instanceof Element ? event.target.closest('button.row') : null
    if (row instanceof HTMLElement) toggle(row)
  })
  listenToKeys({
    list,
    search: toolbar.search,
    refresh,
    toggle,
    owns: target => target.closest('#reach') !== null,
  })

  /** Opens a workload, whatever the filters hide. @param {ReachWorkload} workload */
  const open = workload => {
    if (list.rowOf(workload) === null) {
      toolbar.reset()
      refresh()
    }
    const row = list.rowOf(workload)
    if (row === null) return
    setOpen(row, true, () => detailsOf(workload))
    row.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'start' })
  }

  refresh()
  const some = REACH_WORKLOADS.length > 0
  const element = section(
    'reach',
    'Reach',
    h(
      'p',
      { class: 'lede' },
      'What the configuration lets each workload reach, and which rule says so. Open a workload to see its regions.',
    ),
    leftOutNotice(REACH),
    some ? toolbar.element : null,
    h('div', { class: 'status' }, some ? status : null, some ? keysHint() : null),
    list.element,
    list.more,
  )
  return { element, open }
}

/** @param {ReachData} data */
const leftOutNotice = ({ leftOut }) =>
  leftOut.length === 0
    ? null
    : h(
        'p',
        { class: 'notice' },
        h('b', null, `${count(leftOut.length, 'workload')} ${leftOut.length === 1 ? 'has' : 'have'} no regions here. `),
        'The file is bounded: those with open findings come first, worst first. What is left out is listed last, and ',
        code('postern scan --all -o html'),
        ' or ',
        code('postern reach --from ID'),
        ' tells it.',
      )

/** @param {ReachWorkload} workload @param {number} number */
const reachRow = (workload, number) => {
  const { id, variant, cluster, namespace, packed } = workload
  const row = `r-${number}`
  const button = h(
    'button',
    {
      type: 'button',
      class: 'row',
      id: row,
      'aria-expanded': 'false',
      'aria-controls': `${row}-more`,
      'data-number': number,
    },
    h(
      'span',
      { class: 'what' },
      h('span', { class: 'object' }, named(inside(inside(id, cluster), namespace))),
      variant === null ? null : h('span', { class: 'muted' }, named(variant)),
    ),
    h('span', { class: 'meta' }, packed === null ? h('i', null, 'left out of this file') : signs(packed)),
  )
  return h(
    'li',
    null,
    button,
    h('div', { class: 'more-of', id: `${row}-more`, role: 'region', 'aria-labelledby': row, hidden: true }),
  )
}

/** What a row comes to, at a glance. @param {NonNullable<ReachWorkload['packed']>} packed */
const signs = ({ hostNetwork, row }) => {
  const { allowed, unknown } = summaryOf(row)
  const exposed = EXPOSED.filter(place => allowed.has(place))
  return [
    hostNetwork ? h('span', { class: 'pill unknown' }, 'host network') : null,
    exposed.map(place => h('span', { class: 'pill bad' }, `reaches ${PLACE_WORDS[place]}`)),
    unknown.size === 0 ? null : h('span', { class: 'pill open' }, '? something not known'),
    allowed.size + unknown.size === 0 ? h('span', { class: 'pill good' }, '✓ nothing may leave') : null,
  ]
}
