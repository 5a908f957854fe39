/**
 * Checks that run inside the page and return what is wrong, one line each. They stand for themselves: a browser gets
 * only the text of each function. Source: WCAG 2.2, success criteria 1.3.1, 1.4.3, 2.4.6, 4.1.2.
 */

/** Language, title, landmarks, one h1, no skipped heading level, unique ids, references that exist. */
export const structureFaults = (): readonly string[] => {
  const faults: string[] = []
  const all = (selector: string): readonly Element[] => Array.from(document.querySelectorAll(selector))
  if (document.documentElement.lang === '') faults.push('no language')
  if (document.title === '') faults.push('no title')
  for (const landmark of ['main', 'header', 'nav', 'footer']) {
    if (all(landmark).length !== 1) faults.push(`${all(landmark).length} ${landmark}`)
  }
  let level = 0
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    if (heading.closest('[hidden]') !== null) continue
    const next = Number(heading.tagName.slice(1))
    if (next > level + 1) faults.push(`h${level} is followed by h${next}: ${heading.textContent}`)
    level = next
  }
  if (all('h1').length !== 1) faults.push(`${all('h1').length} h1`)
  const ids = all('[id]').map(element => element.id)
  for (const id of new Set(ids.filter((item, i) => ids.indexOf(item) !== i))) faults.push(`id ${id} twice`)
  for (const attribute of ['aria-labelledby', 'aria-controls', 'for']) {
    for (const element of all(`[${attribute}]`)) {
      if (document.getElementById(element.getAttribute(attribute) ?? '') === null)
        faults.push(`${attribute} of ${element.tagName} points nowhere`)
    }
  }
  for (const table of all('table')) {
    if (table.querySelector('caption') === null) faults.push('a table without a caption')
    if (table.querySelector('thead th[scope=col]') === null) faults.push('a table without column headers')
  }
  return faults
}

/** Everything one can operate has a name; what scrolls can be reached; live results are announced. */
export const nameFaults = (): readonly string[] => {
  const faults: string[] = []
  const nameOf = (element: Element): string => {
    const label = element.getAttribute('aria-label') ?? ''
    const by = document.getElementById(element.getAttribute('aria-labelledby') ?? '')?.textContent ?? ''
    const own = element.matches('input, select')
      ? (document.querySelector(`label[for="${element.id}"]`)?.textContent ?? '')
      : (element.textContent ?? '')
    return `${label}${by}${own}`.trim()
  }
  for (const element of document.querySelectorAll(
    'button, a[href], input, select, [role=region], [role=tablist], [role=tabpanel], section, nav, form',
  )) {
    if (nameOf(element) === '') faults.push(`no name: ${element.outerHTML.slice(0, 100)}`)
  }
  for (const svg of document.querySelectorAll('svg')) {
    if (svg.getAttribute('aria-hidden') !== 'true') faults.push('a picture that is read aloud without words')
  }
  for (const box of document.querySelectorAll('*')) {
    if (
      box.scrollWidth > box.clientWidth &&
      getComputedStyle(box).overflowX === 'auto' &&
      box.getAttribute('tabindex') !== '0'
    ) {
      faults.push(`scrolls, and no key reaches it: ${box.className}`)
    }
  }
  if (document.querySelector('[role=status][aria-live=polite]') === null)
    faults.push('the number of results is not announced')
  return faults
}

/** Contrast of every visible text against what is painted behind it: 4.5, large text 3. */
export const contrastFaults = (): readonly string[] => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  if (canvas === null) return ['no canvas']
  /** Any CSS colour over another, as channels: the canvas understands what the style sheet does. */
  const over = (front: string, back: readonly number[]): readonly number[] => {
    canvas.fillStyle = `rgb(${back.join(' ')})`
    canvas.fillRect(0, 0, 1, 1)
    canvas.fillStyle = front
    canvas.fillRect(0, 0, 1, 1)
    return Array.from(canvas.getImageData(0, 0, 1, 1).data.slice(0, 3))
  }
  const paperOf = (element: Element | null): readonly number[] =>
    element === null ? [255, 255, 255] : over(getComputedStyle(element).backgroundColor, paperOf(element.parentElement))
  const luminance = (channels: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = channels.map(value => {
      const part = value / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const faults = new Set<string>()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    if (
      element === null ||
      (node.textContent ?? '').trim() === '' ||
      !element.checkVisibility() ||
      element.closest('script, style, :disabled') !== null
    )
      continue
    const style = getComputedStyle(element)
    const back = paperOf(element)
    const [light = 0, dark = 0] = [luminance(over(style.color, back)), luminance(back)].sort((a, b) => b - a)
    const ratio = (light + 0.05) / (dark + 0.05)
    const size = Number.parseFloat(style.fontSize)
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    if (ratio < needed) faults.add(`${ratio.toFixed(2)} for ${style.color}: ${(node.textContent ?? '').slice(0, 30)}`)
  }
  return [...faults]
}
