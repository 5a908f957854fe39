/** Worked out when it is asked for, and kept. */
export const lazily = <T>(make: () => T): (() => T) => {
  let kept: { readonly value: T } | null = null
  return () => {
    kept ??= { value: make() }
    return kept.value
  }
}

/** The same for each key. */
export const keptBy = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const known = new Map<K, V>()
  return key => {
    const before = known.get(key)
    if (before !== undefined || known.has(key)) return before as V
    const made = make(key)
    known.set(key, made)
    return made
  }
}

/** A number for each object, the same whenever it is asked for. */
export const numbering = <T extends object>(): ((one: T) => number) => {
  const numbers = new WeakMap<T, number>()
  let next = 0
  return one => {
    const known = numbers.get(one)
    if (known !== undefined) return known
    next += 1
    numbers.set(one, next)
    return next
  }
}
