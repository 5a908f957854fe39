/**
 * A fresh value with the parts of an older one wherever both say the same, the older value itself where all of it does: pods of
 * one owner differ in a name and an address, and what they have in common is held once.
 */
export const sharing = <T>(older: T, fresh: T): T => {
  if (older === fresh || typeof older !== 'object' || typeof fresh !== 'object') return fresh
  if (older === null || fresh === null) return fresh
  if (older instanceof Map || fresh instanceof Map)
    return older instanceof Map && fresh instanceof Map && isSameMap(older, fresh) ? older : fresh
  if (Array.isArray(older) || Array.isArray(fresh))
    return Array.isArray(older) && Array.isArray(fresh) ? (sharedList(older, fresh) as T) : fresh
  return sharedRecord(older as Readonly<Record<string, unknown>>, fresh as Readonly<Record<string, unknown>>) as T
}

const isSameMap = (older: ReadonlyMap<unknown, unknown>, fresh: ReadonlyMap<unknown, unknown>): boolean => {
  if (older.size !== fresh.size) return false
  const entries = fresh.entries()
  // In one order, too: who reads them one after the other reads the same.
  for (const [key, value] of older) {
    const entry = entries.next().value
    if (entry === undefined || entry[0] !== key || entry[1] !== value) return false
  }
  return true
}

const sharedList = (older: readonly unknown[], fresh: readonly unknown[]): readonly unknown[] => {
  const parts = fresh.map((part, i) => sharing(older[i], part))
  return older.length === parts.length && parts.every((part, i) => part === older[i]) ? older : parts
}

const sharedRecord = (
  older: Readonly<Record<string, unknown>>,
  fresh: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => {
  const parts = Object.keys(fresh).map(key => [key, sharing(older[key], fresh[key])] as const)
  return parts.length === Object.keys(older).length &&
    parts.every(([key, part]) => Object.hasOwn(older, key) && part === older[key])
    ? older
    : Object.fromEntries(parts)
}
