/**
 * A fresh value with the parts of an older one wherever both say the same, the older value itself where all of it does: pods of
 * one owner differ in a name and an address, and what they have in common is held once.
 */
export const sharing = <T>(older: T, fresh: T): T => shared(older, fresh) as T

/** The older value where all of it is the same. Each part is looked at once. */
const shared = (older: unknown, fresh: unknown): unknown => {
  if (older === fresh) return older
  if (Array.isArray(older)) return Array.isArray(fresh) ? sharedList(older, fresh) : fresh
  if (older instanceof Map) return fresh instanceof Map && isSameMap(older, fresh) ? older : fresh
  return isRecord(older) && isRecord(fresh) ? sharedRecord(older, fresh) : fresh
}

const sharedList = (older: readonly unknown[], fresh: readonly unknown[]): readonly unknown[] => {
  const parts = fresh.map((part, i) => shared(older[i], part))
  return parts.length === older.length && parts.every((part, i) => part === older[i]) ? older : parts
}

const sharedRecord = (older: Fields, fresh: Fields): Fields => {
  const own: [string, unknown][] = []
  let isSame = true
  for (const key of Object.keys(fresh)) {
    const known = Object.hasOwn(older, key)
    const part = known ? shared(older[key], fresh[key]) : fresh[key]
    isSame &&= known && part === older[key]
    own.push([key, part])
  }
  // By definition, not by assignment: a key may be `__proto__`.
  return isSame && own.length === Object.keys(older).length ? older : Object.fromEntries(own)
}

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)

/** Entries in one order: whoever reads one after the other reads the same. */
const isSameMap = (older: ReadonlyMap<unknown, unknown>, fresh: ReadonlyMap<unknown, unknown>): boolean => {
  if (older.size !== fresh.size) return false
  const entries = fresh.entries()
  for (const [key, value] of older) {
    const entry = entries.next().value
    if (entry === undefined || entry[0] !== key || entry[1] !== value) return false
  }
  return true
}
