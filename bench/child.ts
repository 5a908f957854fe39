import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'

/** One measurement in a process of its own, so that memory is its own: `child.ts WHAT FILE` prints one JSON line. */
const [what = '', file = ''] = process.argv.slice(2)

const measure = async (): Promise<{ milliseconds: number; note: string }> => {
  switch (what) {
    case 'json-parse': {
      const text = readFileSync(file, 'utf8')
      const start = performance.now()
      JSON.parse(text)
      return { milliseconds: performance.now() - start, note: 'JSON.parse alone' }
    }
    case 'yaml-load': {
      const text = readFileSync(file, 'utf8')
      const start = performance.now()
      const documents = loadAll(text)
      return { milliseconds: performance.now() - start, note: `${documents.length} documents, js-yaml alone` }
    }
    default: {
      const { loadEstate } = await import('../src/app/load.ts')
      const { scan } = await import('../src/app/scan.ts')
      const start = performance.now()
      const loaded = loadEstate([{ path: file, cluster: 'bench' }])
      const { findings } = scan(loaded, { now: '2026-11-20', baseline: new Set() })
      return {
        milliseconds: performance.now() - start,
        note: `${findings.coverage.objects} objects, ${findings.findings.length} findings`,
      }
    }
  }
}

const { milliseconds, note } = await measure()
// maxRSS is in kilobytes on Linux.
process.stdout.write(
  `${JSON.stringify({ milliseconds, note, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`,
)
