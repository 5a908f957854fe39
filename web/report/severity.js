/** How severities look: a shape, a colour and always the word. */

/** Paths in a box of 16 by 16. */
const SHAPES = {
  critical: 'M5 1h6l4 4v6l-4 4H5l-4-4V5Z',
  high: 'M8 1.5 15.5 14.5H.5Z',
  medium: 'M8 .8 15.2 8 8 15.2.8 8Z',
  low: 'M8 2a6 6 0 1 0 .01 0Z',
  info: 'M8 2a6 6 0 1 0 .01 0ZM8 4.2a3.8 3.8 0 1 1-.01 0Z',
}

/** A shape for each severity, so that colour is never the only sign. @param {Severity} severity */
const shape = severity => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 16 16')
  svg.setAttribute('class', `shape ${severity}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  path.setAttribute('d', SHAPES[severity])
  svg.append(path)
  return svg
}

/** @param {Severity} severity */
const badge = severity => h('span', { class: `badge ${severity}` }, shape(severity), severity)

/** Counts of each severity as one bar; the numbers stand beside it in words. @param {BySeverity} counts */
const severityBar = counts => {
  const bar = h('div', { class: 'bar', 'aria-hidden': 'true' })
  for (const severity of SEVERITIES) {
    if (counts[severity] === 0) continue
    const part = h('span', { class: severity })
    part.style.flexGrow = String(counts[severity])
    bar.append(part)
  }
  return bar
}

/** @param {BySeverity} counts */
const severityCounts = counts => {
  const present = SEVERITIES.filter(severity => counts[severity] > 0)
  return present.length === 0
    ? h('p', { class: 'muted' }, 'No open findings')
    : h(
        'ul',
        { class: 'counts' },
        present.map(severity => h('li', null, shape(severity), h('b', null, counts[severity]), ` ${severity}`)),
      )
}
