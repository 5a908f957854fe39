import { test } from 'node:test'
import { compareRows } from './row-comparison.ts'

test('Calico policies, alone and with NetworkPolicy: rows and the second evaluator agree on every packet', () => {
  compareRows(300, ['calico'], ['calico-iptables', 'calico-ebpf'])
  compareRows(300, ['kubernetes', 'calico'], ['calico-iptables', 'calico-ebpf', 'cilium'])
})

test('Calico policies with the policy API: rows and the second evaluator agree on every packet', () => {
  compareRows(300, ['kubernetes', 'policy-api', 'calico'], ['calico-iptables', 'calico-ebpf', 'cilium'])
})
