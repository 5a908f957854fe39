import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import type { DeclaredPicture } from '../../src/model/declared-picture.ts'
import type { ExitsMap, MapLink } from '../../src/model/exits-map.ts'
import type { FindingsResult } from '../../src/model/finding.ts'
import type { Inventory } from '../../src/model/inventory.ts'
import type { Because } from '../../src/model/reach.ts'
import { REPORT_FILES, renderHtml } from '../../src/outputs/html.ts'
import type { ReachSection } from '../../src/outputs/html-reach.ts'
import { textOf } from '../../src/outputs/testing/render.ts'
import { hostileDeclared, sampleDeclared } from '../../src/outputs/testing/sample-declared.ts'
import { hostileExits, sampleExits } from '../../src/outputs/testing/sample-exits.ts'
import {
  emptyFindings,
  HOSTILE,
  hostileFindings,
  manyFindings,
  sampleFindings,
  sampleRules,
} from '../../src/outputs/testing/sample-findings.ts'
import { bareCluster, inventoryOf, sampleInventory } from '../../src/outputs/testing/sample-inventory.ts'
import { hostileReach, reachResult, region, sampleReach, workload } from '../../src/outputs/testing/sample-reach.ts'
import { contrastFaults, nameFaults, structureFaults } from './accessibility.ts'

/**
 * Opens the report from disk in a real browser and clicks through. With POSTERN_SCREENSHOTS=DIR it leaves pictures
 * there for a person to look at.
 */

const CHROMIUM = '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const skip = existsSync(CHROMIUM) ? false : `${CHROMIUM} is absent: apt-get install chromium`

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')
const assets = {
  template: read(REPORT_FILES.template),
  css: read(REPORT_FILES.css),
  scripts: REPORT_FILES.scripts.map(read),
}

const hostileInventory: Inventory = inventoryOf(
  HOSTILE.map(text => ({
    ...bareCluster(text),
    platform: { provider: null, distribution: text, version: text, operatingSystems: [text] },
    tunnels: [{ id: text, product: text, evidence: [text] }],
    exits: [{ id: text, kind: 'proxy' as const, product: text, addresses: [text] }],
  })),
)

const reachOf = (result: ReachSection['result'], leftOut: readonly string[] = []): ReachSection => ({
  result,
  leftOut,
  bounded: true,
})

/** All text of an element, shown or not. */
const textIn = async (locator: Locator): Promise<string> => (await locator.textContent()) ?? ''

interface Opened {
  readonly page: Page
  /** Messages of the console, errors of the page, and requests to anything but a file. */
  readonly trouble: readonly string[]
}

describe('the report in a browser', { skip }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-report-'))
  let browser: Browser
  before(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  })
  after(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  interface Options {
    readonly hash?: string
    readonly width?: number
    readonly scheme?: 'light' | 'dark'
    readonly script?: boolean
    readonly reach?: ReachSection
    readonly declared?: DeclaredPicture
  }

  const open = async (result: FindingsResult, inventory: Inventory | null, options: Options = {}): Promise<Opened> => {
    const file = join(folder, 'report.html')
    writeFileSync(file, textOf(renderHtml(result, inventory, sampleRules, assets, options.reach, options.declared)))
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.scheme ?? 'light',
      reducedMotion: 'reduce',
      javaScriptEnabled: options.script ?? true,
    })
    const page = await context.newPage()
    const trouble: string[] = []
    page.on('console', message => trouble.push(`console: ${message.text()}`))
    page.on('pageerror', error => trouble.push(`error: ${error.message}`))
    page.on('dialog', dialog => {
      trouble.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', request => {
      if (!request.url().startsWith('file:')) trouble.push(`request: ${request.url()}`)
    })
    await page.goto(`${pathToFileURL(file).href}${options.hash ?? ''}`)
    return { page, trouble }
  }

  const close = async ({ page, trouble }: Opened): Promise<void> => {
    await page.context().close()
    assert.deepEqual(trouble, [])
  }

  /** What the reader is told about how many findings fit. */
  const status = (page: Page): Promise<string> => textIn(page.locator('#result-count'))
  const rows = (page: Page): Promise<number> => page.locator('#findings button.row').count()
  const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '')
  const rowIds = (page: Page): Promise<readonly string[]> =>
    page.locator('button.row').evaluateAll(elements => elements.map(element => element.id))

  const check = async (page: Page, expectedStatus: string, expectedRows: number): Promise<void> => {
    assert.equal(await status(page), expectedStatus)
    assert.equal(await rows(page), expectedRows)
  }

  test('the overview tells the state of the fleet', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const overview = await textIn(opened.page.locator('#overview'))
    for (const part of [
      '35 open findings, 2 of them critical',
      '3 clusters, 76 workloads, 412 objects read',
      '2 reads did not happen',
      'EKS v1.31.4 · Cilium 1.16.5',
      '✓ policy enforced',
      '? policy enforcement unknown',
      '1 of 3 namespaces',
      'Ordinary workload on the host network',
      'team-shop',
    ]) {
      assert.ok(overview.includes(part), `\`${part}\` is not in the overview`)
    }
    assert.equal(await opened.page.locator('#plain').count(), 0)
    await close(opened)
  })

  test('search and each filter', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const { page } = opened
    await check(page, '35 of 37 findings', 35)
    await page.fill('#search', 'TOKENISER host')
    await check(page, '1 of 37 findings', 1)
    await page.fill('#search', 'nothing like this')
    await check(page, '0 of 37 findings', 0)
    assert.match(await textIn(page.locator('#list')), /No finding fits/)
    await page.fill('#search', '')
    for (const [filter, value, expected] of [
      ['severity', 'high', 2],
      ['family', 'DNS', 1],
      ['cluster', 'aks-prod-us', 31],
      ['owner', 'no owner named', 1],
      ['state', 'accepted', 1],
      ['check', 'PST-M002 Mesh lets unknown destinations out', 1],
    ] as const) {
      await page.selectOption(`#filter-${filter}`, { label: value })
      await check(page, `${expected} of 37 findings`, expected)
      await page.getByRole('button', { name: 'Clear' }).click()
      await check(page, '35 of 37 findings', 35)
    }
    await page.selectOption('#filter-state', { label: 'Any state' })
    await check(page, '37 findings', 37)
    await close(opened)
  })

  test('sort and group', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const { page } = opened
    const headings = (): Promise<readonly string[]> => page.locator('#list h3').allTextContents()
    assert.equal((await headings()).length, 5)
    await page.selectOption('#group', 'cluster')
    assert.deepEqual(
      (await headings()).map(text => text.split(/\s/)[0]),
      ['eks-prod-eu', 'aks-prod-us', 'gke-data'],
    )
    await page.selectOption('#sort', 'cluster')
    assert.deepEqual(
      (await headings()).map(text => text.split(/\s/)[0]),
      ['aks-prod-us', 'eks-prod-eu', 'gke-data'],
    )
    await page.selectOption('#group', 'none')
    assert.equal((await headings()).length, 1)
    await close(opened)
  })

  test('a finding opens and tells everything', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const { page } = opened
    const row = page.getByRole('button', { name: 'card-tokeniser' })
    await row.click()
    assert.equal(await row.getAttribute('aria-expanded'), 'true')
    const details = await textIn(page.locator('.details'))
    for (const part of [
      'Why',
      'hostNetwork: true',
      'ip-10-0-1-5',
      '0.0.0.0/0',
      'Remove',
      'card-tokeniser.yaml:12',
      'team-payments',
      'kubernetes.io/docs',
      sampleFindings.findings[0]?.fingerprint ?? '?',
    ]) {
      assert.ok(details.includes(part), `\`${part}\` is not in the details`)
    }
    await row.click()
    assert.equal(await row.getAttribute('aria-expanded'), 'false')
    await page.selectOption('#filter-state', { label: 'accepted' })
    await page.getByRole('button', { name: 'node-exporter' }).click()
    assert.match(await textIn(page.locator('.details')), /HostAccessException[\s\S]*SEC-1204[\s\S]*kernel counters/)
    await close(opened)
  })

  test('the overview leads to its findings', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const { page } = opened
    await page.getByRole('button', { name: '2 high' }).click()
    await check(page, '2 of 37 findings', 2)
    await page.getByRole('button', { name: '1 finding of gke-data' }).click()
    await check(page, '1 of 37 findings', 1)
    await page.locator('.rank', { hasText: 'default service account' }).click()
    await check(page, '30 of 37 findings', 30)
    await page.locator('.rank', { hasText: 'no owner named' }).click()
    await check(page, '1 of 37 findings', 1)
    assert.equal(await focused(page), 'findings-title')
    await close(opened)
  })

  test('the keyboard is enough', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const { page } = opened
    const ids = await rowIds(page)
    const press = async (key: string, expected: string | undefined): Promise<void> => {
      await page.keyboard.press(key)
      assert.equal(await focused(page), expected, key)
    }
    await press('/', 'search')
    await press('ArrowDown', ids[0])
    await press('ArrowDown', ids[1])
    await press('ArrowUp', ids[0])
    await press('End', ids.at(-1))
    await press('Home', ids[0])
    await press('Enter', ids[0])
    assert.equal(await page.locator('.details').count(), 1)
    await press('Escape', ids[0])
    assert.equal(await page.locator(`#${ids[0]}`).getAttribute('aria-expanded'), 'false')
    await press('Escape', 'search')
    await page.keyboard.type('a/b')
    assert.equal(await page.inputValue('#search'), 'a/b')
    await press('Escape', 'search')
    assert.equal(await page.inputValue('#search'), '')
    await page.getByRole('tab', { name: 'aks-prod-us' }).focus()
    await page.keyboard.press('ArrowRight')
    assert.equal(await textIn(page.getByRole('tab', { selected: true })), 'eks-prod-eu')
    await close(opened)
    const fresh = await open(sampleFindings, sampleInventory)
    await fresh.page.keyboard.press('Tab')
    assert.equal(await textIn(fresh.page.locator(':focus')), 'Skip to the findings')
    await close(fresh)
  })

  test('the theme follows the system, or the reader', async () => {
    const opened = await open(sampleFindings, sampleInventory, { scheme: 'dark' })
    const { page } = opened
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await paper()
    const button = page.locator('#theme')
    await button.click()
    assert.equal(await textIn(button), 'Theme: light')
    assert.notEqual(await paper(), dark)
    await page.emulateMedia({ colorScheme: 'light' })
    await button.click()
    assert.equal(await textIn(button), 'Theme: dark')
    assert.equal(await paper(), dark)
    await page.reload()
    assert.equal(await textIn(button), 'Theme: dark')
    await close(opened)
  })

  test('a link to a finding opens it, whatever the filters hide', async () => {
    const accepted = sampleFindings.findings.find(finding => finding.state === 'accepted')
    const opened = await open(sampleFindings, sampleInventory, { hash: `#${accepted?.fingerprint}` })
    const { page } = opened
    assert.equal(await focused(page), `f-${accepted?.fingerprint}`)
    assert.match(await textIn(page.locator('.details')), /HostAccessException/)
    const other = sampleFindings.findings[3]
    await page.evaluate(hash => {
      location.hash = hash
    }, other?.fingerprint ?? '')
    await page.waitForFunction(id => document.activeElement?.id === id, `f-${other?.fingerprint}`)
    await close(opened)
  })

  test('five thousand findings come as they are needed', async () => {
    const many = manyFindings(5000)
    const last = many.findings.findLast(finding => finding.state === 'open')
    const opened = await open(many, null)
    const { page } = opened
    assert.match(await status(page), /^4,\d{3} of 5,000 findings$/)
    assert.ok((await rows(page)) <= 200)
    await page.locator('button.more', { hasText: 'Show more' }).scrollIntoViewIfNeeded()
    await page.waitForFunction(() => document.querySelectorAll('button.row').length >= 200)
    await page.fill('#search', 'service-4999')
    await check(page, '1 of 5,000 findings', 1)
    await page.fill('#search', '')
    await page.evaluate(hash => {
      location.hash = hash
    }, last?.fingerprint ?? '')
    await page.waitForFunction(id => document.activeElement?.id === id, `f-${last?.fingerprint}`)
    await close(opened)
  })

  test('one click tells what a workload can reach, and why', async () => {
    const opened = await open(sampleFindings, sampleInventory, { reach: reachOf(sampleReach) })
    const { page } = opened
    const row = page.locator('#reach').getByRole('button', { name: 'web-00' })
    await row.click()
    assert.equal(await row.getAttribute('aria-expanded'), 'true')
    const regions = page.locator('#reach .regions')
    const text = await textIn(regions)
    for (const part of [
      'Out of the cluster',
      'api.stripe.example',
      'TCP 443',
      '✓ allowed',
      'egress rule allows',
      'aks-prod-us/shop/NetworkPolicy/web',
      'clusters/policies.yaml:36',
      'spec.egress[0].to[1]',
      'fabric: not assessed',
      'Settled by saved output',
      '10.1.0.0 -> api.stripe.example:443/TCP',
      '2 workloads',
      'undefined: the specification leaves it open',
    ]) {
      assert.ok(text.includes(part), `\`${part}\` is not in the regions`)
    }
    // Allowed before denied; the internet is told though it is denied, denied regions inside wait.
    assert.ok(text.indexOf('api.stripe.example') < text.indexOf('the internet'))
    assert.ok(!text.includes('shop/Service/web'))
    await regions.getByRole('button', { name: 'Show 1 denied region' }).click()
    assert.match(await textIn(regions), /shop\/Service\/web/)
    // More than a handful of ranges are folded.
    assert.ok(!text.includes('2000::'))
    await regions.getByRole('button', { name: 'and 2 more' }).click()
    assert.match(await textIn(regions), /2000::-3fff/)
    await row.click()
    assert.equal(await row.getAttribute('aria-expanded'), 'false')
    await close(opened)
  })

  test('from a finding to what its object can reach, and back', async () => {
    const opened = await open(sampleFindings, sampleInventory, { reach: reachOf(sampleReach) })
    const { page } = opened
    await page.locator('#findings').getByRole('button', { name: 'card-tokeniser' }).click()
    await page.locator('#findings .to-reach').click()
    await page.locator('#reach .regions').waitFor()
    assert.equal(await page.evaluate(() => location.hash), '#reach/eks-prod-eu/payments/Deployment/card-tokeniser')
    const text = await textIn(page.locator('#reach .regions'))
    assert.match(text, /nat nat-0ab as 203\.0\.113\.7/)
    assert.match(text, /Through another workload[\s\S]*workload → policy → relay → exit/)
    // The way out is the same for the internet and, by another path, for metadata: two tables.
    assert.ok(text.indexOf('the internet') < text.indexOf('metadata service'))
    await page.locator('#reach').getByRole('button', { name: 'Its 1 finding' }).click()
    await check(page, '1 of 37 findings', 1)
    assert.equal(await focused(page), 'findings-title')
    // The same link again.
    await page.locator('#findings').getByRole('button', { name: 'card-tokeniser' }).click()
    await page.locator('#findings .to-reach').click()
    await page.waitForFunction(() => document.activeElement?.closest('#reach') !== null)
    await close(opened)
  })

  test('a link to a workload opens it, whatever the filters hide', async () => {
    const opened = await open(sampleFindings, sampleInventory, {
      reach: reachOf(sampleReach),
      hash: '#reach/gke-data/jobs/Job/nightly?windows',
    })
    const { page } = opened
    assert.match(await textIn(page.locator('#reach .regions')), /metadata service/)
    await page.fill('#reach-search', 'nothing like this')
    assert.match(await textIn(page.locator('#reach-list')), /No workload fits/)
    await page.evaluate(() => {
      location.hash = '#reach/aks-prod-us/shop/Deployment/web-01'
    })
    await page.locator('#reach .regions', { hasText: 'api.stripe.example' }).waitFor()
    await page.evaluate(() => {
      location.hash = '#reach/no/such/Deployment/%zz'
    })
    await close(opened)
  })

  test('search and filters of workloads', async () => {
    const opened = await open(sampleFindings, sampleInventory, {
      reach: reachOf(sampleReach, ['gke-data/jobs/Job/hourly']),
    })
    const { page } = opened
    const found = async (expected: string): Promise<void> =>
      assert.equal(await textIn(page.locator('#reach-count')), expected)
    await found('6 workloads')
    await page.fill('#reach-search', 'SHOP web-01')
    await found('1 of 6 workloads')
    await page.locator('#reach').getByRole('button', { name: 'Clear' }).click()
    for (const [filter, value, expected] of [
      ['cluster', 'gke-data', 3],
      ['namespace', 'payments', 1],
      ['place', 'reaches the internet', 1],
      ['place', 'reaches the metadata service', 2],
      ['place', 'something not known', 2],
      ['place', 'on the host network', 1],
      ['place', 'left out of this file', 1],
    ] as const) {
      await page.selectOption(`#reach-${filter}`, { label: value })
      await found(`${expected} of 6 workloads`)
      await page.locator('#reach').getByRole('button', { name: 'Clear' }).click()
    }
    assert.match(await textIn(page.locator('#reach .notice')), /1 workload has no regions here/)
    await page.locator('#reach').getByRole('button', { name: 'hourly' }).click()
    assert.match(await textIn(page.locator('#reach')), /postern reach --from gke-data\/jobs\/Job\/hourly/)
    await page.locator('#reach').getByRole('button', { name: 'fargate' }).click()
    assert.match(await textIn(page.locator('#reach')), /it has no region at all/)
    await close(opened)
  })

  test('the keyboard is enough for workloads, too', async () => {
    const opened = await open(sampleFindings, sampleInventory, { reach: reachOf(sampleReach) })
    const { page } = opened
    await page.locator('#reach-search').focus()
    const press = async (key: string, expected: string): Promise<void> => {
      await page.keyboard.press(key)
      assert.equal(await focused(page), expected, key)
    }
    await press('ArrowDown', 'r-0')
    await press('ArrowDown', 'r-1')
    await press('Enter', 'r-1')
    assert.equal(await page.locator('#reach .regions').count(), 1)
    await press('Escape', 'r-1')
    await press('End', 'r-4')
    await press('/', 'reach-search')
    await page.locator('#theme').focus()
    await press('/', 'search')
    await close(opened)
  })

  test('two thousand workloads come as they are needed', async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      workload(`c-${i % 4}/team-${i % 40}/Deployment/service-${i}`, [region({ kind: 'nodes', nodes: 'other' })]),
    )
    const opened = await open(sampleFindings, null, { reach: reachOf(reachResult(many)) })
    const { page } = opened
    assert.ok((await page.locator('#reach button.row').count()) <= 200)
    await page.fill('#reach-search', 'service-1999')
    assert.equal(await page.locator('#reach button.row').count(), 1)
    await close(opened)
  })

  test('declared beside possible: a line for each way, and the same in a table', async () => {
    const opened = await open(sampleFindings, null, { declared: sampleDeclared })
    const { page } = opened
    // What is worst comes first.
    assert.match(await textIn(page.locator('#declared-namespace option').first()), /payments: 1 undeclared, 1 broken/)
    assert.equal(await page.locator('#declared .drawing .scroll path.way').count(), 5)
    assert.equal(await page.locator('#declared tbody tr').count(), 5)
    assert.match(await textIn(page.locator('#declared tbody tr').first()), /nobody declared it/)
    await page.selectOption('#declared-namespace', '2')
    assert.equal(await page.locator('#declared .drawing .scroll path.way').count(), 1)
    assert.match(await textIn(page.locator('#declared tbody')), /203\.0\.113\.0-203\.0\.113\.31.*team-payments/)
    await close(opened)
    const none = await open(sampleFindings, null, { declared: { ...sampleDeclared, intents: 0 } })
    assert.match(await textIn(none.page.locator('#declared .lede')), /Nothing is declared/)
    await close(none)
  })

  test('declared beside possible: pools of nodes, and what nothing holds', async () => {
    const opened = await open(sampleFindings, null, { declared: sampleDeclared })
    const { page } = opened
    await page.selectOption('#declared-namespace', '1')
    assert.match(
      await textIn(page.locator('#declared-namespace option').nth(1)),
      /eks-prod-eu: nodes: 1 undeclared, 2 not held, 1 met/,
    )
    assert.match(await textIn(page.locator('label[for=declared-namespace]')), /Namespace or nodes/)
    assert.equal(await page.locator('#declared .drawing .scroll path.way').count(), 4)
    assert.equal(await page.locator('#declared .drawing .scroll path.unheld').count(), 2)
    assert.equal(await page.locator('#declared .box.who').count(), 2)
    assert.match(await textIn(page.locator('#declared .box.who').nth(1)), /pool spot.*1 node: nothing holds them/)
    const rowsOf = await page.locator('#declared tbody tr').allInnerTexts()
    assert.deepEqual(
      rowsOf.filter(row => /spot/.test(row)).map(row => /nothing holds it/.test(row) && !/and possible/.test(row)),
      [true, true],
    )
    assert.match(await textIn(page.locator('#declared .picture')), /of no pool: ip-10-0-3-31.*a packet filter/)
    await close(opened)
    const without = await open(sampleFindings, null, { declared: { ...sampleDeclared, nodes: [] } })
    assert.equal(await textIn(without.page.locator('label[for=declared-namespace]')), 'Namespace')
    await close(without)
  })

  /** Each hop of a way as one line, with its mark. */
  const stepsIn = async (way: Locator): Promise<readonly string[]> =>
    way.locator('.step').evaluateAll(steps =>
      steps.map(step =>
        [...step.children]
          .map(part => (part.textContent ?? '').trim())
          .filter(Boolean)
          .join(' | '),
      ),
    )

  const POLICY = 'c/shop/NetworkPolicy/web'
  const reason = (object: string | null, says: string): Because => ({
    kind: 'rule',
    object,
    file: 'net/all.json',
    line: 7,
    rule: null,
    says,
  })
  const INTERNET = { kind: 'addresses', zone: 'internet', ranges: ['203.0.113.0'] } as const
  const onTheWay = reachOf(
    reachResult([
      workload('c/shop/Deployment/web', [
        region(INTERNET, {
          path: [
            { hop: 'node', id: 'c/-/Node/n1' },
            { hop: 'interface', id: 'aws:network-interface/eni-1' },
            { hop: 'route-table', id: 'aws:route-table/rtb-1' },
            { hop: 'gateway', id: 'aws:nat-gateway/nat-1' },
          ],
          exit: { kind: 'nat', id: 'aws:nat-gateway/nat-1', sourceAddresses: ['198.51.100.1'] },
          because: [
            reason(POLICY, 'egress rule allows'),
            reason('c/shop/Sidecar/all', 'lets it pass'),
            reason('aws:security-group/sg-1', 'lets it out'),
            reason('aws:route-table/rtb-1', 'takes it to `aws:nat-gateway/nat-1`'),
          ],
          witness: '10.244.1.5 -> 1.1.1.1:443/TCP',
        }),
        region(
          { kind: 'names', patterns: ['api.example'] },
          { unknowns: [{ stage: 'fabric', why: 'not assessed', settledBy: 'saved output' }] },
        ),
        region(
          { ...INTERNET, zone: 'private' },
          {
            verdict: 'denied',
            path: [{ hop: 'route-table', id: 'aws:route-table/rtb-1' }],
            exit: { kind: 'blackhole', id: null, sourceAddresses: [] },
            because: [reason('aws:route-table/rtb-1', 'has no route for it')],
          },
        ),
        region({ ...INTERNET, zone: 'metadata' }, { verdict: 'denied', because: [reason(POLICY, 'closes egress')] }),
      ]),
    ]),
  )

  test('a way is told hop by hop, each with what decided there, and what is not known', async () => {
    const opened = await open(sampleFindings, null, { reach: onTheWay })
    const { page } = opened
    await page.locator('#reach button.row').click()
    const ways = page.locator('#reach .way-out')
    // What policy stops takes no way.
    assert.equal(await ways.count(), 3)
    assert.deepEqual(await stepsIn(ways.nth(0)), [
      'workload | shop/Deployment/webfrom 10.244.1.5',
      'policy | egress rule allowsc/shop/NetworkPolicy/web net/all.json:7',
      'mesh | lets it passc/shop/Sidecar/all net/all.json:7',
      'node | -/Node/n1',
      'interface | aws:network-interface/eni-1 | lets it outaws:security-group/sg-1 net/all.json:7',
      'route table | aws:route-table/rtb-1 | takes it to aws:nat-gateway/nat-1 net/all.json:7',
      'gateway | aws:nat-gateway/nat-1',
      '→ | exit | nat aws:nat-gateway/nat-1the world sees 198.51.100.1',
    ])
    // One that is open stands for the reasons below it; closed they are there.
    assert.equal(await ways.nth(0).locator('~ .reasons').isVisible(), false)
    assert.equal(await ways.nth(1).locator('~ .reasons').first().isVisible(), true)
    await ways.nth(1).locator('summary').focus()
    await page.keyboard.press('Enter')
    await ways.nth(1).locator('.step').first().waitFor()
    assert.deepEqual((await stepsIn(ways.nth(1))).slice(-2), [
      '? | node | not one: none is told',
      '? | exit | not known | fabric: not assessedSettled by saved output',
    ])
    await ways.nth(2).locator('summary').click()
    await ways.nth(2).locator('.step').first().waitFor()
    assert.deepEqual((await stepsIn(ways.nth(2))).slice(-2), [
      'route table | aws:route-table/rtb-1 | has no route for it net/all.json:7',
      '✕ | end | dropped: it leaves by no exit',
    ])
    await close(opened)
  })

  test('what a relay passes on: its settings and what is open stand at it, and an open policy is marked', async () => {
    const relay = 'c/dns/Deployment/coredns'
    const reach = reachOf(
      reachResult([
        workload('c/shop/Deployment/web', [], {
          relayed: [
            region(INTERNET, {
              verdict: 'unknown',
              path: [{ hop: 'relay', id: relay }],
              because: [
                reason(POLICY, 'egress rule allows'),
                reason(relay, 'answers DNS'),
                reason('c/dns/ConfigMap/coredns', 'sends questions on'),
              ],
              unknowns: [
                { stage: 'pod-policy', why: 'not evaluated', settledBy: 'a version' },
                { stage: 'relay', why: 'which resolver', settledBy: 'its node' },
              ],
            }),
          ],
        }),
      ]),
    )
    const opened = await open(sampleFindings, null, { reach })
    const { page } = opened
    await page.locator('#reach button.row').click()
    assert.deepEqual(await stepsIn(page.locator('#reach .way-out')), [
      'workload | shop/Deployment/web',
      '? | policy | egress rule allowsc/shop/NetworkPolicy/web net/all.json:7pod-policy: not evaluatedSettled by a version',
      '? | relay | dns/Deployment/coredns | answers DNS net/all.json:7sends questions onc/dns/ConfigMap/coredns net/all.json:7relay: which resolverSettled by its node',
      '? | exit | not known',
    ])
    await close(opened)
  })

  test('every way is open on paper', async () => {
    const opened = await open(sampleFindings, null, { reach: onTheWay })
    const { page } = opened
    await page.locator('#reach button.row').click()
    assert.equal(await page.locator('#reach .way-out[open]').count(), 1)
    await page.pdf({ format: 'A4' })
    assert.equal(await page.locator('#reach .way-out[open] .step.open, #reach .way-out[open] .step.stop').count(), 3)
    await close(opened)
  })

  const withExits = (exits: ExitsMap): ReachSection => ({ ...reachOf(sampleReach), exits })

  test('the exits of the fleet as a map, and the same in a table', async () => {
    const opened = await open(sampleFindings, null, { reach: withExits(sampleExits) })
    const { page } = opened
    const exits = page.locator('#exits')
    assert.match(
      await textIn(exits.locator('.lede')),
      /60 of 76 workloads may leave, by 2 exits that are known; of 12 a way out is not known\./,
    )
    assert.equal(await exits.locator('.scroll path.band').count(), 5)
    // The widest band is that of most workloads, four times that of a quarter of them.
    const widths = await exits
      .locator('.scroll path.band')
      .evaluateAll(bands => bands.map(band => Number(band.getAttribute('stroke-width'))))
    assert.equal(widths.indexOf(Math.max(...widths)), 3)
    assert.ok(Math.abs((widths[3] ?? 0) / (widths[1] ?? 1) - 4) < 0.1)
    assert.equal(await exits.locator('path.band.undeclared').count(), 2, 'one in the drawing, one in the legend')
    assert.match(await textIn(exits.locator('.box.who').nth(1)), /eks-prod-eu37 of 40 workloads/)
    assert.match(await textIn(exits.locator('.box.exit.unknown')), /\? not known.*subnet-9/)
    assert.match(await textIn(exits.locator('.box.exit.provider-managed')), /provider managed of gke-data/)
    assert.deepEqual(
      (await exits.locator('tbody tr').allInnerTexts()).map(row => row.replace(/\s+/g, ' ').trim()),
      [
        'aks-prod-us ? not known not told 12, all perhaps the internet, names not held against what is declared',
        'aks-prod-us nat aws:nat-gateway/nat-0ab 198.51.100.1 198.51.100.2 8 the internet declared',
        'eks-prod-eu nat aws:nat-gateway/nat-0ab 198.51.100.1 198.51.100.2 5, 2 perhaps the internet, the metadata service some of it nobody declared',
        'eks-prod-eu nat aws:nat-gateway/nat-0ab 198.51.100.1 198.51.100.2 32 the internet declared',
        'gke-data provider managed of gke-data not told 3 private addresses declared',
      ],
    )
    assert.match(await textIn(exits.locator('.reasons')), /Settled by the document of it/)
    await page.selectOption('#exits-scene', { label: 'gke-data, by namespace' })
    assert.equal(await exits.locator('.scroll path.band').count(), 1)
    assert.match(await textIn(exits.locator('tbody')), /^jobs/)
    await close(opened)
  })

  test('the map without intents, without a network, without anything', async () => {
    const plain = await open(sampleFindings, null, {
      reach: withExits({ ...sampleExits, intents: 0, networkWasRead: false, leftOut: 5 }),
    })
    const exits = plain.page.locator('#exits')
    assert.match(await textIn(exits), /No document of the network under the clusters was read[^.]*would settle it\./)
    assert.match(await textIn(exits), /5 workloads are not on this map/)
    assert.match(await textIn(exits), /No EgressIntent was in the input/)
    assert.equal(await exits.locator('.legend').count(), 0)
    assert.equal(await exits.getByRole('columnheader', { name: 'Declared' }).count(), 0)
    await close(plain)
    const none = { ...sampleExits, workloads: 0, leaving: 0, exits: [], scenes: [] }
    for (const [map, words] of [
      [none, 'No workload was in the input'],
      [{ ...none, workloads: 3 }, 'Nothing may leave'],
    ] as const) {
      const opened = await open(sampleFindings, null, { reach: withExits(map) })
      assert.match(await textIn(opened.page.locator('#exits .empty')), new RegExp(words))
      await close(opened)
    }
  })

  test('of a fleet of a thousand clusters the map draws those of most workloads', async () => {
    const sources = Array.from({ length: 1000 }, (_, i) => ({ name: `c-${i}`, workloads: i + 1, leaving: i + 1 }))
    const links = sources.map(({ workloads }, i) => ({
      ...sampleExits.scenes[0]?.links[1],
      source: i,
      exit: 1,
      workloads,
    }))
    const opened = await open(sampleFindings, null, {
      reach: withExits({ ...sampleExits, scenes: [{ cluster: null, sources, links: links as MapLink[] }] }),
    })
    const { page } = opened
    assert.equal(await page.locator('#exits .box.who').count(), 40)
    assert.match(await textIn(page.locator('#exits .box.who').first()), /c-999/)
    assert.match(await textIn(page.locator('#exits .drawing')), /960 more are in the table/)
    await page.locator('#exits').getByRole('button', { name: 'Show all 1,000' }).click()
    assert.equal(await page.locator('#exits tbody tr').count(), 1000)
    await close(opened)
  })

  test('the map is drawn for the width of the screen', async () => {
    const opened = await open(sampleFindings, null, { reach: withExits(sampleExits), width: 390 })
    const { page } = opened
    const letters = (): Promise<number> =>
      page
        .locator('#exits .box text')
        .first()
        .evaluate(text => text.getBoundingClientRect().height)
    assert.ok((await letters()) > 9, 'letters can be read')
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      0,
    )
    const narrow = await page.locator('#exits .scroll svg').getAttribute('viewBox')
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.waitForFunction(
      box => document.querySelector('#exits .scroll svg')?.getAttribute('viewBox') !== box,
      narrow,
    )
    assert.ok((await letters()) > 11)
    await close(opened)
  })

  test('hostile texts stay text', async () => {
    const opened = await open(hostileFindings, hostileInventory, {
      reach: { ...reachOf(hostileReach, HOSTILE), exits: hostileExits(HOSTILE) },
      declared: hostileDeclared(HOSTILE),
    })
    const { page } = opened
    await page.selectOption('#filter-state', { label: 'Any state' })
    for (const row of await page.locator('button.row').all()) await row.click()
    for (const tab of await page.getByRole('tab').all()) await tab.click()
    const found = await page.evaluate(() => ({
      ran: 'pwned' in window,
      elements: document.querySelectorAll(
        'main img, main script, main iframe, main style, main svg[onload], main [onerror]',
      ).length,
      links: Array.from(document.querySelectorAll('main a'), link => link.getAttribute('href') ?? '').filter(
        href => !/^(#|https:)/.test(href),
      ).length,
      invisible: /[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u.test(document.querySelector('main')?.textContent ?? ''),
      wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }))
    assert.deepEqual(found, { ran: false, elements: 0, links: 0, invisible: false, wider: 0 })
    await close(opened)
  })

  test('no findings, no clusters, no inventory', async () => {
    for (const [result, words] of [
      [emptyFindings, 'No open findings'],
      [
        {
          ...emptyFindings,
          summary: { ...emptyFindings.summary, clusters: [] },
          coverage: { ...emptyFindings.coverage, objects: 0 },
        },
        'Nothing was read, so nothing was judged',
      ],
    ] as const) {
      const opened = await open(result, null)
      assert.equal(await textIn(opened.page.locator('h1')), words)
      assert.equal(await opened.page.locator('#inventory, .toolbar').count(), 0)
      await close(opened)
    }
  })

  test('reads without script', async () => {
    const opened = await open(sampleFindings, sampleInventory, { script: false })
    assert.ok(await opened.page.locator('#plain').isVisible())
    assert.equal(await opened.page.locator('#plain tbody tr').count(), 37 + 3)
    await close(opened)
  })

  test('a script that fails leaves the plain summary', async () => {
    const broken = [...assets.scripts.slice(0, -1), "throw new Error('broken')"]
    const file = join(folder, 'broken.html')
    writeFileSync(file, textOf(renderHtml(sampleFindings, null, [], { ...assets, scripts: broken })))
    const page = await browser.newPage()
    await page.goto(pathToFileURL(file).href)
    await page.locator('#plain').waitFor({ state: 'visible' })
    await page.close()
  })

  test('prints every finding and every cluster', async () => {
    const opened = await open(sampleFindings, sampleInventory)
    const pdf = await opened.page.pdf({ format: 'A4' })
    assert.ok(pdf.length > 10_000)
    await opened.page.emulateMedia({ media: 'print' })
    assert.equal(await opened.page.locator('[role=tabpanel]:visible').count(), 3)
    assert.equal(await opened.page.locator('.toolbar:visible').count(), 0)
    await close(opened)
  })

  for (const scheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`accessible, ${scheme}, ${width} pixels`, async () => {
        const reach = { ...reachOf(sampleReach, ['gke-data/jobs/Job/hourly']), exits: sampleExits }
        const opened = await open(sampleFindings, sampleInventory, { scheme, width, reach, declared: sampleDeclared })
        const { page } = opened
        await page.locator('button.row').first().click()
        for (const row of await page.locator('#reach button.row').all()) await row.click()
        const more = page.locator('#reach .regions button.more')
        while ((await more.count()) > 0) await more.first().click()
        const closed = page.locator('.way-out:not([open]) summary')
        while ((await closed.count()) > 0) await closed.first().click()
        await page.getByRole('tab', { name: 'eks-prod-eu' }).click()
        assert.deepEqual(await page.evaluate(structureFaults), [])
        assert.deepEqual(await page.evaluate(nameFaults), [])
        assert.deepEqual(await page.evaluate(contrastFaults), [])
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
          0,
        )
        const pictures = process.env['POSTERN_SCREENSHOTS']
        if (pictures !== undefined)
          await page.screenshot({ path: join(pictures, `report-${scheme}-${width}.png`), fullPage: true })
        await close(opened)
      })
    }
  }
})
