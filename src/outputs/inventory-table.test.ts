import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Inventory } from '../model/inventory.ts'
import { displayWidth } from './display-width.ts'
import { renderInventoryTable } from './inventory-table.ts'
import { HOSTILE } from './testing/sample-findings.ts'
import { bareCluster, inventoryOf, sampleInventory } from './testing/sample-inventory.ts'

const table = (inventory: Inventory, width = 80, wide = false): string =>
  Array.from(renderInventoryTable(inventory, { width, color: false, all: false, wide })).join('')

const check = (text: string, expected: readonly RegExp[]): void => {
  for (const pattern of expected) assert.match(text, pattern)
}

describe('the table of the inventory', () => {
  test('the fleet, then each cluster', () =>
    check(table(sampleInventory), [
      /^FLEET +3 clusters: 20 nodes, 76 workloads, 262 pods, 3 node-surface services, 1\s+public load balancer/,
      /EKS v1\.31\.4 · Cilium 1\.16\.5 · policy enforced/,
      /AKS v1\.30\.7 · Azure CNI \+ Calico 3\.28\.2 · policy enforced/,
      /GKE · network plugin unknown · policy enforcement unknown/,
      /NODE-SURFACE SERVICES 3/,
      /HOST-PRIVILEGED WORKLOADS 2/,
      /not seen: /,
    ]))

  test('wide shows who stands behind a service and why it is public', () => {
    check(table(sampleInventory, 250, true), [/leave as the node/, /internet-facing/])
    assert.doesNotMatch(table(sampleInventory), /leave as the node/)
  })

  test('nothing seen is said, not left out', () =>
    check(table(inventoryOf([bareCluster('empty')])), [/platform unknown/, /not seen: node-surface services/]))

  test('no cluster is said', () => check(table(inventoryOf([])), [/no clusters: nothing that was read/]))

  test('no line is wider than the terminal, no control comes through', () => {
    const hostile = inventoryOf(
      HOSTILE.map(text => ({ ...bareCluster(text), tunnels: [{ id: text, product: text, evidence: [text] }] })),
    )
    for (const width of [60, 80, 200]) {
      for (const wide of [false, true]) {
        for (const line of [...table(hostile, width, wide).split('\n'), ...table(sampleInventory, width).split('\n')]) {
          assert.ok(displayWidth(line) <= width, line)
        }
      }
    }
    assert.doesNotMatch(table(hostile), /[^\P{Cc}\n]|\p{Cf}/u)
  })
})
