/**
 * Runs up to `width` of the sources at a time and gives what they give, as it comes. A source is started when there
 * is room for it, and asked for its next batch only when the last one was taken: a slow reader slows the servers'
 * answers, not the memory. Sources yield batches, not single events.
 */
export async function* merge<Batch>(
  sources: readonly (() => AsyncGenerator<Batch>)[],
  width: number,
): AsyncGenerator<Batch> {
  type Step = { readonly source: AsyncGenerator<Batch>; readonly result: IteratorResult<Batch> }
  /** Every source that was started and has not ended; `running` holds the step of those that are being waited for. */
  const open = new Set<AsyncGenerator<Batch>>()
  const running = new Map<AsyncGenerator<Batch>, Promise<Step>>()
  const advance = (source: AsyncGenerator<Batch>): void => {
    running.set(
      source,
      source.next().then(result => ({ source, result })),
    )
  }
  let next = 0
  const fill = (): void => {
    for (; open.size < width && next < sources.length; next++) {
      const source = sources[next]?.()
      if (source === undefined) continue
      open.add(source)
      advance(source)
    }
  }
  try {
    for (fill(); running.size > 0; fill()) {
      const { source, result } = await Promise.race(running.values())
      running.delete(source)
      if (result.done === true) {
        open.delete(source)
        continue
      }
      yield result.value
      advance(source)
    }
  } finally {
    // The reader stopped early, or a source threw: let the others close what they hold.
    await Promise.allSettled([...running.values()])
    await Promise.allSettled([...open].map(source => source.return(undefined)))
  }
}

/** The same for plain functions: results in the order of the items. */
export const mapInParallel = async <Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as Item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}
