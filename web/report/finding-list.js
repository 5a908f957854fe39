/** The rows, grouped, made in batches as the reader gets to them. */

const BATCH = 100

const findingList = () => {
  const element = h('div', { id: 'list' })
  const more = h('button', { type: 'button', class: 'more', click: () => make(BATCH) })
  /** @type {readonly Finding[]} */
  let shown = []
  /** @type {GroupKey} */
  let group = 'check'
  /** Findings of each group, by its key. @type {ReadonlyMap<string, readonly Finding[]>} */
  let groups = new Map()
  let made = 0
  /** @type {{ readonly key: string, readonly list: HTMLElement } | null} */
  let last = null

  /** @param {readonly Finding[]} findings in order @param {GroupKey} by */
  const fill = (findings, by) => {
    group = by
    groups = Map.groupBy(findings, GROUPS[by].of)
    shown = [...groups.values()].flat()
    made = 0
    last = null
    element.replaceChildren()
    make(BATCH)
  }

  /** @param {number} n */
  const make = n => {
    for (const finding of shown.slice(made, made + n)) listFor(finding).append(findingRow(finding, group))
    made = Math.min(shown.length, made + n)
    more.hidden = made >= shown.length
    more.textContent = `Show more: ${(shown.length - made).toLocaleString('en')} are left`
  }

  /** @param {Finding} finding */
  const listFor = finding => {
    const key = GROUPS[group].of(finding)
    if (last?.key === key) return last.list
    const list = h('ol', { class: 'rows' })
    const size = h('span', { class: 'muted' }, count(groups.get(key)?.length ?? 0, 'finding'))
    element.append(h('div', { class: 'group' }, h('h3', null, GROUPS[group].title(finding), ' ', size), list))
    last = { key, list }
    return list
  }

  const rows = () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll('button.row')])

  /** @param {HTMLElement} from @param {number} step */
  const move = (from, step) => {
    if (step > 0 && made < shown.length && rows().at(-1) === from) make(BATCH)
    const all = rows()
    all[all.indexOf(from) + step]?.focus()
  }

  /** The row of a finding, made if it was not yet; null if the list does not hold it. @param {Finding} finding */
  const rowOf = finding => {
    const at = shown.indexOf(finding)
    if (at < 0) return null
    make(Math.max(0, at + 1 - made))
    return document.getElementById(rowId(finding))
  }

  new IntersectionObserver(
    entries => {
      if (made < shown.length && entries.some(entry => entry.isIntersecting)) make(BATCH)
    },
    { rootMargin: '600px' },
  ).observe(more)
  window.addEventListener('beforeprint', () => make(shown.length - made))

  return { element, more, fill, rows, move, rowOf, size: () => shown.length }
}
