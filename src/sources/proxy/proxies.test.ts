import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigMap } from '../../model/cluster.ts'
import type { ForwardProxyConfig } from '../../model/proxy.ts'
import { lowerEnvoy } from './envoy.ts'
import { lowerTinyproxy } from './tinyproxy.ts'

const map = (key: string, text: string): ConfigMap => ({
  ref: { cluster: 'c', group: '', kind: 'ConfigMap', namespace: 'proxy', name: 'conf' },
  origin: { file: 'f', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null },
  labels: new Map(),
  annotations: new Map(),
  data: new Map([[key, text]]),
})

const check = (found: readonly ForwardProxyConfig[], expected: readonly (readonly [string, string, string])[]): void =>
  assert.deepEqual(
    found.map(proxy => [proxy.access.map(rule => rule.written).join(' | '), proxy.accessLog, proxy.accessLogSetting]),
    expected,
  )

// Source: tinyproxy.conf(5): "If no Access Control keywords are specified then all clients are allowed."
test('tinyproxy without Allow serves everybody', () => {
  const [proxy] = lowerTinyproxy([map('tinyproxy.conf', 'Port 8888\nConnectPort 443\nConnectPort 22 # sftp\n')])
  assert.deepEqual(proxy?.acls.get('clients')?.values, ['all'])
  assert.deepEqual(proxy?.acls.get('SSL_ports')?.values, ['443', '22'])
})

test('tinyproxy logs connections at Connect and Info', () => {
  check(lowerTinyproxy([map('tinyproxy.conf', 'Allow 10.0.0.0/8\nLogLevel Critical\n')]), [
    ['Allow 10.0.0.0/8', 'off', 'LogLevel Critical'],
  ])
  check(lowerTinyproxy([map('tinyproxy.conf', 'allow 10.0.0.0/8\nLogLevel Connect\n')]), [
    ['Allow 10.0.0.0/8', 'on', 'LogLevel Connect'],
  ])
})

test('an Envoy that forwards to any name is open unless a filter says who may', () => {
  const forward = 'http_filters:\n- name: envoy.filters.http.dynamic_forward_proxy\n'
  check(lowerEnvoy([map('envoy.yaml', forward)]), [
    ['dynamic_forward_proxy without an RBAC filter', 'off', 'no access_log'],
  ])
  check(lowerEnvoy([map('envoy.yaml', `access_log:\n- name: x\n${forward}- name: envoy.filters.http.rbac\n`)]), [
    ['', 'on', 'no access_log'],
  ])
  check(lowerEnvoy([map('envoy.yaml', 'http_filters:\n- name: envoy.filters.http.router\n')]), [])
})

test('text of another kind is no proxy', () => {
  check(lowerTinyproxy([map('nginx.conf', 'server { listen 80; }')]), [])
  check(lowerTinyproxy([map('tinyproxy.conf', '')]), [['no Allow line', 'on', 'LogLevel Info']])
})
