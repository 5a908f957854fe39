import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { IntentSubject } from '../model/intent.ts'
import { clusterOf } from '../sources/kubernetes/testing/estate-of.ts'
import { speaksOfNode } from './subjects.ts'

const [NODE] = clusterOf(`
apiVersion: v1
kind: Node
metadata: { name: ip-10-0-1-5, labels: { eks.amazonaws.com/nodegroup: blue } }
`).nodes

const check = (nodePools: readonly string[], clusters: readonly string[] | null, expected: boolean): void => {
  assert.ok(NODE !== undefined)
  assert.equal(speaksOfNode({ kind: 'nodes', nodePools, clusters }, NODE), expected)
}

test('a node is meant by its pool or by its own name', () => {
  check(['blue'], null, true)
  check(['bl*'], null, true)
  check(['ip-10-0-1-*'], null, true)
  check(['green', 'blue'], null, true)
  check(['green'], null, false)
  check([], null, false)
})

test('and by its cluster, where one is named', () => {
  check(['*'], ['c'], true)
  check(['blue'], ['other-*', 'c*'], true)
  check(['blue'], ['other'], false)
  check(['blue'], [], false)
})

test('who speaks of workloads or functions, or cannot be read, speaks of no node', () => {
  assert.ok(NODE !== undefined)
  const all: readonly (IntentSubject | null)[] = [
    null,
    { kind: 'functions', functions: ['*'], accounts: null },
    { kind: 'workloads', clusters: null, namespaces: null, serviceAccounts: null, workloads: null, labels: new Map() },
  ]
  for (const from of all) assert.equal(speaksOfNode(from, NODE), false)
})
