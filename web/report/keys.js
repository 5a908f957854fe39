/** The keys that move in a list: `/` to its search; arrows, Home and End in it; Esc closes a row, then goes back. */

/**
 * @param {object} parts
 * @param {{ readonly element: HTMLElement, readonly rows: () => HTMLElement[], readonly move: (from: HTMLElement, step: number) => void }} parts.list
 * @param {HTMLInputElement} parts.search
 * @param {() => void} parts.refresh
 * @param {(row: HTMLElement) => void} parts.toggle
 * @param {(target: HTMLElement) => boolean} parts.owns whether `/` means this list where the focus is
 */
const listenToKeys = ({ list, search, refresh, toggle, owns }) => {
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
        : target.matches('button.row') && list.element.contains(target)
          ? { ...anywhere, ...inList(target) }
          : target.matches('input, select, textarea') || !owns(target)
            ? {}
            : anywhere
    const act = Object.entries(keys).find(([key]) => key === event.key)?.[1]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
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
