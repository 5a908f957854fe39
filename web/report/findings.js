/** The findings: toolbar above, list below, and the keys and links that move between them. */

/** @param {(id: string) => string | null} reachOf the address of what an object can reach */
const findingsView = reachOf => {
  /** @type {ReturnType<typeof batchedList<Finding>>} */
  const list = batchedList('list', 'finding')
  const status = h('p', { role: 'status', 'aria-live': 'polite', id: 'result-count' })
  const refresh = () => {
    const group = toolbar.group()
    const { of: keyOf, title: titleOf } = GROUPS[group]
    list.fill(toolbar.selected(), { keyOf, titleOf, rowOf: finding => findingRow(finding, group) })
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
    setOpen(row, open, () => details(finding, reachOf(finding.object)))
    if (open) address(finding.fingerprint)
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
    owns: target => target.closest('#reach') === null,
  })

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
    setOpen(row, true, () => details(finding, reachOf(finding.object)))
    row.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'center' })
  }

  /** @param {Partial<Record<FilterKey, string>>} filter */
  const show = filter => {
    toolbar.reset(true)
    for (const [key, value] of Object.entries(filter)) toolbar.set(/** @type {FilterKey} */ (key), value)
    reveal()
  }

  /** Every finding of one object, whatever its state. @param {string} id */
  const showObject = id => {
    toolbar.reset(false)
    toolbar.search.value = id
    reveal()
  }

  const reveal = () => {
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
  return { element, open, show, showObject }
}

const nothingWords = () => {
  if (RESULT.coverage.objects === 0) return 'Nothing was read, so nothing was judged.'
  if (RESULT.findings.length === 0) return `No check fired on ${count(RESULT.coverage.objects, 'object')}.`
  return 'No finding fits. Clear the search or a filter.'
}
