import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Inventory } from '../model/inventory.ts'
import { bareCluster, inventoryOf, sampleInventory } from '../outputs/testing/sample-inventory.ts'
import { compareInventories } from './compare.ts'

const changed = (change: (cluster: Inventory['clusters'][number]) => Inventory['clusters'][number]): Inventory => ({
  ...sampleInventory,
  clusters: sampleInventory.clusters.map((cluster, i) => (i === 0 ? change(cluster) : cluster)),
})

test('an inventory does not differ from itself', () => {
  assert.deepEqual(compareInventories(sampleInventory, sampleInventory), { changes: [], opened: 0, closed: 0 })
  const bare = inventoryOf([bareCluster('__proto__')])
  assert.deepEqual(compareInventories(bare, bare).changes, [])
})

test('what is added opens, what is taken away closes, and the other way round for controls', () => {
  const opened = changed(cluster => ({
    ...cluster,
    tunnels: [...cluster.tunnels, { id: 'c/shop/Deployment/ts', product: 'Tailscale', evidence: [] }],
    controls: {
      ...cluster.controls,
      namespaces: [
        {
          namespace: 'shop',
          workloads: 1,
          defaultDenyEgress: 'none',
          policies: [],
          podSecurity: { enforce: null, audit: null, warn: null },
        },
      ],
    },
  }))
  const closed = changed(cluster => ({
    ...cluster,
    controls: {
      ...cluster.controls,
      namespaces: [
        {
          namespace: 'shop',
          workloads: 1,
          defaultDenyEgress: 'full',
          policies: [],
          podSecurity: { enforce: 'baseline', audit: null, warn: null },
        },
      ],
    },
  }))
  const there = compareInventories(closed, opened).changes.filter(change =>
    ['tunnel', 'default deny', 'pod security'].includes(change.kind),
  )
  assert.deepEqual(
    there.map(change => [change.kind, change.effect]),
    [
      ['default deny', 'opens'],
      ['pod security', 'opens'],
      ['tunnel', 'opens'],
    ],
  )
  const back = compareInventories(opened, closed).changes.filter(change =>
    ['tunnel', 'default deny', 'pod security'].includes(change.kind),
  )
  assert.deepEqual(
    back.map(change => change.effect),
    ['closes', 'closes', 'closes'],
  )
})

test('the two directions mirror each other', () => {
  const other = changed(cluster => ({ ...cluster, services: [], exits: [], mesh: [] }))
  const forth = compareInventories(sampleInventory, other)
  const back = compareInventories(other, sampleInventory)
  assert.deepEqual([forth.opened, forth.closed], [back.closed, back.opened])
  assert.deepEqual(
    forth.changes.map(change => change.id),
    back.changes.map(change => change.id),
  )
})
