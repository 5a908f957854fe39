import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ForwardProxyConfig } from '../../model/proxy.ts'
import { configMapOf } from '../testing/config-map.ts'
import { lowerEnvoy } from './envoy.ts'
import { lowerTinyproxy } from './tinyproxy.ts'

const check = (found: readonly ForwardProxyConfig[], expected: readonly (readonly [string, string, string])[]): void =>
  assert.deepEqual(
    found.map(proxy => [proxy.access.map(rule => rule.written).join(' | '), proxy.accessLog, proxy.accessLogSetting]),
    expected,
  )

// Source: tinyproxy.conf(5): "If no Access Control keywords are specified then all clients are allowed."
test('tinyproxy without Allow serves everybody', () => {
  const [proxy] = lowerTinyproxy([configMapOf('tinyproxy.conf', 'Port 8888\nConnectPort 443\nConnectPort 22 # sftp\n')])
  assert.deepEqual(proxy?.acls.get('clients')?.values, ['all'])
  assert.deepEqual(proxy?.acls.get('SSL_ports')?.values, ['443', '22'])
})

test('tinyproxy logs connections at Connect and Info', () => {
  check(lowerTinyproxy([configMapOf('tinyproxy.conf', 'Allow 10.0.0.0/8\nLogLevel Critical\n')]), [
    ['Allow 10.0.0.0/8', 'off', 'LogLevel Critical'],
  ])
  check(lowerTinyproxy([configMapOf('tinyproxy.conf', 'allow 10.0.0.0/8\nLogLevel Connect\n')]), [
    ['Allow 10.0.0.0/8', 'on', 'LogLevel Connect'],
  ])
})

test('an Envoy that forwards to any name is open unless a filter says who may', () => {
  const forward = 'http_filters:\n- name: envoy.filters.http.dynamic_forward_proxy\n'
  check(lowerEnvoy([configMapOf('envoy.yaml', forward)]), [
    ['dynamic_forward_proxy without an RBAC filter', 'off', 'no access_log'],
  ])
  check(
    lowerEnvoy([configMapOf('envoy.yaml', `access_log:\n- name: x\n${forward}- name: envoy.filters.http.rbac\n`)]),
    [['', 'on', 'no access_log']],
  )
  check(lowerEnvoy([configMapOf('envoy.yaml', 'http_filters:\n- name: envoy.filters.http.router\n')]), [])
})

test('text of another kind is no proxy', () => {
  check(lowerTinyproxy([configMapOf('nginx.conf', 'server { listen 80; }')]), [])
  check(lowerTinyproxy([configMapOf('tinyproxy.conf', '')]), [['no Allow line', 'on', 'LogLevel Info']])
})
