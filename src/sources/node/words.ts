/**
 * Splits a line of `iptables-save` into words. Quoted words take backslash escapes; null when a quote does not end (a
 * comment with a line break in it: the rest stands on the next line).
 */
export const words = (line: string): readonly string[] | null => {
  const found: string[] = []
  let word = ''
  let started = false
  let quote = ''
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i] ?? ''
    if (quote !== '') {
      if (character === '\\' && i + 1 < line.length) {
        i += 1
        word += line[i]
      } else if (character === quote) quote = ''
      else word += character
    } else if (character === '"') {
      quote = character
      started = true
    } else if (character === ' ' || character === '\t') {
      if (started) found.push(word)
      word = ''
      started = false
    } else {
      word += character
      started = true
    }
  }
  if (started) found.push(word)
  return quote === '' ? found : null
}
