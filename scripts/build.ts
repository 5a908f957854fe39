import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Makes `dist/`: one small entry that starts at once, every verb in a chunk of its own, the report's files beside it,
 * and types. What the package depends on stays outside.
 */
const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
await build({
  // The thread's own entry stands beside the chunks that start it.
  entryPoints: { main: join(root, 'src/cli/main.ts'), 'chunks/reach-worker': join(root, 'src/app/reach-worker.ts') },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  chunkNames: 'chunks/[name]-[hash]',
  external: ['@kubernetes/client-node'],
  define: { 'import.meta.dirname': 'import.meta.dirname' },
  minifySyntax: true,
  legalComments: 'eof',
  logLevel: 'warning',
})
cpSync(join(root, 'web/report'), join(dist, 'report'), {
  recursive: true,
  filter: path => !/\.(test|slow\.test)\.ts$|tsconfig\.json$|\.d\.ts$|accessibility\.ts$/.test(path),
})
execFileSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')],
  { stdio: 'inherit' },
)
