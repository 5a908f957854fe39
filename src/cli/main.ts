import { HELP, helpOf } from './help.ts'
import type { Io } from './io.ts'
import { UsageError } from './usage-error.ts'

type Verb = (argv: readonly string[], io: Io) => Promise<number>

/** Each verb is loaded when it is asked for: `--help` and a small question stay quick. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  scan: async () => (await import('./scan.ts')).scanVerb,
  inventory: async () => (await import('./inventory.ts')).inventoryVerb,
  snapshot: async () => (await import('./snapshot.ts')).snapshotVerb,
  reach: async () => (await import('./reach.ts')).reachVerb,
  can: async () => (await import('./can.ts')).canVerb,
  diff: async () => (await import('./diff.ts')).diffVerb,
  plan: async () => (await import('./plan.ts')).planVerb,
  intent: async () => (await import('./intent.ts')).intentVerb,
  explain: async () => (await import('./explain.ts')).explainVerb,
}

const LATER = ['import', 'flows', 'why', 'detect', 'review', 'prove', 'fix', 'verify', 'watch', 'serve', 'lab']

/** Runs one command line; gives its exit code. Nothing here judges. */
export const main = async (argv: readonly string[], io: Io): Promise<number> => {
  const [verb, ...rest] = argv
  if (verb === undefined || verb === 'help' || verb === '--help' || verb === '-h') {
    io.stdout.write(rest[0] === undefined ? HELP : helpOf(rest[0]))
    return 0
  }
  if (verb === '--version' || verb === 'version') {
    io.stdout.write(`postern ${(await import('./version.ts')).VERSION}\n`)
    return 0
  }
  const load = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined
  if (load === undefined) {
    const why = LATER.includes(verb) ? 'is not there yet' : 'is no verb'
    io.stderr.write(`postern: \`${verb}\` ${why}: see \`postern --help\`\n`)
    return 2
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    io.stdout.write(helpOf(verb))
    return 0
  }
  try {
    return await (await load())(rest, io)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    io.stderr.write(`postern ${verb}: ${error.message}\n`)
    return 2
  }
}

/** The process around `main`. */
export const start = async (): Promise<void> => {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that went away wants no more; other trouble was told to whoever wrote.
      if (error.code !== 'EPIPE' && stream === process.stderr) throw error
    })
  }
  process.exitCode = await main(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: () => new Date(),
  })
}
