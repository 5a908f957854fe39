/**
 * Where a text stops being JSON (RFC 8259), and why: engines word it differently from version to version, and most of
 * their messages name no position. Reads only texts that `JSON.parse` refused.
 */
export interface TextFault {
  /** In UTF-16 units; the text's length when it ends too early. */
  readonly offset: number
  readonly why: string
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing'

const WORDED: Readonly<Record<Expected, string>> = {
  value: 'a value is missing',
  'value or end': 'a value or `]` is missing',
  key: 'a key in double quotes is missing',
  'key or end': 'a key in double quotes or `}` is missing',
  colon: 'a colon is missing after the key',
  'comma or end': 'a comma or a closing bracket is missing',
  nothing: 'there is more after the end of the document',
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /(?:true|false|null)(?![\w$])/y

/** null when the text is JSON after all. */
export const jsonFault = (text: string): TextFault | null => {
  const open: ('{' | '[')[] = []
  let expected = 'value' as Expected
  let i = 0
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end')

  while (true) {
    while (i < text.length && ' \t\n\r'.includes(text[i] as string)) i++
    const character = text[i]
    if (character === undefined) {
      return expected === 'nothing' ? null : { offset: i, why: `it ends too early: ${WORDED[expected]}` }
    }
    const closes = character === (open.at(-1) === '{' ? '}' : ']') && open.length > 0
    if (closes && expected !== 'value' && expected !== 'key' && expected !== 'colon') {
      open.pop()
      expected = afterValue()
      i++
    } else if (expected === 'comma or end') {
      if (character !== ',') return { offset: i, why: WORDED[expected] }
      expected = open.at(-1) === '{' ? 'key' : 'value'
      i++
    } else if (expected === 'colon') {
      if (character !== ':') return { offset: i, why: WORDED[expected] }
      expected = 'value'
      i++
    } else if (expected === 'nothing') {
      return { offset: i, why: WORDED[expected] }
    } else if (character === '"') {
      const end = endOfString(text, i)
      if (typeof end !== 'number') return end
      expected = expected === 'key' || expected === 'key or end' ? 'colon' : afterValue()
      i = end
    } else if (expected === 'key' || expected === 'key or end') {
      return { offset: i, why: WORDED[expected] }
    } else if (character === '{' || character === '[') {
      open.push(character)
      expected = character === '{' ? 'key or end' : 'value or end'
      i++
    } else {
      const end = endOfScalar(text, i)
      if (end === null) return { offset: i, why: WORDED[expected] }
      expected = afterValue()
      i = end
    }
  }
}

const endOfScalar = (text: string, start: number): number | null => {
  for (const pattern of [NUMBER, WORD]) {
    pattern.lastIndex = start
    if (pattern.test(text)) return pattern.lastIndex
  }
  return null
}

/** Offset after the closing quote. */
const endOfString = (text: string, start: number): number | TextFault => {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) return i + 1
    if (code < 0x20) return { offset: i, why: 'a line break or control character inside a string' }
    if (code !== 0x5c) continue
    i++
    const escaped = text[i]
    if (escaped === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(i + 1, i + 5))) i += 4
    else if (escaped === undefined || !'"\\/bfnrt'.includes(escaped)) {
      return { offset: i - 1, why: 'an escape that JSON does not have' }
    }
  }
  return { offset: text.length, why: 'it ends too early: the closing quote of a string is missing' }
}
