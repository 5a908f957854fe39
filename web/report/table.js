/** Tables of the inventory and of coverage, and cells that hold several names. */

const ROWS_SHOWN = 50
const NAMES_SHOWN = 6

/**
 * A table that scrolls inside itself when it is wider than the page. The first column names the row.
 * @template T
 * @param {string} caption
 * @param {readonly T[]} rows
 * @param {readonly (readonly [string, (row: T) => Child])[]} columns
 * @param {boolean} [stacked] on a narrow screen a row is a card, and nothing scrolls
 */
const table = (caption, rows, columns, stacked = false) => {
  const body = h('tbody', null)
  /** @param {readonly T[]} some */
  const add = some => {
    for (const row of some) {
      body.append(
        h(
          'tr',
          null,
          columns.map(([label, of], i) =>
            h(
              i === 0 ? 'th' : 'td',
              i === 0 ? { scope: 'row' } : { 'data-label': label },
              stacked ? h('div', null, of(row)) : of(row),
            ),
          ),
        ),
      )
    }
  }
  add(rows.slice(0, ROWS_SHOWN))
  const showAll = () => {
    add(rows.slice(ROWS_SHOWN))
    more?.remove()
  }
  const more =
    rows.length <= ROWS_SHOWN
      ? null
      : h('button', { type: 'button', class: 'more', click: showAll }, `Show all ${rows.length.toLocaleString('en')}`)
  return h(
    'div',
    { class: stacked ? 'table stacked' : 'table' },
    h(
      'div',
      { class: 'scroll', role: 'region', 'aria-label': caption, tabindex: 0 },
      h(
        'table',
        null,
        h('caption', null, caption, ' ', h('span', { class: 'muted' }, rows.length)),
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            columns.map(([label]) => h('th', { scope: 'col' }, label)),
          ),
        ),
        body,
      ),
    ),
    more,
  )
}

/** Several names in one cell, the first ones at once. @param {readonly string[]} items @param {(item: string) => string} [short] @param {number} [most] */
const names = (items, short = item => item, most = NAMES_SHOWN) => {
  if (items.length === 0) return null
  /** @param {readonly string[]} some */
  const listed = some => some.map(item => h('li', { class: item.length <= SHORT ? 'short' : null }, named(short(item))))
  const list = h('ul', { class: 'names' }, listed(items.slice(0, most)))
  const rest = items.slice(most)
  const showAll = () => {
    list.lastChild?.remove()
    append(list, listed(rest))
  }
  if (rest.length > 0) {
    const button = h('button', { type: 'button', class: 'link', click: showAll }, `and ${rest.length} more`)
    list.append(h('li', null, button))
  }
  return list
}
