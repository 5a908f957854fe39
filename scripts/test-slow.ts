import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The suites that want more than Node: a browser, fuzzing, an installed package. Each is bounded. A suite whose Debian
 * package is absent says so and counts as not run.
 */
const root = join(import.meta.dirname, '..')
const files = globSync(
  ['src/**/*.slow.test.ts', 'web/**/*.slow.test.ts', 'test/**/*.slow.test.ts', 'cases/**/*.slow.test.ts'],
  { cwd: root },
)
  .filter(file => !file.includes('node_modules'))
  .sort()
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=1', '--test-timeout=900000', ...files], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(status ?? 1)
