import { inMemory } from '../sources/files/bytes.ts'
import { collect } from '../sources/kubernetes/live/collect.ts'
import type { LiveEvent, LiveProgress } from '../sources/kubernetes/live/event.ts'
import { realPace } from '../sources/kubernetes/live/pace.ts'
import { progressLine } from '../sources/kubernetes/live/progress.ts'
import type { Owners } from '../sources/kubernetes/workloads.ts'
import { type LoadedEstate, type Reading, readSources, type SourceArgument, startReading } from './load.ts'

export interface LiveRequest {
  readonly kubeconfig: string | null
  readonly contexts: readonly string[] | 'all' | 'current'
}

/** What a caller may draw while clusters are read. */
export interface Progress {
  /** A line that the next one replaces; empty to clear it. */
  readonly line: (text: string) => void
  readonly say: (text: string) => void
  readonly columns: number
}

/** Live events with progress drawn; what cannot be read is a gap among them. */
export async function* collectLive(request: LiveRequest, progress: Progress): AsyncGenerator<LiveEvent> {
  const latest = new Map<string, LiveProgress>()
  const events = collect({
    ...request,
    namespaces: null,
    ...realPace,
    onProgress: entry => {
      latest.set(`${entry.context}/${entry.cluster}`, entry)
      progress.line(progressLine([...latest.values()], progress.columns))
    },
  })
  for await (const event of events) {
    if (event.kind === 'cluster') progress.say(`reading cluster ${event.cluster} (context ${event.context})`)
    yield event
  }
  progress.line('')
}

/** Reads live clusters, and whatever SOURCEs were named beside them. */
export const loadLive = async (
  request: LiveRequest,
  sources: readonly SourceArgument[],
  progress: Progress,
  owners: Owners = 'topmost',
): Promise<LoadedEstate> => {
  const reading = startReading(owners)
  readSources(sources, reading)
  // Two contexts may be one cluster: then every object comes twice, and both must be there to be compared.
  const keepBodies = sources.length > 0 || request.contexts === 'all' || request.contexts.length > 1
  for await (const event of collectLive(request, progress)) receiveLive(event, reading, keepBodies)
  return reading.finish()
}

const receiveLive = (event: LiveEvent, { builder, register }: Reading, keepBodies: boolean): void => {
  switch (event.kind) {
    case 'cluster':
      return
    case 'version':
      builder.serverVersion(event.cluster, event.version)
      return
    case 'gap':
      builder.gap(event.gap)
      return
    case 'document': {
      const source = keepBodies ? register(inMemory(Buffer.from(JSON.stringify(event.body)))) : -1
      const origin = {
        file: `live:${event.context}`,
        source,
        start: 0,
        end: Number.MAX_SAFE_INTEGER,
        line: null,
        format: 'json' as const,
        item: null,
      }
      builder.add({ kind: 'document', body: event.body, origin, cluster: event.cluster })
      return
    }
  }
}
