/** Rows under headings, made in batches as the reader gets to them. */

const BATCH = 100

/**
 * @template T
 * @param {string} id
 * @param {string} noun
 */
const batchedList = (id, noun) => {
  const element = h('div', { id })
  const more = h('button', { type: 'button', class: 'more', click: () => make(BATCH) })
  /** @type {ListView<T>} */
  let view = { keyOf: () => '', titleOf: () => null, rowOf: () => h('li', null) }
  /** @type {readonly T[]} */
  let shown = []
  /** Items of each group, by its key. @type {ReadonlyMap<string, readonly T[]>} */
  let groups = new Map()
  /** @type {Map<T, HTMLElement | null>} */
  let buttons = new Map()
  let made = 0
  /** @type {{ readonly key: string, readonly list: HTMLElement } | null} */
  let last = null

  /** @param {readonly T[]} items in order @param {ListView<T>} by */
  const fill = (items, by) => {
    view = by
    groups = Map.groupBy(items, by.keyOf)
    shown = [...groups.values()].flat()
    buttons = new Map()
    made = 0
    last = null
    element.replaceChildren()
    make(BATCH)
  }

  /** @param {number} n */
  const make = n => {
    for (const item of shown.slice(made, made + n)) {
      const row = view.rowOf(item)
      buttons.set(item, row.querySelector('button'))
      listFor(item).append(row)
    }
    made = Math.min(shown.length, made + n)
    more.hidden = made >= shown.length
    more.textContent = `Show more: ${(shown.length - made).toLocaleString('en')} are left`
  }

  /** @param {T} item */
  const listFor = item => {
    const key = view.keyOf(item)
    if (last?.key === key) return last.list
    const list = h('ol', { class: 'rows' })
    const size = h('span', { class: 'muted' }, count(groups.get(key)?.length ?? 0, noun))
    element.append(h('div', { class: 'group' }, h('h3', null, view.titleOf(item), ' ', size), list))
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

  /** The row of an item, made if it was not yet; null if the list does not hold it. @param {T} item */
  const rowOf = item => {
    const at = shown.indexOf(item)
    if (at < 0) return null
    make(Math.max(0, at + 1 - made))
    return buttons.get(item) ?? null
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

/** @param {HTMLElement} row */
const isOpen = row => row.getAttribute('aria-expanded') === 'true'

/** A row opens the element that its `aria-controls` names; `details` makes the content when it is first shown. @param {HTMLElement} row @param {boolean} open @param {() => Child} details */
const setOpen = (row, open, details) => {
  const more = document.getElementById(row.getAttribute('aria-controls') ?? '')
  if (more === null) return
  if (open && more.childElementCount === 0) append(more, [details()])
  more.hidden = !open
  row.setAttribute('aria-expanded', String(open))
}

/** Puts a fragment into the address bar without a jump. @param {string} fragment */
const address = fragment => {
  try {
    history.replaceState(null, '', `#${fragment}`)
  } catch {
    // A browser that forbids it for files: the link inside the row still works.
  }
}
