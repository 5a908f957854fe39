import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, namespace, networkPolicy, pod } from './estate.ts'

// Two documents for one object that differ: nobody can tell which of them the cluster has, so the answer is certain only
// where both agree.

const WEB = namespace('default') + pod('web', { ip: '10.244.0.5' })
const ports = (...list: readonly number[]): string =>
  networkPolicy(
    `{podSelector: {}, policyTypes: [Egress], egress: [{ports: [${list.map(port => `{port: ${port}}`).join(', ')}]}]}`,
  )

const check = (purpose: string, yaml: string, to: string, expected: string): void => {
  test(`${purpose}: ${to}`, () => assert.equal(ask(yaml, 'web', to).verdict, expected))
}

const two = WEB + ports(443, 80) + ports(443, 22)
check('what both allow', two, '203.0.114.9:443', 'allowed')
check('what both deny', two, '203.0.114.9:25', 'denied')
check('what only the first allows', two, '203.0.114.9:80', 'unknown')
check('what only the second allows', two, '203.0.114.9:22', 'unknown')
const same = WEB + ports(443) + ports(443)
check('equal ones are one', same, '203.0.114.9:443', 'allowed')
check('equal ones are one, and close', same, '203.0.114.9:80', 'denied')
