/**
 * A partition of the numbers below `count` that gets finer: mark elements, then split every set that holds marked and
 * unmarked ones. The smaller part becomes the new set, which bounds the whole work by n log n. Source: Valmari and Lehtinen,
 * "Efficient minimization of DFAs with partial transition functions", 2008.
 */
export interface RefinablePartition {
  readonly sets: () => number
  readonly setOf: (element: number) => number
  readonly each: (set: number, visit: (element: number) => void) => void
  readonly mark: (element: number) => void
  readonly split: () => void
}

/** Starts with one set of all elements. */
export const refinablePartition = (count: number): RefinablePartition => {
  const elements = Uint32Array.from({ length: count }, (_, i) => i)
  const places = elements.slice()
  const setOf = new Uint32Array(count)
  const begins = [0]
  const ends = [count]
  const marked = [0]
  let touched: number[] = []
  const mark = (element: number): void => {
    const set = setOf[element] as number
    const from = places[element] as number
    const to = (begins[set] as number) + (marked[set] as number)
    if (from < to) return
    const other = elements[to] as number
    elements[from] = other
    places[other] = from
    elements[to] = element
    places[element] = to
    if (marked[set] === 0) touched.push(set)
    marked[set] = (marked[set] as number) + 1
  }
  const splitOne = (set: number): void => {
    const [begin, end] = [begins[set] as number, ends[set] as number]
    const middle = begin + (marked[set] as number)
    marked[set] = 0
    if (middle === end) return
    const added = begins.length
    const firstPart = middle - begin <= end - middle
    begins.push(firstPart ? begin : middle)
    ends.push(firstPart ? middle : end)
    marked.push(0)
    if (firstPart) begins[set] = middle
    else ends[set] = middle
    for (let i = begins[added] as number; i < (ends[added] as number); i++) setOf[elements[i] as number] = added
  }
  return {
    sets: () => begins.length,
    setOf: element => setOf[element] as number,
    each: (set, visit) => {
      for (let i = begins[set] as number; i < (ends[set] as number); i++) visit(elements[i] as number)
    },
    mark,
    split: () => {
      const sets = touched
      touched = []
      for (const set of sets) splitOne(set)
    },
  }
}
