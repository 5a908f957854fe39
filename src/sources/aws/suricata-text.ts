import { quoted, type Reading, readAs, refuse } from '../../sets/algebra.ts'
import { readOptions } from './suricata-options.ts'
import type { WrittenRule } from './suricata-rule.ts'

/** Rules one a line, a backslash at the end of a line joining the next; lines that begin with `#` are none. */
export const readRules = (text: string): readonly Reading<WrittenRule>[] =>
  text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(readRule)

/** `action protocol source port -> destination port (options)`. Source: Suricata User Guide, “Rules Format”. */
const readRule = (line: string): Reading<WrittenRule> => {
  const open = line.indexOf('(')
  const words = wordsOf(open < 0 ? line : line.slice(0, open))
  const [action = '', protocol = '', source = '', sourcePort = '', direction, destination = '', destinationPort = ''] =
    words
  if (words.length !== 7 || (direction !== '->' && direction !== '<>') || (open >= 0 && !line.endsWith(')')))
    return refuse(`${quoted(line.slice(0, SHOWN))} is no rule that can be read`)
  return readAs({
    action,
    protocol,
    source,
    sourcePort,
    isBothWays: direction === '<>',
    destination,
    destinationPort,
    options: open < 0 ? [] : readOptions(line.slice(open + 1, -1)),
  })
}

const SHOWN = 60

/** Split at spaces that stand in no brackets. */
const wordsOf = (text: string): readonly string[] => {
  const words: string[] = []
  let [depth, word] = [0, '']
  for (const char of text) {
    if (char === '[') depth++
    if (char === ']') depth--
    if (!/\s/.test(char)) word += char
    else if (depth <= 0 && word !== '') {
      words.push(word)
      word = ''
    }
  }
  return word === '' ? words : [...words, word]
}
