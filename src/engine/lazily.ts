/** Worked out when it is asked for, and kept. */
export const lazily = <T>(make: () => T): (() => T) => {
  let kept: { readonly value: T } | null = null
  return () => {
    kept ??= { value: make() }
    return kept.value
  }
}
