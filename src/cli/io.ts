import { closeSync, openSync, writeSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** What a verb may use of the world: the command line takes streams and gives an exit code. */
export interface Io {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly env: Readonly<Record<string, string | undefined>>
  /** The clock, read once, when `--now` is absent. */
  readonly clock: () => Date
}

/** Text, or its UTF-8. */
export type Chunk = string | Uint8Array

/**
 * Writes chunks to a stream with back-pressure; a reader that goes away (`| head`) ends the writing quietly. The stream
 * tells its trouble twice: here, where it is heard, and as an event, which whoever owns the stream listens to.
 */
export const writeAll = async (stream: NodeJS.WritableStream, chunks: Iterable<Chunk>): Promise<void> => {
  for (const chunk of chunks) {
    const error = await new Promise<NodeJS.ErrnoException | null | undefined>(resolve => stream.write(chunk, resolve))
    if (!error) continue
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return
    throw new UsageError(`standard output cannot be written: ${error.code ?? error.message}`)
  }
}

/** Writes chunks to a file named by a flag. Errors: UsageError when the file cannot be written. */
export const writeFileChunks = (path: string, chunks: Iterable<Chunk>): void => {
  const fd = wording(path, () => openSync(path, 'w'))
  try {
    for (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      let done = 0
      while (done < bytes.length) done += wording(path, () => writeSync(fd, bytes, done))
    }
  } finally {
    closeSync(fd)
  }
}

const wording = <T>(path: string, act: () => T): T => {
  try {
    return act()
  } catch (error) {
    throw new UsageError(`--out \`${path}\` cannot be written: ${(error as NodeJS.ErrnoException).code ?? error}`)
  }
}
