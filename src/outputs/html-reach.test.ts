import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ReachResult } from '../model/reach.ts'
import { type ReachData, reachDataOf } from './html-reach.ts'
import { byClass, hostileReach, reachResult, region, sampleReach, workload } from './testing/sample-reach.ts'

const packed = (result: ReachResult, first: readonly string[] = [], room?: number): ReachData =>
  reachDataOf({ result, leftOut: [], bounded: true }, first, room)

/** `3-8,11` */
const numbersIn = (runs: string): readonly number[] =>
  runs === ''
    ? []
    : runs.split(',').flatMap(run => {
        const [first = 0, last = first] = run.split('-').map(Number)
        return Array.from({ length: last - first + 1 }, (_, i) => first + i)
      })

/** The way back, by the words of the type: what the page does. */
const unpacked = (data: ReachData) =>
  data.workloads.map(one => {
    const regions = (places: readonly number[]) =>
      places.map(place => {
        const [target, traffic, state, packet] = data.regions[place] ?? [0, 0, 0, null]
        const to = data.targets[target]
        const { because, unknowns, path, ...rest } = data.states[state] ?? assert.fail()
        return {
          to: to?.kind === 'workloads' ? { ...to, ids: numbersIn(to.ids).map(i => data.ids[i]) } : to,
          traffic: data.traffics[traffic],
          ...rest,
          path: path.map(hop => (hop.hop === 'node' && hop.id === '' ? { ...hop, id: one.node } : hop)),
          because: because.map(i => data.because[i]),
          unknowns: unknowns.map(i => data.unknowns[i]),
          witness: packet?.startsWith(' -> ') ? `${one.source}${packet}` : packet,
        }
      })
    const row = data.rows[one.row]
    return {
      id: data.ids[one.id],
      variant: one.variant,
      cluster: one.cluster,
      namespace: one.namespace,
      serviceAccount: one.account,
      hostNetwork: one.hostNetwork,
      pods: one.pods,
      egress: regions(row?.egress ?? []),
      relayed: regions(row?.relayed ?? []),
    }
  })

const plain = ({ workloads }: ReachResult) =>
  workloads
    .map(({ class: _class, kind: _kind, name: _name, ...rest }) => rest)
    .toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : (a.variant ?? '') < (b.variant ?? '') ? -1 : 1))

describe('packed regions', () => {
  test('unpack to what they were', () => {
    assert.deepEqual(unpacked(packed(sampleReach)), plain(sampleReach))
    assert.deepEqual(unpacked(packed(hostileReach)), plain(hostileReach))
  })

  test('are the same by workload and by class', () =>
    assert.deepEqual(packed(byClass(reachResult(sampleReach.workloads.filter(one => one.class !== 'web')))), {
      ...packed(reachResult(sampleReach.workloads.filter(one => one.class !== 'web'))),
    }))

  test('a class as destination is its workloads', () => {
    const ids = ['c/n/Deployment/a', 'c/n/Deployment/b']
    const heads = ids.map(id => ({ ...workload(id, []), class: 'x' }))
    const egress = [region({ kind: 'class', id: 'x' })]
    const data = packed({
      ...reachResult(heads.map(({ egress: _, ...head }) => head)),
      classes: [{ id: 'x', workloads: ids, egress }],
    })
    assert.deepEqual(data.targets, [{ kind: 'workloads', ids: '0-1' }])
  })

  test('workloads that reach the same share one row, wherever their packets come from', () => {
    const data = packed(sampleReach)
    const [first, second] = data.workloads
    assert.equal(first?.row, second?.row)
    assert.deepEqual([first?.source, second?.source], ['10.1.0.0', '10.1.0.1'])
    // The two of `web`, the tokeniser, the job that reaches nothing, and the one that reaches metadata.
    assert.equal(data.rows.length, 4)
  })

  test('a workload without its regions is a bug', () =>
    assert.throws(() => packed({ ...byClass(sampleReach), classes: [] }), /has no regions/))
})

describe('the bound', () => {
  const many = reachResult(
    Array.from({ length: 100 }, (_, i) =>
      workload(`c/n/Deployment/w-${String(i).padStart(2, '0')}`, [
        region({ kind: 'addresses', zone: 'internet', ranges: [`203.0.113.${i}`] }),
      ]),
    ),
  )

  test('holds, and everything that does not fit is named', () => {
    const data = packed(many, [], 12_000)
    assert.ok(data.workloads.length > 0 && data.leftOut.length > 0)
    assert.equal(data.workloads.length + data.leftOut.length, 100)
    assert.ok(JSON.stringify(data).length < 12_000 + 3000)
    assert.equal(data.leftOut.at(-1), 'c/n/Deployment/w-99')
  })

  test('leaves out those with findings last', () => {
    const data = packed(many, ['c/n/Deployment/w-99', 'c/n/Deployment/w-98'], 4_500)
    const kept = data.workloads.map(one => data.ids[one.id])
    assert.ok(kept.includes('c/n/Deployment/w-99') && kept.includes('c/n/Deployment/w-98'))
    assert.ok(!kept.includes('c/n/Deployment/w-97'))
  })

  test('is none where everything was asked for', () => {
    const data = reachDataOf({ result: many, leftOut: [], bounded: false }, [])
    assert.equal(data.workloads.length, 100)
  })

  test('keeps what the caller left out', () =>
    assert.deepEqual(reachDataOf({ result: sampleReach, leftOut: ['c/n/Job/x'], bounded: true }, []).leftOut, [
      'c/n/Job/x',
    ]))
})
