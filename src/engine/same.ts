import { isDeepStrictEqual } from 'node:util'

/** Equal by content; the same object is not looked into. */
export const isSame = (a: unknown, b: unknown): boolean => a === b || isDeepStrictEqual(a, b)
