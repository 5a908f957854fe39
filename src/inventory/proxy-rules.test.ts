import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { printAddresses } from '../sets/address-text.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { printNamePattern } from '../sets/name-pattern.ts'
import { printPorts } from '../sets/port-set.ts'
import { lowerSquid } from '../sources/proxy/squid.ts'
import { lowerTinyproxy } from '../sources/proxy/tinyproxy.ts'
import { configMapOf } from '../sources/testing/config-map.ts'
import { type ProxyShare, proxyShares } from './proxy-rules.ts'

const addresses = (set: ProxyShare['sources']): string =>
  bothFamilies.equals(set, bothFamilies.full) ? 'all' : printAddresses(set).join(' ')

/** `sources > ports destinations names, refused`, with `?` in front of what is only possible. */
const shown = ({ sources, ports, destinations, names, refused, certain }: ProxyShare): string =>
  [
    certain ? '' : '?',
    addresses(sources),
    ' > ',
    printPorts(ports),
    ' ',
    addresses(destinations),
    names === null ? '' : ` [${names.map(printNamePattern).join(' ')}]`,
    refused.length === 0 ? '' : ` not [${refused.map(printNamePattern).join(' ')}]`,
  ].join('')

/** Shares that are certain, and those that are possible only. */
const check = (lines: readonly string[], expected: readonly string[]): void => {
  const [config] = lowerSquid([configMapOf('squid.conf', `${lines.join('\n')}\n`)])
  assert.ok(config)
  const texts = proxyShares(config).map(shown)
  const certain = new Set(texts.filter(text => !text.startsWith('?')))
  assert.deepEqual(
    texts.filter(text => !text.startsWith('?') || !certain.has(text.slice(1))),
    expected,
  )
}

const ALL = '1-65535'

// Source: squid-cache.org/Doc/config, acl and http_access.
describe('squid', () => {
  test('everything for everybody', () => check(['http_access allow all'], [`all > ${ALL} all`]))
  test('nobody', () => check(['http_access deny all'], []))
  test('no line at all denies', () => check(['http_port 3128'], []))
  test('clients by address', () =>
    check(
      ['acl ours src 10.0.0.0/8', 'http_access allow ours', 'http_access deny all'],
      [`10.0.0.0-10.255.255.255 > ${ALL} all`],
    ))
  test('what no line matches gets the opposite of the last one', () => {
    check(
      ['acl bad src 10.0.0.0/8', 'http_access deny bad'],
      [`0.0.0.0-9.255.255.255 11.0.0.0-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff > ${ALL} all`],
    )
    check(['acl ours src 10.0.0.0/8', 'http_access allow ours'], [`10.0.0.0-10.255.255.255 > ${ALL} all`])
  })
  test('ports: each method by itself, and a client chooses', () =>
    check(
      [
        'acl web port 80 443',
        'acl tls port 443',
        'http_access deny !web',
        'http_access deny CONNECT !tls',
        'http_access allow all',
      ],
      ['all > 80,443 all'],
    ))
  test('a port that only CONNECT has', () =>
    check(
      [
        'acl tls port 443',
        'acl plain method GET',
        'http_access deny plain',
        'http_access deny CONNECT !tls',
        'http_access allow all',
      ],
      ['all > 443 all'],
    ))
  test('names, and what is below them', () =>
    check(
      ['acl a dstdomain .one.example two.example', 'http_access allow a', 'http_access deny all'],
      [`all > ${ALL} all [one.example **.one.example two.example]`],
    ))
  test('a deny of what is not listed is a list', () =>
    check(
      ['acl a dstdomain two.example', 'http_access deny !a', 'http_access allow all'],
      [`all > ${ALL} all [two.example]`],
    ))
  test('a list of refused names', () =>
    check(
      ['acl bad dstdomain .bad.example', 'http_access deny bad', 'http_access allow all'],
      [`all > ${ALL} all not [bad.example **.bad.example]`],
    ))
  test('a refused destination', () =>
    check(
      ['acl meta dst 169.254.169.254', 'http_access deny meta', 'http_access allow all'],
      [
        `all > ${ALL} 0.0.0.0-169.254.169.253 169.254.169.255-255.255.255.255 ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff`,
      ],
    ))
  test('order counts: a deny after an allow takes nothing from it', () =>
    check(['http_access allow all', 'http_access deny all'], [`all > ${ALL} all`]))
  test('a login leaves it open', () =>
    check(['acl users proxy_auth REQUIRED', 'http_access allow users', 'http_access deny all'], [`?all > ${ALL} all`]))
  test('a deny by expression takes all certainty', () =>
    check(['acl bad url_regex -i evil', 'http_access deny bad', 'http_access allow all'], [`?all > ${ALL} all`]))
  test('a file that was not read', () =>
    check(
      ['acl a dstdomain "/etc/squid/none.txt"', 'http_access allow a', 'http_access deny all'],
      [`?all > ${ALL} all`],
    ))
  test('a value that is no address', () =>
    check(
      ['acl a src web.example 10.0.0.1', 'http_access allow a', 'http_access deny all'],
      [`10.0.0.1 > ${ALL} all`, `?all > ${ALL} all`],
    ))
  test('an acl that nobody defines', () =>
    check(['http_access allow ghost', 'http_access deny all'], [`?all > ${ALL} all`]))
  test('the proxy’s own pages forward nothing', () => check(['http_access allow manager', 'http_access deny all'], []))
})

test('tinyproxy: clients, CONNECT ports and a filter', () => {
  const shares = (text: string): readonly string[] => {
    const [config] = lowerTinyproxy([configMapOf('tinyproxy.conf', text)])
    assert.ok(config)
    return proxyShares(config).map(shown)
  }
  assert.ok(shares('Port 8888\n').includes(`all > ${ALL} all`))
  assert.ok(shares('Allow 10.0.0.1\nConnectPort 443\n').includes('10.0.0.1 > 443 all'))
  assert.ok(shares('Filter "/etc/list"\nFilterDefaultDeny Yes\n').every(text => text.startsWith('?')))
})
