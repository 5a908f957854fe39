import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { after } from 'node:test'
import { main } from '../../src/cli/main.ts'

/** One command line run in this process with streams that only remember. */
export interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly columns?: number
  readonly terminal?: boolean
}

/** The clock every test has: nothing may depend on the day it runs. */
export const TODAY = '2026-11-20T08:00:00Z'

export const run = async (argv: readonly string[], options: RunOptions = {}): Promise<Run> => {
  const out = remembering(options)
  const err = remembering(options)
  const code = await main(argv, {
    stdout: out.stream,
    stderr: err.stream,
    env: options.env ?? {},
    clock: () => new Date(TODAY),
  })
  return { code, out: out.text(), err: err.text() }
}

const remembering = ({ columns, terminal }: RunOptions) => {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  Object.assign(stream, { isTTY: terminal ?? false, ...(columns === undefined ? {} : { columns }) })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}

/** A folder of its own, gone when the tests are done. */
export const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'postern-test-'))
  after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Files of a folder called `name`; text that starts with `->` makes a symbolic link. */
export const tree = (files: Readonly<Record<string, string | Buffer>>, name = 'estate'): string => {
  const root = join(folder(), name)
  mkdirSync(root)
  for (const [file, content] of Object.entries(files)) {
    const path = join(root, file)
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'string' && content.startsWith('->')) symlinkSync(content.slice(2), path)
    else writeFileSync(path, content)
  }
  return root
}
