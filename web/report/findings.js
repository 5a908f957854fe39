/** The findings: toolbar above, list below, and the keys and links that move between them. */

const findingsView = () => {
  const list = findingList()
  const status = h('p', { role: 'status', 'aria-live': 'polite', id: 'result-count' })
  const refresh = () => {
    list.fill(toolbar.selected(), toolbar.group())
    const all = RESULT.findings.length
    status.textContent =
      list.size() === all ? count(all, 'finding') : `${list.size().toLocaleString('en')} of ${count(all, 'finding')}`
    if (list.size() === 0) list.element.append(h('p', { class: 'empty' }, nothingWords()))
  }
  const toolbar = toolbarOf(refresh)
  const byFingerprint = new Map(RESULT.findings.map(finding => [finding.fingerprint, finding]))

  /** @param {HTMLElement} row */
  const toggle = row => {
    const finding = byFingerprint.get(row.dataset['fingerprint'] ?? '')
    if (finding === undefined) return
    const open = !isOpen(row)
    setOpen(row, open, finding)
    if (open) address(finding.fingerprint)
  }

  list.element.addEventListener('click', event => {
    const row = event.target instanceof Element ? event.target.closest('button.row') : null
    if (row instanceof HTMLElement) toggle(row)
  })
  listenToKeys(list, toolbar.search, refresh, toggle)

  /** Opens a finding, whatever the filters hide. @param {string} fingerprint */
  const open = fingerprint => {
    const finding = byFingerprint.get(fingerprint)
    if (finding === undefined) return
    if (list.rowOf(finding) === null) {
      toolbar.reset(false)
      refresh()
    }
    const row = list.rowOf(finding)
    if (row === null) return
    setOpen(row, true, finding)
    row.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'center' })
  }

  /** @param {Partial<Record<FilterKey, string>>} filter */
  const show = filter => {
    toolbar.reset(true)
    for (const [key, value] of Object.entries(filter)) toolbar.set(/** @type {FilterKey} */ (key), value)
    refresh()
    const title = document.getElementById('findings-title')
    title?.focus({ preventScroll: true })
    title?.scrollIntoView({ block: 'start' })
  }

  toolbar.reset(true)
  refresh()
  const some = RESULT.findings.length > 0
  const element = section(
    'findings',
    'Findings',
    some ? toolbar.element : null,
    h('div', { class: 'status' }, some ? status : null, some ? keysHint() : null),
    list.element,
    list.more,
  )
  return { element, open, show }
}

const nothingWords = () => {
  if (RESULT.coverage.objects === 0) return 'Nothing was read, so nothing was judged.'
  if (RESULT.findings.length === 0) return `No check fired on ${count(RESULT.coverage.objects, 'object')}.`
  return 'No finding fits. Clear the search or a filter.'
}

const keysHint = () =>
  h(
    'p',
    { class: 'keys muted' },
    [
      ['/', 'search'],
      ['↑', ''],
      ['↓', 'move'],
      ['Enter', 'open'],
      ['Esc', 'close'],
    ].map(([key = '', does = '']) => [h('kbd', null, key), ` ${does} `]),
  )

/**
 * `/` to the search from anywhere; arrows, Home and End in the list; Esc closes, then goes back.
 * @param {ReturnType<typeof findingList>} list
 * @param {HTMLInputElement} search
 * @param {() => void} refresh
 * @param {(row: HTMLElement) => void} toggle
 */
const listenToKeys = (list, search, refresh, toggle) => {
  /** @param {HTMLElement} row @returns {Readonly<Record<string, () => void>>} */
  const inList = row => ({
    ArrowDown: () => list.move(row, 1),
    ArrowUp: () => (list.rows()[0] === row ? search.focus() : list.move(row, -1)),
    Home: () => list.rows()[0]?.focus(),
    End: () => list.rows().at(-1)?.focus(),
    Escape: () => (isOpen(row) ? toggle(row) : search.focus()),
  })
  /** @type {Readonly<Record<string, () => void>>} */
  const inSearch = {
    ArrowDown: () => list.rows()[0]?.focus(),
    Escape: () => {
      if (search.value === '') search.blur()
      search.value = ''
      refresh()
    },
  }
  const anywhere = {
    '/': () => {
      search.focus()
      search.select()
    },
  }
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof HTMLElement)) return
    const { target } = event
    const keys =
      target === search
        ? inSearch
        : target.matches('button.row')
          ? { ...anywhere, ...inList(target) }
          : target.matches('input, select, textarea')
            ? {}
            : anywhere
    const act = Object.entries(keys).find(([key]) => key === event.key)?.[1]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
}

/** Puts a fingerprint into the address bar without a jump. @param {string} fingerprint */
const address = fingerprint => {
  try {
    history.replaceState(null, '', `#${fingerprint}`)
  } catch {
    // A browser that forbids it for files: the link inside the finding still works.
  }
}
