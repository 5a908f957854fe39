/** Numbers, ascending and each once, as runs: `3-8,11`. Nothing is the empty text. */
export const runsText = (numbers: readonly number[]): string => {
  const runs: { first: number; last: number }[] = []
  for (const n of numbers) {
    const run = runs.at(-1)
    if (run !== undefined && n === run.last + 1) run.last = n
    else runs.push({ first: n, last: n })
  }
  return runs.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',')
}
