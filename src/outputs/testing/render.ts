/** The whole of a rendered result as one text: for tests, which read it at once. */
export const textOf = (chunks: Iterable<string>): string => Array.from(chunks).join('')
