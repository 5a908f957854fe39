import { loadEstate } from '../../src/app/load.ts'
import { scan } from '../../src/app/scan.ts'

/** One scan in a process of its own, so that its memory is its own: prints the findings of one object, and the peak. */
const [path = '', object = ''] = process.argv.slice(2)
const { findings } = scan(loadEstate([{ path, cluster: 'c' }]), { now: '2026-11-20', baseline: new Set() })
process.stdout.write(
  JSON.stringify({
    findings: findings.findings
      .filter(finding => finding.object === object)
      .map(({ id, file, line }) => ({ id, file, line })),
    objects: findings.coverage.objects,
    diagnostics: findings.diagnostics.length,
    // maxRSS is in kilobytes.
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
