import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ExitsMap, LinkState, MapScene } from '../model/exits-map.ts'
import type { Exit, ReachEntry, ReachTarget, Unknown, WorkloadReach } from '../model/reach.ts'
import { region, workload } from '../outputs/testing/sample-reach.ts'
import { exitsMapOf } from './exits-map.ts'

const to = (zone: string): ReachTarget => ({ kind: 'addresses', zone, ranges: ['203.0.113.0'] })
const by = (kind: Exit['kind'], id: string | null, addresses: readonly string[] = []): Partial<ReachEntry> => ({
  exit: { kind, id, sourceAddresses: addresses },
})
const NAT = by('nat', 'aws:nat-gateway/n', ['198.51.100.1'])
const NO_NETWORK: Unknown = { stage: 'fabric', why: 'not assessed', settledBy: 'saved output' }

const mapOf = (
  rows: readonly WorkloadReach[],
  stateOf: ((row: WorkloadReach, entry: ReachEntry) => LinkState) | null = null,
): ExitsMap => exitsMapOf(rows, { networkWasRead: true, intents: stateOf === null ? 0 : 1, leftOut: 0 }, stateOf)

/** A scene as lines: `shop (1 of 2) -> nat aws:nat-gateway/n: 1, 0 perhaps, internet, declared`. */
const told = ({ exits }: ExitsMap, { sources, links }: MapScene): readonly string[] =>
  links.map(({ source, exit, workloads, perhaps, toward, state }) => {
    const { name, leaving, workloads: all } = sources[source] ?? assert.fail()
    const { kind, id, cluster } = exits[exit] ?? assert.fail()
    const out = [kind, id ?? cluster].filter(part => part !== null).join(' ')
    return `${name} (${leaving} of ${all}) -> ${out}: ${workloads}, ${perhaps} perhaps, ${toward.join(' ')}, ${state}`
  })

const check = (map: ExitsMap, expected: readonly (readonly string[])[]): void =>
  assert.deepEqual(
    map.scenes.map(scene => told(map, scene)),
    expected,
  )

describe('who leaves by which exit', () => {
  test('a workload counts once for each exit, whatever its regions and rows', () => {
    const rows = [
      workload('a/shop/Deployment/web', [region(to('internet'), NAT), region(to('private'), NAT)], { variant: 'x' }),
      workload('a/shop/Deployment/web', [region(to('internet'), NAT)], { variant: 'y' }),
      workload('a/shop/Deployment/api', [region(to('internet'), NAT), region(to('private'), by('transit', 'tgw'))]),
    ]
    const map = mapOf(rows)
    check(map, [
      [
        'shop (2 of 2) -> nat aws:nat-gateway/n: 2, 0 perhaps, internet private, null',
        'shop (2 of 2) -> transit tgw: 1, 0 perhaps, private, null',
      ],
    ])
    assert.deepEqual([map.workloads, map.leaving], [2, 2])
    assert.deepEqual(
      map.exits.map(({ workloads }) => workloads),
      [2, 1],
    )
  })
  test('what is denied, stays inside, or another one passes on is not on it', () => {
    const rows = [
      workload(
        'a/shop/Deployment/web',
        [
          region(to('internet'), { ...NAT, verdict: 'denied' }),
          region({ kind: 'nodes', nodes: 'own' }),
          region({ kind: 'apiserver' }),
        ],
        { relayed: [region(to('internet'), NAT)] },
      ),
    ]
    const map = mapOf(rows)
    check(map, [[]])
    assert.deepEqual([map.workloads, map.leaving, map.exits], [1, 0, []])
    assert.deepEqual(map.scenes[0]?.sources, [{ name: 'shop', workloads: 1, leaving: 0 }])
  })
  test('what is only possible is counted apart, unless anything there is certain', () => {
    const perhaps: Partial<ReachEntry> = { ...NAT, verdict: 'unknown' }
    check(
      mapOf([
        workload('a/shop/Deployment/b', [region(to('internet'), perhaps)]),
        workload('a/shop/Deployment/c', [region(to('internet'), perhaps), region(to('private'), NAT)]),
      ]),
      [['shop (2 of 2) -> nat aws:nat-gateway/n: 2, 1 perhaps, internet private, null']],
    )
  })
  test('several clusters: the fleet first, then each by namespace', () => {
    const rows = [
      workload('a/shop/Deployment/web', [region(to('internet'), NAT)]),
      workload('a/bank/Deployment/api', [region(to('internet'), NAT)]),
      workload('b/jobs/Job/nightly', [region({ kind: 'names', patterns: ['x.example'] }, NAT)]),
      workload('b/jobs/Job/idle', []),
    ]
    check(mapOf(rows), [
      [
        'a (2 of 2) -> nat aws:nat-gateway/n: 2, 0 perhaps, internet, null',
        'b (1 of 2) -> nat aws:nat-gateway/n: 1, 0 perhaps, names, null',
      ],
      [
        'bank (1 of 1) -> nat aws:nat-gateway/n: 1, 0 perhaps, internet, null',
        'shop (1 of 1) -> nat aws:nat-gateway/n: 1, 0 perhaps, internet, null',
      ],
      ['jobs (1 of 2) -> nat aws:nat-gateway/n: 1, 0 perhaps, names, null'],
    ])
    assert.deepEqual(
      mapOf(rows).scenes.map(({ cluster }) => cluster),
      [null, 'a', 'b'],
    )
  })
  test('the order of the rows changes nothing', () => {
    const rows = [
      workload('a/shop/Deployment/web', [region(to('internet'), NAT), region(to('private'), by('unknown', null))]),
      workload('b/shop/Deployment/api', [region(to('internet'), by('transit', 'tgw')), region(to('private'), NAT)]),
    ]
    assert.deepEqual(mapOf(rows.toReversed()), mapOf(rows))
  })
  test('nothing at all is an empty map', () =>
    assert.deepEqual(mapOf([]), {
      networkWasRead: true,
      intents: 0,
      leftOut: 0,
      workloads: 0,
      leaving: 0,
      exits: [],
      scenes: [],
    }))
})

describe('an exit', () => {
  const UNKNOWN: Partial<ReachEntry> = { ...by('unknown', null), unknowns: [NO_NETWORK] }
  test('that is not known is one for all, stands first, and says why', () => {
    const policy: Unknown = { stage: 'pod-policy', why: 'not evaluated', settledBy: 'a version' }
    const { exits } = mapOf([
      workload('a/shop/Deployment/web', [region(to('internet'), NAT)]),
      workload('a/shop/Deployment/api', [region(to('internet'), { ...UNKNOWN, unknowns: [policy, NO_NETWORK] })]),
      workload('b/shop/Deployment/web', [region(to('internet'), UNKNOWN)]),
    ])
    assert.deepEqual(
      exits.map(({ kind, cluster, workloads, unknowns }) => [kind, cluster, workloads, unknowns]),
      [
        ['unknown', null, 2, [NO_NETWORK]],
        ['nat', null, 1, []],
      ],
    )
  })
  test('without an id is one for each cluster: nobody says that they are the same', () => {
    const { exits } = mapOf(
      ['a', 'b'].map(cluster =>
        workload(`${cluster}/shop/Deployment/web`, [region(to('internet'), by('provider-managed', null))]),
      ),
    )
    assert.deepEqual(
      exits.map(({ kind, id, cluster }) => [kind, id, cluster]),
      [
        ['provider-managed', null, 'a'],
        ['provider-managed', null, 'b'],
      ],
    )
  })
  test('has the addresses of all who leave by it, the first thirty by text', () => {
    const rows = Array.from({ length: 33 }, (_, i) =>
      workload(`a/shop/Deployment/w-${i}`, [
        region(to('internet'), by('internet-gateway', 'igw', [`198.51.100.${i}`, '198.51.100.200'])),
      ]),
    )
    const [exit] = mapOf(rows).exits
    // 33 of their own and the one that all share.
    assert.deepEqual([exit?.addresses.length, exit?.moreAddresses], [30, 4])
  })
})

describe('what is declared', () => {
  const rows = [
    workload('a/shop/Deployment/web', [region(to('internet'), NAT), region(to('private'), NAT)]),
    workload('a/shop/Deployment/api', [region(to('internet'), NAT)]),
    workload('a/shop/Deployment/db', [region(to('private'), NAT), region(to('link-local'), NAT)]),
  ]
  const STATES: Readonly<Record<string, LinkState>> = {
    internet: 'undeclared',
    private: 'declared',
    'link-local': 'unjudged',
  }
  test('the worst of what leaves by an exit counts, and workloads of one state are one link', () =>
    check(
      mapOf(rows, (_, { to: end }) => STATES[end.kind === 'addresses' ? end.zone : ''] ?? assert.fail()),
      [
        [
          'shop (3 of 3) -> nat aws:nat-gateway/n: 2, 0 perhaps, internet private, undeclared',
          'shop (3 of 3) -> nat aws:nat-gateway/n: 1, 0 perhaps, link-local private, unjudged',
        ],
      ],
    ))
  test('without an intent no link has a state', () =>
    check(mapOf(rows), [['shop (3 of 3) -> nat aws:nat-gateway/n: 3, 0 perhaps, internet link-local private, null']]))
})
