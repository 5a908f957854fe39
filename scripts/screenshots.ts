import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

/** Makes the README's two pictures anew, from the example estate: `npm run screenshots`. Wants Debian's chromium. */
const root = join(import.meta.dirname, '..')
const images = join(root, 'docs/images')
const work = mkdtempSync(join(tmpdir(), 'postern-pictures-'))
const browserPath = '/usr/bin/chromium'
const NOW = '2026-11-20'

const postern = (...args: readonly string[]): string =>
  execFileSync(process.execPath, [join(root, 'bin/postern.js'), ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
    env: { ...process.env, COLUMNS: '100' },
  })

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')

/** A terminal window drawn as a page. */
const terminalPage = (
  command: string,
  output: string,
  lines: number,
): string => `<!doctype html><meta charset="utf-8"><style>
  body { margin: 0; padding: 24px; background: #e9e7e2; width: max-content; }
  .window { background: #14181c; color: #d7dde2; border-radius: 10px; padding: 18px 22px; box-shadow: 0 8px 30px #0004; width: max-content; }
  pre { margin: 0; font: 15px/1.45 'DejaVu Sans Mono', monospace; }
  .prompt { color: #7fc8a9; }
</style><div class="window"><pre><span class="prompt">$</span> ${escaped(command)}
${escaped(output.split('\n').slice(0, lines).join('\n'))}</pre></div>`

if (!existsSync(browserPath)) throw new Error('no /usr/bin/chromium: install Debian’s chromium')
mkdirSync(images, { recursive: true })
const report = join(work, 'report.html')
postern('scan', 'examples/estate', '--now', NOW, '--fail-on', 'none', '-o', 'html', '--out', report)
const terminal = join(work, 'terminal.html')
const table = postern('scan', 'examples/estate', '--now', NOW, '--fail-on', 'none', '--quiet')
writeFileSync(terminal, terminalPage('npx postern scan examples/estate', table, 38))

const browser = await chromium.launch({
  executablePath: browserPath,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, colorScheme: 'light' })
  await page.goto(`file://${report}`)
  await page.waitForSelector('h1')
  await page.screenshot({ path: join(images, 'report.png') })
  await page.goto(`file://${terminal}`)
  await page.screenshot({
    path: join(images, 'terminal.png'),
    clip: await page
      .locator('body')
      .evaluate(body => ({ x: 0, y: 0, width: body.scrollWidth, height: body.scrollHeight })),
  })
} finally {
  await browser.close()
  rmSync(work, { recursive: true, force: true })
}
