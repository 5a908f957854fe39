import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const parsed = (data: Readonly<Record<string, string>>) => {
  const { proxies } = clusterOf(
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'proxy', namespace: 'egress' }, data }),
  )
  const [proxy] = proxies
  return proxy === undefined
    ? null
    : {
        acls: Object.fromEntries([...proxy.acls].map(([name, { type, values }]) => [name, [type, ...values]])),
        access: proxy.access.map(({ action, acls }) => [action, ...acls]),
        log: proxy.accessLog,
        missing: proxy.missingFiles,
      }
}

const check = (
  text: string,
  expected: Partial<ReturnType<typeof parsed>>,
  files: Readonly<Record<string, string>> = {},
): void => {
  const found = parsed({ 'squid.conf': text, ...files })
  assert.ok(found)
  for (const [key, value] of Object.entries(expected ?? {}))
    assert.deepEqual(found[key as keyof typeof found], value, text)
}

// Source: squid-cache.org/Doc/config.
test('lines of one acl add up', () =>
  check('acl a dstdomain .one.example two.example\nacl a dstdomain .three.example\n', {
    acls: { a: ['dstdomain', '.one.example', 'two.example', '.three.example'] },
  }))

test('a quoted value is a file of values, found in the same map or missing', () => {
  check(
    'acl a dstdomain "/etc/squid/allow.txt"',
    { acls: { a: ['dstdomain', '.one.example', '.two.example'] }, missing: [] },
    {
      'allow.txt': '# names\n.one.example\n\n.two.example # two\n',
    },
  )
  check('acl a dstdomain "/etc/squid/none.txt" .x', {
    acls: { a: ['dstdomain', '.x'] },
    missing: ['/etc/squid/none.txt'],
  })
})

test('access rules in their order, comments and other directives left out', () =>
  check(
    '# http_access allow all\nhttp_port 3128\nhttp_access deny !safe CONNECT # no\nhttp_access allow\nhttp_access maybe all\n',
    {
      access: [['deny', '!safe', 'CONNECT'], ['allow']],
    },
  ))

test('the access log is on unless it is `none`', () => {
  check('', { log: 'on' })
  check('access_log none\n', { log: 'off' })
  check('access_log daemon:/var/log/squid/access.log squid\n', { log: 'on' })
})

test('CRLF and half lines', () =>
  check('acl a dst 10.0.0.0/8\r\nacl\r\nacl b\r\nhttp_access\r\n', { acls: { a: ['dst', '10.0.0.0/8'] }, access: [] }))

test('known by its key or by its content', () => {
  assert.ok(parsed({ 'my-squid-main.conf': '' }))
  assert.ok(parsed({ 'proxy.conf': 'http_access deny all\n' }))
  assert.equal(parsed({ 'nginx.conf': 'server {}' }), null)
  assert.equal(parsed({ readme: 'http_access deny all' }), null)
})
