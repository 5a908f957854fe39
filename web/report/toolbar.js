/** The controls above the list: search, a choice a filter, sort, group. They hold the state; the list asks them. */

/** @param {() => void} changed */
const toolbarOf = changed => {
  const anyOpen = RESULT.findings.some(finding => finding.state === 'open')
  const search = h('input', {
    type: 'search',
    id: 'search',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-keyshortcuts': '/',
    placeholder: 'Object, owner, check, text …',
    input: changed,
  })
  const filters = new Map(FILTER_KEYS.map(key => [key, filterOf(key, changed)]))
  const sort = choiceOf('sort', SORTS, changed)
  const group = choiceOf('group', GROUPS, changed)

  /** @param {FilterKey} key @param {string | null} value null is any */
  const set = (key, value) => {
    const filter = filters.get(key)
    if (filter !== undefined) filter.select.selectedIndex = value === null ? 0 : filter.values.indexOf(value) + 1
  }

  /** Nothing searched, every filter open; `state` may stay on what is still to do. @param {boolean} openOnly */
  const reset = openOnly => {
    search.value = ''
    for (const key of FILTER_KEYS) set(key, key === 'state' && openOnly && anyOpen ? 'open' : null)
  }

  const selected = () =>
    select(
      search.value,
      [...filters].flatMap(([key, filter]) => {
        const value = filter.values[filter.select.selectedIndex - 1]
        return value === undefined ? [] : [/** @type {const} */ ([key, value])]
      }),
      /** @type {SortKey} */ (sort.value),
    )

  const clear = () => {
    reset(true)
    changed()
  }

  /** @param {string} label @param {HTMLElement} control */
  const field = (label, control) => h('div', { class: 'field' }, h('label', { for: control.id }, label), control)
  const element = h(
    'form',
    { class: 'toolbar', role: 'search', 'aria-label': 'Findings', submit: event => event.preventDefault() },
    h(
      'div',
      { class: 'field wide' },
      h('label', { for: 'search' }, 'Search ', h('kbd', { 'aria-hidden': true }, '/')),
      search,
    ),
    field('Sort', sort),
    field('Group', group),
    h('button', { type: 'button', class: 'quiet', click: clear }, 'Clear'),
    [...filters].map(([key, filter]) => field(FILTERS[key].label, filter.select)),
  )
  return { element, search, set, reset, selected, group: () => /** @type {GroupKey} */ (group.value) }
}

/** The values that occur, as a choice. @param {FilterKey} key @param {() => void} changed */
const filterOf = (key, changed) => {
  const { any, of, words } = FILTERS[key]
  const rank = (/** @type {string} */ value) => SEVERITIES.indexOf(/** @type {Severity} */ (value))
  const values = [...new Set(RESULT.findings.map(of))].toSorted((a, b) => rank(a) - rank(b) || inOrder(a, b))
  const options = values.map(value => h('option', null, words(value)))
  return { values, select: h('select', { id: `filter-${key}`, change: changed }, h('option', null, any), options) }
}

/** @param {string} id @param {Readonly<Record<string, { readonly label: string }>>} items @param {() => void} changed */
const choiceOf = (id, items, changed) =>
  h(
    'select',
    { id, change: changed },
    Object.entries(items).map(([key, { label }]) => h('option', { value: key }, label)),
  )
