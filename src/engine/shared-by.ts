/** One value for each sequence of objects, made once, and kept as long as the objects are. */
export const sharedBy = <K extends object, V>(): ((keys: readonly K[], make: () => V) => V) => {
  const root: Branch<K, V> = { held: null, next: new WeakMap() }
  return (keys, make) => {
    let branch = root
    for (const key of keys) {
      let next = branch.next.get(key)
      if (next === undefined) {
        next = { held: null, next: new WeakMap() }
        branch.next.set(key, next)
      }
      branch = next
    }
    branch.held ??= { value: make() }
    return branch.held.value
  }
}

interface Branch<K extends object, V> {
  held: { readonly value: V } | null
  readonly next: WeakMap<K, Branch<K, V>>
}
