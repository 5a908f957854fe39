import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs the tests: `test.ts fast`, or `test.ts slow` for the suites that want more than Node (a browser, fuzzing, an
 * installed package). Each is bounded. A suite whose Debian package is absent says so and counts as not run.
 */
const root = join(import.meta.dirname, '..')
const slow = process.argv[2] === 'slow'
const files = globSync(['{src,web,cases,docs,examples,test}/**/*.test.ts'], { cwd: root })
  .filter(file => file.endsWith('.slow.test.ts') === slow)
  .sort()
const limits = slow ? ['--test-concurrency=1', '--test-timeout=900000'] : ['--test-timeout=240000']
const { status } = spawnSync(process.execPath, ['--test', ...limits, ...process.argv.slice(3), ...files], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
