/**
 * The report's page is built with `h` alone: text only ever becomes text nodes, so no name can become markup.
 * The policy of the page (Trusted Types, no inline handlers) refuses everything else.
 */

/** As in src/outputs/text-safety.ts: what could act, hide or reorder is shown as its escape. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** @param {string} text */
const visible = text =>
  text.replace(INVISIBLE, character => {
    const code = character.codePointAt(0) ?? 0
    if (code === 10) return '\\n'
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
  })

/**
 * An element. A function is a listener named by its key (`click`), `true` an empty attribute, `false` and `null` none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props | null} props
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
const h = (tag, props, ...children) => {
  const element = document.createElement(tag)
  for (const [key, value] of Object.entries(props ?? {})) {
    if (typeof value === 'function') element.addEventListener(key, value)
    else if (value === true) element.setAttribute(key, '')
    else if (value !== false && value !== null) element.setAttribute(key, String(value))
  }
  append(element, children)
  return element
}

/** @param {Node} parent @param {readonly Child[]} children */
const append = (parent, children) => {
  for (const child of children) {
    if (child === null) continue
    if (child instanceof Node) parent.appendChild(child)
    else if (typeof child === 'object') append(parent, child)
    else parent.appendChild(document.createTextNode(visible(String(child))))
  }
}

const SHORT = 22

/** A name from the input, kept apart from the direction of the text around it; a long id may break after a slash. @param {string} text */
const named = text =>
  h(
    'bdi',
    null,
    (text.length <= SHORT ? [text] : text.split(/(?<=\/)/)).map((piece, i) =>
      i === 0 ? piece : [h('wbr', null), piece],
    ),
  )

/** @param {string} text */
const code = text => h('code', { dir: 'auto' }, text)

/** A pair of backticks is code. @param {string} line @returns {readonly Child[]} */
const spoken = line => line.split(/`([^`]*)`/).map((part, i) => (i % 2 === 0 ? part : code(part)))

/** Sentences: a line break is a paragraph. @param {string} text */
const prose = text => text.split(/\n+/).map(line => h('p', { dir: 'auto' }, ...spoken(line)))

/** Only what is plainly a web address becomes a link. @param {string} text */
const reference = text =>
  /^https:\/\/[a-z0-9.-]+(?:[/?#][\w\-./~%?#=&+,:;@()]*)?$/i.test(text)
    ? h('a', { href: text, rel: 'noreferrer noopener', target: '_blank' }, text)
    : named(text)

/** @param {number} n @param {string} one @param {string} [many] */
const count = (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** A section with its heading, reachable by its id. @param {string} id @param {string} title @param {Child[]} children */
const section = (id, title, ...children) =>
  h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title`, tabindex: -1 }, title), children)
