import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dump } from 'js-yaml'
import { pod, writePodList } from './generate.ts'

/**
 * Prints sizes, times, peak memory and ratios, all measured in this run on this machine. Nothing here fails on a time:
 * the bounds stand beside the figures, for a person to compare.
 */
const root = join(import.meta.dirname, '..')
const directory = mkdtempSync(join(tmpdir(), 'postern-bench-'))
const ROUNDS = 3

interface Measured {
  readonly milliseconds: number
  readonly peakMegabytes: number
  readonly note: string
}

const child = (what: string, file: string): Measured =>
  JSON.parse(
    execFileSync(process.execPath, [join(root, 'bench/child.ts'), what, file], { encoding: 'utf8' }),
  ) as Measured

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Runs both in turn, so that a machine that slows down slows both. */
const paired = (name: string, file: string, reference: string, bounds: { ratio: number; megabytes: number }): void => {
  const ours: Measured[] = []
  const theirs: Measured[] = []
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(child(reference, file))
    ours.push(child('scan', file))
  }
  const ratio = median(ours.map((run, i) => run.milliseconds / (theirs[i]?.milliseconds ?? 1)))
  const peak = Math.max(...ours.map(run => run.peakMegabytes))
  const size = (statSync(file).size / 1e6).toFixed(0)
  process.stdout.write(
    `${name}: ${size} MB, ${ours[0]?.note}\n  read and scanned ${Math.round(median(ours.map(run => run.milliseconds)))} ms, ${reference} ${Math.round(median(theirs.map(run => run.milliseconds)))} ms, ratio ${ratio.toFixed(2)} (bound ${bounds.ratio}), peak ${peak} MB (bound ${bounds.megabytes})\n`,
  )
}

const startUp = (): void => {
  const built = join(root, 'dist', 'main.js')
  if (!existsSync(built))
    execFileSync(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root, stdio: 'ignore' })
  // The packed layout: no sources beside the launcher.
  const packed = join(directory, 'packed')
  mkdirSync(packed)
  execFileSync('cp', ['-r', join(root, 'bin'), join(root, 'dist'), join(root, 'package.json'), packed])
  const manifest = join(directory, 'ten.yaml')
  writeFileSync(manifest, Array.from({ length: 10 }, (_, n) => `---\n${dump(pod(n))}`).join(''))
  const time = (args: readonly string[]): number => {
    const start = performance.now()
    spawnSync(process.execPath, args, {
      stdio: 'ignore',
      env: { ...process.env, NODE_PATH: join(root, 'node_modules') },
    })
    return performance.now() - start
  }
  const rounds = Array.from({ length: 11 }, () => ({
    bare: time(['-e', '0']),
    help: time([join(packed, 'bin/postern.js'), '--help']),
    scan: time([join(packed, 'bin/postern.js'), 'scan', manifest]),
  }))
  const ratio = (of: 'help' | 'scan'): string => median(rounds.map(round => round[of] / round.bare)).toFixed(2)
  process.stdout.write(
    `start of the packed build against \`node -e 0\`: --help ratio ${ratio('help')}, scan of ten objects ratio ${ratio('scan')} (bound 6)\n`,
  )
}

try {
  const compact = join(directory, 'compact.json')
  writePodList(compact, 100e6, 0)
  paired('Kubernetes JSON, compact', compact, 'json-parse', { ratio: 3, megabytes: 1500 })
  rmSync(compact)
  const indented = join(directory, 'indented.json')
  writePodList(indented, 100e6, 4)
  paired('Kubernetes JSON, indented', indented, 'json-parse', { ratio: 3, megabytes: 1500 })
  rmSync(indented)
  const yaml = join(directory, 'pods.yaml')
  const documents: string[] = []
  for (let n = 0, bytes = 0; bytes < 20e6; n++) {
    const text = `---\n${dump(pod(n))}`
    documents.push(text)
    bytes += text.length
  }
  writeFileSync(yaml, documents.join(''))
  paired('Kubernetes YAML', yaml, 'yaml-load', { ratio: 2, megabytes: 1000 })
  startUp()
  execFileSync(process.execPath, [join(root, 'bench/sets.ts')], { stdio: 'inherit' })
  execFileSync(process.execPath, ['--expose-gc', join(root, 'bench/engine.ts')], { stdio: 'inherit' })
} finally {
  rmSync(directory, { recursive: true, force: true })
}
