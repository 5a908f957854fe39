import { appendFile, type FileHandle, open, rm } from 'node:fs/promises'
import { at, field, type JsonObject, text } from '../../../model/json.ts'

/**
 * One resource of one cluster on its way to a sorted `List`. Objects go to a part file as they come, with only their
 * names and places kept in memory; `finish` writes them in order. The order is the objects' own (namespace, name), so
 * the same cluster gives the same bytes however its pages came.
 */
export interface ResourceFile {
  readonly add: (body: JsonObject) => Promise<void>
  /** Returns the number of objects written. */
  readonly finish: () => Promise<number>
}

interface Entry {
  readonly namespace: string
  readonly name: string
  readonly kind: string
  readonly start: number
  readonly length: number
}

const BUFFERED_BYTES = 256 * 1024

export const createResourceFile = (path: string): ResourceFile => {
  const part = `${path}.part`
  const entries: Entry[] = []
  let waiting: Buffer[] = []
  let waitingBytes = 0
  let written = 0

  const flush = async (): Promise<void> => {
    if (waitingBytes === 0) return
    const bytes = Buffer.concat(waiting)
    waiting = []
    waitingBytes = 0
    await appendFile(part, bytes, { mode: 0o600 })
  }
  return {
    add: async body => {
      const bytes = Buffer.from(JSON.stringify(body))
      entries.push({
        namespace: text(at(body, 'metadata', 'namespace')) ?? '',
        name: text(at(body, 'metadata', 'name')) ?? '',
        kind: text(field(body, 'kind')) ?? '',
        start: written,
        length: bytes.length,
      })
      written += bytes.length
      waiting.push(bytes)
      waitingBytes += bytes.length
      if (waitingBytes >= BUFFERED_BYTES) await flush()
    },
    finish: async () => {
      await flush()
      const source = await open(part, 'r')
      const target = await open(path, 'wx', 0o600)
      try {
        return await writeList(source, target, entries.sort(byName))
      } finally {
        await source.close()
        await target.close()
        await rm(part, { force: true })
      }
    },
  }
}

const byName = (one: Entry, other: Entry): number =>
  compare(one.namespace, other.namespace) || compare(one.name, other.name) || compare(one.kind, other.kind)
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)

/** One object a line. Two contexts of one cluster may give an object twice: equal bytes are written once. */
const writeList = async (source: FileHandle, target: FileHandle, entries: readonly Entry[]): Promise<number> => {
  let count = 0
  let pending: Buffer[] = [Buffer.from('{"apiVersion":"v1","kind":"List","items":[')]
  let pendingBytes = 0
  const flush = async (): Promise<void> => {
    await target.appendFile(Buffer.concat(pending))
    pending = []
    pendingBytes = 0
  }
  for (let i = 0; i < entries.length; ) {
    const versions: Buffer[] = []
    const first = entries[i]
    for (
      let entry = first;
      first !== undefined && entry !== undefined && byName(first, entry) === 0;
      entry = entries[++i]
    ) {
      const bytes = Buffer.alloc(entry.length)
      await source.read(bytes, 0, entry.length, entry.start)
      if (!versions.some(version => version.equals(bytes))) versions.push(bytes)
    }
    for (const bytes of versions.sort(Buffer.compare)) {
      pending.push(Buffer.from(count === 0 ? '\n' : ',\n'), bytes)
      pendingBytes += bytes.length
      count++
    }
    if (pendingBytes >= BUFFERED_BYTES) await flush()
  }
  pending.push(Buffer.from('\n]}\n'))
  await flush()
  return count
}
