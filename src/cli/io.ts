import { closeSync, openSync, writeSync } from 'node:fs'

/** What a verb may use of the world: the command line takes streams and gives an exit code. */
export interface Io {
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly env: Readonly<Record<string, string | undefined>>
  /** The clock, read once, when `--now` is absent. */
  readonly clock: () => Date
}

/** Writes chunks to a stream with back-pressure; a reader that goes away (`| head`) ends the writing quietly. */
export const writeAll = async (stream: NodeJS.WritableStream, chunks: Iterable<string>): Promise<void> => {
  let closed = false
  const onError = (error: NodeJS.ErrnoException): void => {
    closed = true
    if (error.code !== 'EPIPE') throw error
  }
  stream.on('error', onError)
  for (const chunk of chunks) {
    if (closed) break
    if (!stream.write(chunk)) {
      await new Promise<void>(resolve => {
        const done = (): void => {
          stream.off('drain', done)
          stream.off('error', done)
          stream.off('close', done)
          resolve()
        }
        stream.once('drain', done)
        stream.once('error', done)
        stream.once('close', done)
      })
    }
  }
  stream.off('error', onError)
}

/** Writes chunks to a file named by a flag. Errors: throws what the file system throws. */
export const writeFileChunks = (path: string, chunks: Iterable<string>): void => {
  const fd = openSync(path, 'w')
  try {
    for (const chunk of chunks) writeSync(fd, chunk)
  } finally {
    closeSync(fd)
  }
}
