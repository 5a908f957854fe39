/**
 * kubectl's `-l`: `app=web,tier!=db,env in (a,b),has,!not`. All parts must hold.
 * The empty text selects everything. Source: kubernetes.io, "Labels and Selectors". Errors: throws SelectorError.
 */
export class SelectorError extends Error {}

export const parseLabelSelector = (text: string): ((labels: ReadonlyMap<string, string>) => boolean) => {
  // Commas inside parentheses part values, not requirements.
  const parts = text.trim() === '' ? [] : text.split(/,(?![^(]*\))/)
  const tests = parts.map(part => parsePart(part.trim()))
  return labels => tests.every(test => test(labels))
}

const parsePart = (part: string): ((labels: ReadonlyMap<string, string>) => boolean) => {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map(value => value.trim())
    return labels => {
      const value = labels.get(key)
      return operator === 'in'
        ? value !== undefined && values.includes(value)
        : value === undefined || !values.includes(value)
    }
  }
  const equal = /^([^\s!=]+)\s*(==|=|!=)\s*([^\s!=]*)$/.exec(part)
  if (equal) {
    const [, key = '', operator, value = ''] = equal
    return labels => (operator === '!=' ? labels.get(key) !== value : labels.get(key) === value)
  }
  const present = /^(!?)([A-Za-z0-9./_-]+)$/.exec(part)
  if (present) return labels => labels.has(present[2] ?? '') === (present[1] === '')
  throw new SelectorError(`\`${part}\` is no label selector: write key=value, key!=value, key in (a,b), key or !key`)
}
