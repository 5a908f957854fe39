import { start } from './run-postern.ts'

/** Scans the example estate, prints what it found, and leaves the report as one HTML file. Ends with 0. */
const estate = 'examples/estate'
const report = 'postern-report.html'

await start(['scan', estate, '--fail-on', 'none'])
await start(['scan', estate, '--fail-on', 'none', '--quiet', '-o', 'html', '--out', report])
process.stdout.write(`\nThe same as a report: open ${report} in a browser. docs/example-estate.md walks through it.\n`)
