import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Finding, FindingsResult } from '../src/model/finding.ts'
import type { Inventory } from '../src/model/inventory.ts'
import { deployment, documents, hostNetworkPod, namespace, nodePort } from './support/manifests.ts'
import { folder, type Run, run, TODAY, tree } from './support/run.ts'

const root = join(import.meta.dirname, '..')
const bin = join(root, 'bin/postern.js')

/** A command line's exit code, with what it printed when that is another. */
const check = async (argv: readonly string[], code: number): Promise<Run> => {
  const done = await run(argv)
  assert.equal(done.code, code, `postern ${argv.join(' ')}\n${done.out}\n${done.err}`)
  return done
}

const findingsOf = ({ out }: Run): readonly Finding[] => (JSON.parse(out) as FindingsResult).findings

const HIGH = tree({ 'pod.yaml': hostNetworkPod() })
const BROKEN = tree({
  'pod.yaml': hostNetworkPod(),
  'broken.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n  a: 1\n b: 2\n',
})
const UNKNOWN = tree({ 'x.yaml': 'apiVersion: k8s.ovn.org/v1\nkind: EgressIP\nmetadata: {name: e}\nspec: {}\n' })
const EMPTY = tree({ 'README.md': 'nothing\n' })

describe('exit codes, the first that applies', () => {
  test('0: nothing found', async () => {
    await check(['scan', EMPTY], 0)
    await check(['inventory', HIGH], 0)
  })
  test('1: findings at --fail-on or worse', async () => {
    const severities = findingsOf(await check(['scan', HIGH, '-o', 'json'], 1)).map(finding => finding.severity)
    assert.equal(severities[0], 'high', 'the worst of this estate is high, and comes first')
    await check(['scan', HIGH, '--fail-on', 'critical'], 0)
    await check(['scan', HIGH, '--fail-on', 'high'], 1)
    await check(['scan', HIGH, '--fail-on', 'medium'], 1)
    await check(['scan', HIGH, '--fail-on', 'low'], 1)
    await check(['scan', HIGH, '--fail-on', 'none'], 0)
  })
  test('2 comes before 1, and what could be read is still printed', async () => {
    const done = await check(['scan', BROKEN, '-o', 'json'], 2)
    assert.ok(findingsOf(done).some(finding => finding.id === 'PST-N001'))
    assert.match(done.err, /^error: broken\.yaml:5:2: bad indentation/m)
    await check(['scan', BROKEN, '--fail-on', 'none'], 2)
    await check(['inventory', BROKEN], 2)
  })
  test('3: unknowns remain and --strict was given, after 2 and 1', async () => {
    await check(['scan', UNKNOWN], 0)
    await check(['scan', UNKNOWN, '--strict'], 3)
    await check(['inventory', UNKNOWN, '--strict'], 3)
    await check(['scan', '--cluster', `c=${UNKNOWN}`, '--cluster', `c=${HIGH}`, '--strict'], 1)
    await check(['scan', '--cluster', `c=${UNKNOWN}`, '--cluster', `c=${BROKEN}`, '--strict'], 2)
    await check(['scan', EMPTY, '--strict'], 0)
  })
  test('diff: 1 when something was opened', async () => {
    const before = tree({ 'a.yaml': deployment() })
    const after = tree({ 'a.yaml': deployment(), 'b.yaml': nodePort() })
    await check(['diff', before, after], 1)
    await check(['diff', after, before], 0)
    await check(['diff', before, before], 0)
    await check(['diff', before, BROKEN], 2)
    await check(['diff', BROKEN, before], 2)
    await check(['diff', before], 2)
  })
})

describe('a command line that cannot be meant is refused', () => {
  const refused = async (argv: readonly string[], says: RegExp): Promise<void> => {
    const { out, err } = await check(argv, 2)
    assert.equal(out, '')
    assert.match(err, says)
    assert.equal(err.trimEnd().split('\n').length, 1, 'one line')
  }
  test('verbs', async () => {
    await refused(['nonsense'], /^postern: `nonsense` is no verb: see `postern --help`$/m)
    await refused(['fix', 'x'], /`fix` is not there yet/)
    await refused(['constructor'], /is no verb/)
    await refused(['__proto__'], /is no verb/)
  })
  test('flags', async () => {
    await refused(['scan', HIGH, '--nonsense'], /`--nonsense`.*see `postern --help`/)
    await refused(['scan', HIGH, '-o', 'pdf'], /`pdf` is no output here: choose one of table, json/)
    await refused(['inventory', HIGH, '-o', 'sarif'], /`sarif` is no output here/)
    await refused(['scan', HIGH, '--fail-on', 'awful'], /`awful` is no severity/)
    await refused(['scan', HIGH, '--strict=yes'], /--strict/)
    await refused(['scan', HIGH, '--cluster', 'x'], /`x` names no path: write --cluster NAME=PATH/)
    await refused(['scan', HIGH, '-l', 'a b'], /`a b` is no label selector/)
    await refused(['scan', HIGH, '-l', '('], /is no label selector/)
    await refused(['scan', HIGH, '-l', 'a,,b'], /is no label selector/)
    for (const now of ['today', '2026-13-01', '2026-02-31', '2026-01-01 08:00', '20260101']) {
      await refused(['scan', HIGH, '--now', now], /is no RFC 3339 time/)
    }
  })
  test('files that flags name', async () => {
    await refused(['scan', HIGH, '--baseline', join(HIGH, 'none.json')], /--baseline .* cannot be used: ENOENT/)
    await refused(['scan', HIGH, '--baseline', join(HIGH, 'pod.yaml')], /--baseline .* cannot be used/)
    const other = tree({ 'x.json': '{"findings":{}}' })
    await refused(['scan', HIGH, '--baseline', join(other, 'x.json')], /it holds no `findings`/)
    await refused(['scan', EMPTY, '--out', join(EMPTY, 'none/x')], /--out `.*` cannot be written: ENOENT/)
    await refused(['scan', EMPTY, '--out', EMPTY], /cannot be written: EISDIR/)
    await refused(['snapshot'], /name the folder to write/)
  })
  test('a SOURCE that is not there is named', async () => {
    const { err } = await check(['scan', join(EMPTY, 'none')], 2)
    assert.match(err, /^error: .*none: no such file or directory: check the path$/m)
  })
  test('no SOURCE and no kubeconfig', async () => {
    const { err } = await check(['scan', '--kubeconfig', join(EMPTY, 'none')], 2)
    assert.match(err, /kubeconfig/)
  })
  test('explain', async () => {
    await refused(['explain'], /name one finding or term/)
    await refused(['explain', 'PST-N00'], /neither a finding nor a term: did you mean `PST-N001`/)
    assert.match((await check(['explain', 'pst-n001'], 0)).out, /PST-N001/)
    assert.match((await check(['explain', 'N001'], 0)).out, /PST-N001/)
  })
})

describe('help and version', () => {
  test('are on standard output, with 0', async () => {
    for (const argv of [[], ['--help'], ['-h'], ['help'], ['scan', '--help'], ['help', 'scan'], ['inventory', '-h']]) {
      const { out, err } = await check(argv, 0)
      assert.match(out, /Usage: postern/)
      assert.equal(err, '')
      for (const line of out.split('\n')) assert.ok(line.length <= 80, line)
    }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    assert.equal((await check(['--version'], 0)).out, `postern ${version}\n`)
  })
})

describe('what is asked for', () => {
  const estate = tree({
    'shop.yaml': documents(namespace('shop'), hostNetworkPod('agent', 'shop')),
    'bank.yaml': documents(namespace('bank'), hostNetworkPod('teller', 'bank'), nodePort('edge', 'bank')),
  })
  const objects = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const { out } = await run(['scan', estate, '-o', 'json', '--fail-on', 'none', ...flags])
    const hits = (JSON.parse(out) as FindingsResult).findings.filter(finding => finding.id === 'PST-N001')
    return hits.map(finding => finding.object).toSorted()
  }
  test('-n and -A', async () => {
    assert.deepEqual(await objects(), ['estate/bank/Pod/teller', 'estate/shop/Pod/agent'])
    assert.deepEqual(await objects('-n', 'shop'), ['estate/shop/Pod/agent'])
    assert.deepEqual(await objects('-n', 'shop,bank'), ['estate/bank/Pod/teller', 'estate/shop/Pod/agent'])
    assert.deepEqual(await objects('-n', 'none'), [])
    assert.deepEqual((await objects('-n', 'shop', '-A')).length, 2)
  })
  test('-l', async () => {
    assert.deepEqual(await objects('-l', 'app=agent'), ['estate/shop/Pod/agent'])
    assert.deepEqual(await objects('-l', 'app!=agent'), ['estate/bank/Pod/teller'])
    assert.deepEqual(await objects('-l', 'app in (agent, x),owner'), ['estate/shop/Pod/agent'])
    assert.deepEqual(await objects('-l', 'app notin (agent),!nothing'), ['estate/bank/Pod/teller'])
    assert.deepEqual(await objects('-l', ''), ['estate/bank/Pod/teller', 'estate/shop/Pod/agent'])
  })
  test('the summary and the exit code follow', async () => {
    const { out } = await check(['scan', estate, '-o', 'json', '-n', 'none'], 0)
    assert.equal((JSON.parse(out) as FindingsResult).summary.open.high, 0)
  })
  test('inventory takes both, too', async () => {
    const namesOf = async (...flags: readonly string[]): Promise<string> =>
      (await check(['inventory', estate, '-o', 'json', ...flags], 0)).out
    assert.match(await namesOf(), /bank\/Pod\/teller/)
    assert.doesNotMatch(await namesOf('-n', 'shop'), /teller/)
    assert.doesNotMatch(await namesOf('-l', 'app=agent'), /teller/)
    assert.match(await namesOf('-l', 'app=teller'), /teller/)
  })
  test('--baseline: what is in it does not count, what is not does', async () => {
    const { out } = await check(['scan', HIGH, '-o', 'json'], 1)
    const baseline = join(folder(), 'baseline.json')
    writeFileSync(baseline, out)
    const again = await check(['scan', HIGH, '-o', 'json', '--baseline', baseline], 0)
    const states = new Set(findingsOf(again).map(finding => finding.state))
    assert.deepEqual([...states], ['baseline'])
    const more = tree({ 'pod.yaml': hostNetworkPod(), 'new.yaml': hostNetworkPod('other') })
    await check(['scan', more, '--baseline', baseline], 1)
  })
  test('--cluster names a cluster; a path names itself; clusters/ names several', async () => {
    const named = async (...argv: readonly string[]): Promise<readonly string[]> => {
      const { out } = await run(['scan', ...argv, '-o', 'json', '--fail-on', 'none'])
      return (JSON.parse(out) as FindingsResult).summary.clusters.map(cluster => cluster.cluster)
    }
    assert.deepEqual(await named(HIGH), ['estate'])
    assert.deepEqual(await named(`${HIGH}/`), ['estate'])
    assert.deepEqual(await named(join(HIGH, 'pod.yaml')), ['pod.yaml'])
    assert.deepEqual(await named('--cluster', `prod=${HIGH}`), ['prod'])
    assert.deepEqual(await named('--cluster', `a=${HIGH}`, '--cluster', `b=${HIGH}`, HIGH), ['a', 'b', 'estate'])
    const fleet = tree({ 'clusters/eu/a.yaml': hostNetworkPod(), 'clusters/us/b/c.yaml': hostNetworkPod() })
    assert.deepEqual(await named(fleet), ['eu', 'us'])
    assert.deepEqual(await named('--cluster', `one=${fleet}`), ['one'])
  })
  test('--now judges the day, and is printed', async () => {
    const exception = `apiVersion: postern.dev/v1alpha1
kind: HostAccessException
metadata: {name: agents}
spec:
  match: {names: [agent]}
  owner: team-a
  justification: collects
  expires: "2026-12-01"
`
    const excepted = tree({ 'a.yaml': documents(hostNetworkPod(), exception) })
    const at = async (...now: readonly string[]) =>
      JSON.parse((await run(['scan', excepted, '-o', 'json', ...now])).out) as FindingsResult
    const stateOf = (result: FindingsResult) => result.findings.find(finding => finding.id === 'PST-N001')?.state
    const today = await at()
    assert.deepEqual([stateOf(today), today.now], ['accepted', TODAY.slice(0, 10)])
    const later = await at('--now', '2026-12-02')
    assert.deepEqual([stateOf(later), later.now], ['open', '2026-12-02'])
    assert.ok(later.findings.some(finding => finding.id === 'PST-I010'))
  })
})

describe('streams', () => {
  test('data on standard output, trouble on standard error', async () => {
    const { out, err } = await check(['scan', BROKEN, '-o', 'json'], 2)
    JSON.parse(out)
    assert.match(err, /^error: broken\.yaml:5:2: /m)
  })
  test('--quiet keeps errors and drops the rest', async () => {
    const { err } = await check(['scan', BROKEN, '--quiet'], 2)
    assert.match(err, /^error: broken\.yaml/m)
    assert.equal((await check(['scan', HIGH, '--quiet'], 1)).err, '')
  })
  test('--out writes there and leaves standard output empty', async () => {
    const file = join(folder(), 'result.json')
    const { out } = await check(['scan', HIGH, '-o', 'json', '--out', file], 1)
    assert.equal(out, '')
    assert.equal(readFileSync(file, 'utf8'), (await run(['scan', HIGH, '-o', 'json'])).out)
  })
  test('colour on a terminal only, and neither with NO_COLOR nor with --no-color', async () => {
    const sequence = '\u001b['
    assert.ok(!(await run(['scan', HIGH])).out.includes(sequence))
    assert.ok((await run(['scan', HIGH], { terminal: true, columns: 100 })).out.includes(sequence))
    assert.ok(!(await run(['scan', HIGH, '--no-color'], { terminal: true })).out.includes(sequence))
    assert.ok(!(await run(['scan', HIGH], { terminal: true, env: { NO_COLOR: '1' } })).out.includes(sequence))
    assert.ok((await run(['scan', HIGH], { terminal: true, env: { NO_COLOR: '' } })).out.includes(sequence))
  })
  test('a table is as wide as the terminal', async () => {
    for (const columns of [80, 200]) {
      const { out } = await run(['scan', HIGH], { columns })
      for (const line of out.split('\n')) assert.ok(line.length <= columns, `${columns}: ${line}`)
    }
  })
})

describe('every output', () => {
  const OUTPUTS = {
    scan: ['table', 'json', 'yaml', 'markdown', 'sarif', 'junit', 'html'],
    inventory: ['table', 'wide', 'json', 'yaml'],
  }
  for (const [verb, outputs] of Object.entries(OUTPUTS)) {
    for (const output of outputs) {
      test(`${verb} -o ${output} is given, the same twice, whatever is wrong`, async () => {
        for (const source of [HIGH, BROKEN, UNKNOWN, EMPTY]) {
          const first = await run([verb, source, '-o', output])
          assert.ok(first.out.endsWith('\n'), 'ends with a line break')
          assert.deepEqual(await run([verb, source, '-o', output]), first)
        }
      })
    }
  }
  test('sarif names files as the repository knows them', async () => {
    // Relative to the working directory, which is the repository's root here as it is in CI.
    const source = relative('.', join(import.meta.dirname, '../examples/estate'))
    for (const given of [source, `${source}/`, join(source, 'exceptions.yaml')]) {
      const { out } = await run(['scan', given, '-o', 'sarif'])
      const { runs } = JSON.parse(out) as {
        runs: { results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[]
      }
      const uris = (runs[0]?.results ?? []).flatMap(result =>
        result.locations.map(location => location.physicalLocation.artifactLocation.uri),
      )
      assert.ok(uris.length > 0)
      for (const uri of uris) assert.ok(existsSync(decodeURIComponent(uri)), uri)
    }
  })
  test('diff, in each of its own', async () => {
    for (const output of ['table', 'json', 'yaml', 'markdown']) {
      const { out } = await run(['diff', EMPTY, HIGH, '-o', output])
      assert.match(out, /agent/)
    }
  })
})

describe('json holds to the published schemas', () => {
  const validator = (name: string) =>
    new Ajv2020({ allErrors: true, allowUnionTypes: true, validateFormats: false }).compile(
      JSON.parse(readFileSync(join(root, `docs/reference/schemas/${name}.v1.json`), 'utf8')) as object,
    )
  const validators = { scan: validator('findings'), inventory: validator('inventory') }
  const holds = async (verb: keyof typeof validators, argv: readonly string[]): Promise<void> => {
    const { out } = await run([verb, ...argv, '-o', 'json'])
    const validate = validators[verb]
    assert.ok(validate(JSON.parse(out)), JSON.stringify(validate.errors?.slice(0, 3), null, 2))
  }
  for (const [name, source] of Object.entries({ HIGH, BROKEN, UNKNOWN, EMPTY })) {
    test(`of ${name}`, async () => {
      await holds('scan', [source])
      await holds('scan', [source, '--now', '2026-11-20'])
      await holds('inventory', [source])
    })
  }
  test('of the example estate', async () => {
    await holds('scan', [join(root, 'examples/estate')])
    await holds('inventory', [join(root, 'examples/estate')])
  })
})

describe('the same estate in other files', () => {
  const texts = [
    namespace('shop'),
    hostNetworkPod(),
    deployment('web', 'shop', '      hostPID: true\n'),
    nodePort(),
    deployment('db', 'bank'),
  ]
  /** What must not change: everything but file and line. */
  const shown = async (source: string): Promise<unknown> => {
    const { out } = await run(['scan', '--cluster', `c=${source}`, '-o', 'json', '--fail-on', 'none'])
    const { findings, summary, coverage } = JSON.parse(out) as FindingsResult
    const { notes, ...counts } = coverage
    return {
      findings: findings.map(finding => ({ ...finding, file: '', line: 0 })),
      summary,
      counts,
      notes: notes.length,
    }
  }
  test('shuffled, split, renamed, duplicated, as JSON, as a List: the same findings', async () => {
    const expected = await shown(tree({ 'all.yaml': documents(...texts) }))
    const split = Object.fromEntries(texts.map((text, n) => [`${9 - n}/x${n}.yml`, text]))
    assert.deepEqual(await shown(tree({ 'z.yaml': documents(...texts.toReversed()) })), expected)
    assert.deepEqual(await shown(tree(split)), expected)
    assert.deepEqual(await shown(tree({ ...split, 'again.yaml': documents(...texts) })), expected)
    const list = `apiVersion: v1\nkind: List\nitems:\n${texts.map(text => `- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`).join('')}`
    assert.deepEqual(await shown(tree({ 'list.yaml': list })), expected)
    const crlf = documents(...texts).replaceAll('\n', '\r\n')
    assert.deepEqual(await shown(tree({ 'crlf.yaml': `\ufeff${crlf}` })), expected)
  })
})

describe('as a process', () => {
  const start = (argv: readonly string[], input: string | null = null) =>
    spawnSync(process.execPath, [bin, ...argv], { encoding: 'utf8', ...(input === null ? {} : { input }) })

  test('`-` reads standard input, as a cluster called stdin', () => {
    const { status, stdout } = start(['scan', '-', '-o', 'json'], hostNetworkPod())
    assert.equal(status, 1)
    const { findings } = JSON.parse(stdout) as FindingsResult
    assert.equal(findings[0]?.object, 'stdin/shop/Pod/agent')
    assert.equal(findings[0]?.file, '-')
  })
  test('standard input may be JSON, packed, or empty', async () => {
    const { gzipSync } = await import('node:zlib')
    const packed = spawnSync(process.execPath, [bin, 'inventory', '-', '-o', 'json'], {
      input: gzipSync(hostNetworkPod()),
    })
    assert.equal((JSON.parse(packed.stdout.toString()) as Inventory).clusters[0]?.cluster, 'stdin')
    assert.equal(start(['scan', '-'], '').status, 0)
    assert.equal(start(['scan', '-'], '{"apiVersion":"v1","kind":"Pod",').status, 2)
  })
  test('a pipe named as SOURCE is read', { skip: process.platform === 'win32' && 'no shell' }, () => {
    const { status, stdout } = spawnSync(
      'bash',
      ['-c', '"$0" "$1" scan <(cat "$2") -o json', process.execPath, bin, join(HIGH, 'pod.yaml')],
      {
        encoding: 'utf8',
      },
    )
    assert.equal(status, 1)
    assert.match(stdout, /PST-N001/)
  })
  test('a reader that goes away ends it quietly, with the code it would have had', async () => {
    for (const argv of [['scan', HIGH, '-o', 'html'], ['scan', HIGH, '-o', 'json'], ['scan', HIGH], ['--help']]) {
      const child = spawn(process.execPath, [bin, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] })
      child.stdout.destroy()
      let err = ''
      child.stderr.setEncoding('utf8').on('data', text => {
        err += text
      })
      const code = await new Promise(resolve => child.on('close', resolve))
      assert.equal(err, '', argv.join(' '))
      assert.equal(code, argv[0] === 'scan' ? 1 : 0, argv.join(' '))
    }
  })
  test('standard error may be closed, too', async () => {
    const child = spawn(process.execPath, [bin, 'scan', BROKEN, '-o', 'json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr.destroy()
    child.stdout.resume()
    assert.equal(await new Promise(resolve => child.on('close', resolve)), 2)
  })
  test('a full disk is told in one line', { skip: process.platform !== 'linux' && 'no /dev/full' }, () => {
    const { status, stderr } = spawnSync(
      'bash',
      ['-c', '"$0" "$1" scan "$2" -o json > /dev/full', process.execPath, bin, HIGH],
      {
        encoding: 'utf8',
      },
    )
    assert.equal(status, 2)
    assert.equal(stderr, 'postern scan: standard output cannot be written: ENOSPC\n')
  })
})
