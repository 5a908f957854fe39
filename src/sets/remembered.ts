/**
 * The same function of text, which hands out one object for one text: what documents repeat a thousand times is held once. When it
 * holds `most`, it begins anew.
 */
export const remembered = <T>(make: (text: string) => T, most = 20_000): ((text: string) => T) => {
  const known = new Map<string, T>()
  return text => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before as T
    if (known.size >= most) known.clear()
    const made = make(text)
    known.set(text, made)
    return made
  }
}
