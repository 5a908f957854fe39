import type { Words } from '../sets/bounds.ts'

/** Up to here each set is looked at by itself. */
const FEW = 24

/** Past every point of a line of 32-bit numbers: where a set ends that runs to the end of its line. */
const LINE_END = 2 ** 32

/** Which of many sets on one line, given by their bounds, have a point in common with another. Places ascend. */
export const intervalIndex = (sets: readonly Words[]): ((asked: Words) => readonly number[]) => {
  const places = sets.map((_, place) => place)
  if (sets.length <= FEW) return asked => places.filter(place => meet(sets[place] as Words, asked))
  const tree = intervalTree(sets)
  return asked => {
    const found = new Uint8Array(sets.length)
    for (let i = 0; i < asked.length; i += 2) tree(asked[i] as number, asked[i + 1] ?? LINE_END, found)
    return places.filter(place => found[place] === 1)
  }
}

const meet = (a: Words, b: Words): boolean => {
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if ((a[i + 1] ?? LINE_END) <= (b[j] as number)) i += 2
    else if ((b[j + 1] ?? LINE_END) <= (a[i] as number)) j += 2
    else return true
  }
  return false
}

/**
 * The intervals of all sets by their first point, read as a balanced tree: the node of a span is its middle, and carries how
 * far any interval of the span goes. So a question costs what it finds, and the logarithm of what there is.
 */
const intervalTree = (sets: readonly Words[]): ((from: number, to: number, found: Uint8Array) => void) => {
  const intervals = sets
    .flatMap((bounds, place) =>
      Array.from({ length: Math.ceil(bounds.length / 2) }, (_, i) => ({
        first: bounds[2 * i] as number,
        after: bounds[2 * i + 1] ?? LINE_END,
        place,
      })),
    )
    .sort((a, b) => a.first - b.first)
  const first = Float64Array.from(intervals, one => one.first)
  const after = Float64Array.from(intervals, one => one.after)
  const place = Uint32Array.from(intervals, one => one.place)
  const furthest = new Float64Array(intervals.length)
  const measure = (low: number, high: number): number => {
    if (low >= high) return 0
    const middle = (low + high) >>> 1
    const most = Math.max(after[middle] as number, measure(low, middle), measure(middle + 1, high))
    furthest[middle] = most
    return most
  }
  measure(0, intervals.length)
  const visit = (low: number, high: number, from: number, to: number, found: Uint8Array): void => {
    if (low >= high) return
    const middle = (low + high) >>> 1
    if ((furthest[middle] as number) <= from) return
    visit(low, middle, from, to, found)
    if ((first[middle] as number) >= to) return
    if ((after[middle] as number) > from) found[place[middle] as number] = 1
    visit(middle + 1, high, from, to, found)
  }
  return (from, to, found) => visit(0, intervals.length, from, to, found)
}
