import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import fc from 'fast-check'
import { type Connection, isDestinationTranslated, isSourceTranslated } from '../../model/node-facts.ts'
import { readConntrack } from './conntrack.ts'

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
/** What every form tells: the rest (identifier, timeout, place) differs by form. */
const essence = ({ id: _id, origin: _origin, timeoutSeconds: _timeout, ...flow }: Connection) => flow

const check = (input: string, expected: Partial<Connection>) => {
  const { value, diagnostics, notes } = readConntrack(input, 'ct')
  assert.deepEqual([diagnostics, notes, value.length], [[], [], 1])
  const [flow] = value
  for (const [key, told] of Object.entries(expected)) assert.deepEqual(flow?.[key as keyof Connection], told, key)
}

test('the plain form: translation shows as a difference of the two directions', () => {
  const [web, dns, ping, v6, esp] = readConntrack(fixture('flows.plain.txt'), 'ct').value
  assert.ok(web && dns && ping && v6 && esp)
  assert.deepEqual(
    [isSourceTranslated(web), isDestinationTranslated(web), web.reply.destination, web.reply.destinationPort],
    [true, false, '198.51.100.1', 61001],
  )
  assert.deepEqual(
    [isSourceTranslated(dns), isDestinationTranslated(dns), dns.reply.source, dns.replied, dns.mark],
    [false, true, '192.0.2.53', false, 0x4000],
  )
  assert.deepEqual(
    [ping.original.icmp, ping.reply.icmp],
    [
      { type: 8, code: 0, id: 77 },
      { type: 0, code: 0, id: 77 },
    ],
  )
  assert.deepEqual([v6.family, v6.state, v6.original.source], [6, 'SYN_SENT', '2001:db8:1::10'])
  assert.deepEqual(
    [esp.protocol, esp.original.sourcePort, esp.originalCounters],
    [50, null, { packets: 5, bytes: 500 }],
  )
})

test('one connection is the same in every form', () => {
  const plain = readConntrack(fixture('flows.plain.txt'), 'ct')
  assert.deepEqual(plain.diagnostics, [])
  for (const name of ['flows.extended.txt', 'flows.proc.txt', 'flows.xml']) {
    const other = readConntrack(fixture(name), name)
    assert.deepEqual([name, other.diagnostics, other.notes], [name, [], []])
    assert.deepEqual(other.value.map(essence), plain.value.map(essence), name)
  }
  const ids = [7001, 7002, 7003, 7004, 7005]
  assert.deepEqual(
    readConntrack(fixture('flows.extended.txt'), 'ct').value.map(flow => flow.id),
    ids,
  )
  assert.deepEqual(
    readConntrack(fixture('flows.xml'), 'ct').value.map(flow => flow.id),
    ids,
  )
  assert.deepEqual(
    readConntrack(fixture('flows.xml'), 'ct').value.map(flow => flow.origin.line),
    [3, 4, 5, 6, 7],
  )
})

const TUPLES = 'src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1'

test('events', () => {
  check(`[1767600000.123456]\t    [NEW] udp      17 30 ${TUPLES} id=5`, {
    event: 'new',
    time: 1767600000.123456,
    id: 5,
  })
  check(`[DESTROY] udp      17 ${TUPLES}`, { event: 'destroy', time: null, timeoutSeconds: null })
  check(` [UPDATE] tcp      6 60 SYN_RECV ${TUPLES}`, { event: 'update', state: 'SYN_RECV', timeoutSeconds: 60 })
})

test('odd words of the kernel', () => {
  check(`tcp      6 ESTABLISHED ${TUPLES} [HW_OFFLOAD] mark=0 use=1`, {
    offloaded: true,
    state: 'ESTABLISHED',
    timeoutSeconds: null,
  })
  check(
    `ipv4     2 gre      47 99 timeout=0, stream_timeout=0 src=192.0.2.1 dst=192.0.2.2 srckey=0x5 dstkey=0x5 [UNREPLIED] src=192.0.2.2 dst=192.0.2.1 srckey=0x5 dstkey=0x5 mark=0`,
    { protocol: 47 },
  )
  check(`tcp 6 9 CLOSE ${TUPLES} mark=1 secctx=system_u [start=Mon Jan  5 10:00:00 2026] use=1`, { mark: 1 })
  assert.equal(readConntrack(`tcp 6 9 CLOSE ${TUPLES} colour=blue`, 'ct').notes[0]?.state, 'partly')
})

test('a malformed line is refused with its number, the rest is kept', () => {
  const { value, diagnostics } = readConntrack(
    [
      `udp 17 30 ${TUPLES}`,
      'tcp 6 x',
      `udp 17 30 ${TUPLES.replace('192.0.2.1 ', '192.0.2.300 ')}`,
      `udp 17 30 ${TUPLES} src=1.1.1.1 dst=1.1.1.1`,
      `udp 17 30 ${TUPLES}`,
    ].join('\n'),
    'ct',
  )
  assert.equal(value.length, 2)
  assert.deepEqual(
    diagnostics.map(({ severity, line }) => [severity, line]),
    [
      ['error', 2],
      ['error', 3],
      ['error', 4],
    ],
  )
})

test('the count that the tool gives is compared', () => {
  const told = (count: number) =>
    readConntrack(
      `udp 17 30 ${TUPLES}\nconntrack v1.4.7 (conntrack-tools): ${count} flow entries have been shown.\n`,
      'ct',
    ).diagnostics
  assert.deepEqual(told(1), [])
  assert.match(told(3)[0]?.message ?? '', /may be cut/)
})

test('XML that is cut, or that repeats its opening, gives what is whole', () => {
  const whole = fixture('flows.xml')
  const cut = readConntrack(whole.slice(0, whole.lastIndexOf('<flow>') + 40), 'ct')
  assert.equal(cut.value.length, 4)
  assert.equal(cut.diagnostics.length, 2)
  assert.deepEqual(readConntrack(`<conntrack>${'<flow>'.repeat(200_000)}`, 'ct').value, [])
})

test('beyond the limit flows are counted, not kept', () => {
  const { value, diagnostics, notes } = readConntrack(`udp 17 30 ${TUPLES}\n`.repeat(500_003), 'ct')
  assert.equal(value.length, 500_000)
  assert.match(diagnostics[0]?.message ?? '', /^3 flows beyond the first 500000/)
  assert.equal(notes[0]?.state, 'partly')
})

test('control characters of input never reach a message', () => {
  const { diagnostics } = readConntrack('tcp 6 \u001b[2J src=x', 'ct')
  assert.doesNotMatch(diagnostics[0]?.message ?? '', /[\u0000-\u001f]/)
})

test('any flow that is printed is read back', () => {
  const port = fc.nat(65_535)
  const end = fc.oneof(fc.tuple(fc.constant(4), fc.ipV4(), fc.ipV4(), fc.ipV4(), fc.ipV4()))
  const end6 = fc.tuple(fc.constant(6), v6(), v6(), v6(), v6())
  const form = fc.constantFrom('plain', 'extended', 'xml')
  fc.assert(
    fc.property(
      fc.oneof(end, end6),
      port,
      port,
      port,
      port,
      fc.nat(0xffff_ffff),
      fc.boolean(),
      form,
      (ends, a, b, c, d, mark, replied, how) => {
        const [family, src, dst, back, to] = ends
        const counts = (n: number) => `packets=${n} bytes=${n * 60}`
        const line = `tcp      6 10 ESTABLISHED src=${src} dst=${dst} sport=${a} dport=${b} ${counts(a)} ${replied ? '' : '[UNREPLIED] '}src=${back} dst=${to} sport=${c} dport=${d} ${counts(b)} mark=${mark} use=1`
        const direction = (name: string, s: string, t: string, p: number, q: number, n: number) =>
          `<meta direction="${name}"><layer3 protonum="2" protoname="ipv${family}"><src>${s}</src><dst>${t}</dst></layer3><layer4 protonum="6" protoname="tcp"><sport>${p}</sport><dport>${q}</dport></layer4><counters><packets>${n}</packets><bytes>${n * 60}</bytes></counters></meta>`
        const text =
          how === 'plain'
            ? line
            : how === 'extended'
              ? `ipv${family}     ${family === 4 ? 2 : 10} ${line}`
              : `<conntrack>\n<flow>${direction('original', src, dst, a, b, a)}${direction('reply', back, to, c, d, b)}<meta direction="independent"><state>ESTABLISHED</state><timeout>10</timeout><mark>${mark}</mark>${replied ? '' : '<unreplied/>'}</meta></flow>\n</conntrack>`
        const { value, diagnostics } = readConntrack(text, 'ct')
        assert.deepEqual(diagnostics, [])
        const [flow] = value
        assert.deepEqual(flow?.original, {
          source: src,
          destination: dst,
          sourcePort: a,
          destinationPort: b,
          icmp: null,
        })
        assert.deepEqual(flow?.reply, { source: back, destination: to, sourcePort: c, destinationPort: d, icmp: null })
        assert.deepEqual([flow?.mark, flow?.replied, flow?.originalCounters?.packets], [mark, replied, a])
      },
    ),
  )
})

/** Canonical IPv6 text, made by the URL standard's serialiser. */
const v6 = () =>
  fc
    .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
    .filter(words => words[5] !== 0xffff)
    .map(words => new URL(`http://[${words.map(word => word.toString(16)).join(':')}]/`).hostname.slice(1, -1))
