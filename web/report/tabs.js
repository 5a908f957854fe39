/** Tabs as the ARIA practices have them: one stop for Tab, arrows between them. */

let tabSets = 0

/**
 * Tabs with arrow keys; a panel's content is made when it is first shown, or printed.
 * @param {string} id
 * @param {string} label
 * @param {readonly { readonly title: string, readonly of: () => Child }[]} items
 */
const tabs = (id, label, items) => {
  const set = `${id.replace(/[^\w-]/g, '')}-${tabSets++}`
  const panels = items.map((_, i) =>
    h('div', {
      role: 'tabpanel',
      id: `${set}-panel-${i}`,
      'aria-labelledby': `${set}-tab-${i}`,
      tabindex: 0,
      hidden: true,
    }),
  )
  const buttons = items.map((item, i) =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `${set}-tab-${i}`,
        'aria-controls': `${set}-panel-${i}`,
        click: () => choose(i),
      },
      named(item.title),
    ),
  )
  /** @param {number} i */
  const fill = i => {
    const panel = panels[i]
    if (panel !== undefined && panel.childElementCount === 0)
      append(panel, [h('h3', { class: 'panel-title' }, named(items[i]?.title ?? '')), items[i]?.of() ?? null])
  }
  /** @param {number} chosen */
  const choose = chosen => {
    fill(chosen)
    for (const [i, button] of buttons.entries()) {
      button.setAttribute('aria-selected', String(i === chosen))
      button.tabIndex = i === chosen ? 0 : -1
    }
    for (const [i, panel] of panels.entries()) panel.hidden = i !== chosen
  }
  const bar = h('div', { role: 'tablist', 'aria-label': label }, buttons)
  bar.addEventListener('keydown', event => {
    const here = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement))
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1 + buttons.length, Home: 0, End: buttons.length - 1 }[
      event.key
    ]
    if (here < 0 || to === undefined) return
    event.preventDefault()
    choose(to % buttons.length)
    buttons[to % buttons.length]?.focus()
  })
  window.addEventListener('beforeprint', () => {
    for (const i of items.keys()) fill(i)
  })
  choose(0)
  return [items.length > 1 ? bar : null, panels]
}
