import { test } from 'node:test'
import { compareRows } from './row-comparison.ts'

test('NetworkPolicy: rows and the second evaluator agree on every packet', () => {
  compareRows(300, ['kubernetes'], ['specification', 'calico-iptables', 'cilium', 'aws-vpc-cni'])
})

test('the policy API with NetworkPolicy: rows and the second evaluator agree on every packet', () => {
  compareRows(300, ['kubernetes', 'policy-api'], ['specification', 'calico-iptables', 'cilium'])
})

test('Cilium policies, alone and with NetworkPolicy: rows and the second evaluator agree on every packet', () => {
  compareRows(300, ['cilium'], ['cilium'])
  compareRows(200, ['kubernetes', 'cilium'], ['cilium'])
})
