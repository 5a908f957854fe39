/**
 * Names, labels and messages come from clusters that somebody else writes to. Every renderer passes them through
 * one of these before they reach a terminal, a browser, a wiki or an XML reader. Nothing is removed: what could
 * act, hide or reorder is shown as its escape.
 */

/** Controls, bidirectional overrides, zero-width and tag characters, line separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escapeOf = (character: string): string => {
  const short = SHORT[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}

/** One line of text in which every character shows: the base of all the others. */
export const visible = (text: string): string => text.replace(INVISIBLE, escapeOf)

/** For a terminal: no escape sequence, no control, no reordering. */
export const terminalSafe = visible

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const withEntities = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character] ?? character)

/** For HTML text and double- or single-quoted attribute values. */
export const htmlText = (text: string): string => withEntities(visible(text))

/**
 * For XML 1.0 text and attribute values: only characters that the Char production allows. Line breaks and tabs stay;
 * an attribute wants `xmlAttribute`, because readers turn breaks there into blanks.
 */
export const xmlText = (text: string): string =>
  withEntities(
    text
      .split(/(\r\n|[\n\t])/)
      .map(part => (part === '\n' || part === '\t' ? part : part === '\r\n' ? '\n' : visible(part)))
      .join('')
      .replace(/[\ufffe\uffff]/g, escapeOf),
  )

export const xmlAttribute = (text: string): string => xmlText(visible(text))

/**
 * For a table cell that somebody may paste or open in a spreadsheet: a leading `=`, `+`, `-`, `@` would start a
 * formula there, so the cell starts with an apostrophe, which spreadsheets read as "text".
 * Source: OWASP, CSV Injection.
 */
export const notAFormula = (text: string): string =>
  /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text

/** Markdown's own punctuation becomes character references: a reference is text and can never be structure. */
const MARKDOWN = /[\\`*_{}[\]<>&|~()!"$^]/

/** What a forge turns into a link or a list although nothing marks it: mentions, issue numbers, addresses, bullets. */
const LINKED = /[@#](?=[\p{L}\p{N}])|:(?=\/\/)|(?<=\bwww)\.|^\s*(?:[-+#=]|\d+[.)])/u

const MARKDOWN_OR_LINKED = new RegExp(`${MARKDOWN.source}|${LINKED.source}`, 'giu')

const reference = (character: string): string => `&#${character.charCodeAt(0)};`

/** Zero width, written as a reference: it keeps a forge from linking across it. */
const NO_LINK = '&#8203;'

/**
 * For Markdown prose, list items and table cells on one line: no emphasis, link, HTML, table cell, mention, issue
 * number or bare address comes out of it.
 */
export const markdownText = (text: string): string =>
  visible(text).replace(MARKDOWN_OR_LINKED, match =>
    MARKDOWN.test(match) ? Array.from(match, reference).join('') : NO_LINK + match + NO_LINK,
  )

/** For Markdown as code: HTML `code` with references, since a code span cannot hold a pipe or every backtick. */
export const markdownCode = (text: string): string =>
  `<code>${visible(text).replace(/[\\`*_{}[\]<>&|~()!"$^#@:]|(?<=\bwww)\./gi, reference)}</code>`

/** Sentences of a check, in which a pair of backticks marks code. */
export const markdownProse = (text: string): string =>
  text
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 0 ? markdownText(part) : markdownCode(part)))
    .join('')
