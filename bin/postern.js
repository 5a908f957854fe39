#!/usr/bin/env node
// Starts Postern: the sources in a checkout, the build in a package. A Node that is too old is replaced by the one the
// checkout carries, or told apart by name.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const WANTED = [22, 19]
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])) {
  const sources = join(root, 'src', 'cli', 'main.ts')
  const { start } = await import(pathToFileURL(existsSync(sources) ? sources : join(root, 'dist', 'main.js')).href)
  await start()
} else {
  const own = join(root, 'node_modules', 'node', 'bin', 'node')
  if (!existsSync(own)) {
    process.stderr.write(
      `postern needs Node ${WANTED.join('.')} or newer, this is ${process.versions.node}: install a newer Node\n`,
    )
    process.exit(2)
  }
  const child = spawnSync(own, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(child.status ?? 2)
}
