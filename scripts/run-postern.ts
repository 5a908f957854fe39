import { main } from '../src/cli/main.ts'

/** Runs a command line in this process; anything but 0 ends the script. */
export const start = async (argv: readonly string[]): Promise<void> => {
  const code = await main(argv, {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    clock: () => new Date(),
  })
  if (code !== 0) process.exit(code)
}
