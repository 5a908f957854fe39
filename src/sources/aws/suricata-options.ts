/** One option of a rule; `value` is empty where it has none, and stands without its quotes. */
export interface Option {
  readonly keyword: string
  readonly value: string
}

/** `keyword: value; keyword;` Source: Suricata User Guide, “Rules Format”, Rule options. */
export const readOptions = (text: string): readonly Option[] => {
  const options: string[] = []
  let [from, isQuoted] = [0, false]
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') isQuoted = !isQuoted
    else if (text[i] === ';' && !isQuoted) {
      options.push(text.slice(from, i))
      from = i + 1
    }
  }
  return [...options, text.slice(from)]
    .map(one => one.trim())
    .filter(one => one !== '')
    .map(optionOf)
}

export const optionOf = (text: string): Option => {
  const colon = text.indexOf(':')
  const value = colon < 0 ? '' : text.slice(colon + 1).trim()
  return {
    keyword: (colon < 0 ? text : text.slice(0, colon)).trim().toLowerCase(),
    value: value.startsWith('"') && value.endsWith('"') && value.length > 1 ? value.slice(1, -1) : value,
  }
}

/** Options that say something about a rule, and nothing about packets. */
const ABOUT_THE_RULE = 'sid gid rev msg classtype priority reference metadata noalert target requires'.split(' ')

/** What the options of a rule leave of it. */
export interface Meaning {
  /** Set where the rule is about names, and nothing else. */
  readonly names: readonly string[] | null
  /** It counts for packets of those who asked, not for replies. */
  readonly isToServer: boolean
  /** It counts once both ends have said something. */
  readonly isEstablished: boolean
  /** What else it asks for, which packets’ addresses do not tell. */
  readonly others: readonly string[]
}

/** Source: Suricata User Guide, “Flow Keywords”, “SSL/TLS Keywords”, “HTTP Keywords”, “Transformations”. */
export const meaningOf = (all: readonly Option[]): Meaning => {
  const options = all.filter(({ keyword }) => !ABOUT_THE_RULE.includes(keyword))
  const flows = options
    .filter(({ keyword }) => keyword === 'flow')
    .flatMap(({ value }) => value.split(',').map(word => word.trim().toLowerCase()))
  const rest = options.filter(({ keyword }) => keyword !== 'flow')
  const names = namesIn(rest)
  return {
    names,
    isToServer: flows.some(word => word === 'to_server' || word === 'from_client'),
    isEstablished: flows.includes('established'),
    others: [
      ...flows.filter(word => !['to_server', 'from_client', 'established'].includes(word)).map(word => `flow:${word}`),
      ...(names === null ? rest.map(({ keyword }) => keyword) : []),
    ],
  }
}

const BUFFERS = ['tls.sni', 'tls_sni', 'http.host']
const MODIFIERS = ['dotprefix', 'content', 'startswith', 'endswith', 'nocase']

/** The names that one piece of text after a buffer of names means; null where it is anything else. */
const namesIn = (options: readonly Option[]): readonly string[] | null => {
  const [buffer, ...rest] = options.filter(
    ({ keyword, value }) => !(keyword === 'ssl_state' && value === 'client_hello'),
  )
  const has = (keyword: string): boolean => rest.some(one => one.keyword === keyword)
  const [content, ...more] = rest.filter(({ keyword }) => keyword === 'content')
  if (buffer === undefined || !BUFFERS.includes(buffer.keyword) || content === undefined || more.length > 0) return null
  if (!rest.every(({ keyword }) => MODIFIERS.includes(keyword)) || !has('endswith')) return null
  const name = content.value.toLowerCase()
  if (!/^\.?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(name)) return null
  if (!name.startsWith('.')) return has('startswith') && !has('dotprefix') ? [name] : null
  if (has('startswith')) return null
  return has('dotprefix') ? [name.slice(1), `*${name}`] : [`*${name}`]
}
