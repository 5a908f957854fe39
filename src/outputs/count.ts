/** `1 finding`, `3 findings`; `plural` for the irregular ones. */
export const count = (n: number, one: string, plural = `${one}s`): string => `${n} ${n === 1 ? one : plural}`
