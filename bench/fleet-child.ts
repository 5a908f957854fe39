import { main } from '../src/cli/main.ts'

/** `reach --by class -o json` in a process of its own, so that memory is its own: `fleet-child.ts ROOT OUT`. */
const [root = '', out = ''] = process.argv.slice(2)
const start = performance.now()
const code = await main(['reach', root, '--by', 'class', '-o', 'json', '--out', out, '--quiet'], {
  stdout: process.stderr,
  stderr: process.stderr,
  env: process.env,
  clock: () => new Date(),
})
if (code !== 0) throw new Error(`ended with ${code}`)
// maxRSS is in kilobytes on Linux.
process.stdout.write(
  `${JSON.stringify({ milliseconds: performance.now() - start, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
)
