/**
 * A fresh value with the parts of an older one wherever both say the same, the older value itself where all of it does: pods of
 * one owner differ in a name and an address, and what they have in common is held once.
 */
export const sharing = <T>(older: T, fresh: T): T => {
  if (isAlike(older, fresh)) return older
  if (Array.isArray(older) && Array.isArray(fresh)) return fresh.map((part, i) => sharing(older[i], part)) as T
  return isRecord(older) && isRecord(fresh)
    ? (Object.fromEntries(Object.entries(fresh).map(([key, part]) => [key, sharing(older[key], part)])) as T)
    : fresh
}

/** Whether they say the same, entries of maps in one order: whoever reads one after the other reads the same. */
const isAlike = (older: unknown, fresh: unknown): boolean => {
  if (older === fresh) return true
  if (Array.isArray(older))
    return Array.isArray(fresh) && older.length === fresh.length && older.every((part, i) => isAlike(part, fresh[i]))
  if (older instanceof Map) return fresh instanceof Map && isSameMap(older, fresh)
  if (!isRecord(older) || !isRecord(fresh)) return false
  let keys = 0
  for (const key in fresh) {
    keys++
    if (!Object.hasOwn(older, key) || !isAlike(older[key], fresh[key])) return false
  }
  for (const _ in older) keys--
  return keys === 0
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)

const isSameMap = (older: ReadonlyMap<unknown, unknown>, fresh: ReadonlyMap<unknown, unknown>): boolean => {
  if (older.size !== fresh.size) return false
  const entries = fresh.entries()
  for (const [key, value] of older) {
    const entry = entries.next().value
    if (entry === undefined || entry[0] !== key || entry[1] !== value) return false
  }
  return true
}
