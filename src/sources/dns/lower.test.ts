import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ResolverConfig } from '../../model/dns.ts'
import { clusterOf } from '../kubernetes/testing/estate-of.ts'

const configMap = (name: string, data: Readonly<Record<string, string>>): string =>
  `${JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data })}\n`

const resolvers = (maps: Readonly<Record<string, Readonly<Record<string, string>>>>): readonly ResolverConfig[] =>
  clusterOf(
    Object.entries(maps)
      .map(([name, data]) => configMap(name, data))
      .join('---\n'),
  ).resolvers

/** `zone [bind] log=… from/key: forwards` of each zone. */
const check = (maps: Readonly<Record<string, Readonly<Record<string, string>>>>, expected: readonly string[]): void => {
  const zones = resolvers(maps).flatMap(resolver => resolver.zones)
  assert.deepEqual(
    zones.map(({ zone, log, forwards, from, key }) => {
      const to = forwards.map(forward => `${forward.zone}>${forward.upstreams.join('+')}/${forward.protocol}`)
      return `${zone} log=${log} ${from.ref.name}/${key}: ${to.join(', ')}`
    }),
    expected,
  )
}

const corefile = (text: string, expected: readonly string[]): void =>
  check(
    { coredns: { Corefile: text } },
    expected.map(line => line.replace('@', 'coredns/Corefile')),
  )

// Source: coredns.io, plugins `forward` and `log`.
describe('a Corefile', () => {
  test('where queries go, and how', () => {
    corefile('.:53 {\n forward . /etc/resolv.conf\n}', ['. log=off @: .>/etc/resolv.conf/dns'])
    corefile('. {\n forward . 1.1.1.1:5353 [2606:4700::1111]:53 2606:4700::1001\n}', [
      '. log=off @: .>1.1.1.1+2606:4700::1111+2606:4700::1001/dns',
    ])
    corefile('. {\n forward . 8.8.8.8 {\n force_tcp\n }\n}', ['. log=off @: .>8.8.8.8/dns-tcp'])
    corefile('. {\n forward . tls://9.9.9.9%dns.quad9.net {\n tls_servername dns.quad9.net\n }\n}', [
      '. log=off @: .>9.9.9.9/dot',
    ])
    corefile('. {\n forward . https://dns.example/dns-query\n}', ['. log=off @: .>dns.example/dns-query/doh'])
  })
  test('zones: each label of a block, a forward for some names, a reverse zone', () => {
    corefile('a.example. dns://b.example.:1053 {\n forward . 10.0.0.2\n}', [
      'a.example log=off @: a.example>10.0.0.2/dns',
      'b.example log=off @: b.example>10.0.0.2/dns',
    ])
    corefile('. {\n forward corp.example 10.0.0.2\n forward . 1.1.1.1\n}', [
      '. log=off @: corp.example>10.0.0.2/dns, .>1.1.1.1/dns',
    ])
    corefile('cluster.local:53 {\n kubernetes\n}', ['cluster.local log=off @: '])
  })
  test('logs: on, partial, off', () => {
    corefile('. {\n log\n}', ['. log=on @: '])
    corefile('. {\n log . {\n class all\n }\n}', ['. log=on @: '])
    corefile('. {\n log {\n class denial error\n }\n}', ['. log=partial @: '])
    corefile('. {\n errors\n}', ['. log=off @: '])
  })
  test('snippets count where they are imported', () =>
    corefile('(s) {\n log\n forward . 9.9.9.9\n}\n. {\n import s\n}', ['. log=on @: .>9.9.9.9/dns']))
  test('one that does not parse gives what came before', () =>
    corefile('. {\n log\n}\n}\nx {\n forward . 1.1.1.1\n}', ['. log=on @: ']))
})

// Source: learn.microsoft.com, "Customize CoreDNS for AKS".
describe('AKS', () => {
  const base = '.:53 {\n forward . /etc/resolv.conf\n import custom/*.override\n}\nimport custom/*.server\n'
  test('an override joins the root zone, a server is a zone of its own', () =>
    check(
      {
        coredns: { Corefile: base },
        'coredns-custom': {
          'log.override': 'log',
          'corp.server': 'corp.example:53 {\n forward . 10.9.9.9\n}\n',
          'note.txt': 'forward . 6.6.6.6',
        },
      },
      [
        '. log=on coredns/Corefile: .>/etc/resolv.conf/dns',
        'corp.example log=off coredns-custom/corp.server: corp.example>10.9.9.9/dns',
      ],
    ))
  test('without the import the second map does nothing', () =>
    check({ coredns: { Corefile: '. {\n forward . 1.1.1.1\n}' }, 'coredns-custom': { 'log.override': 'log' } }, [
      '. log=off coredns/Corefile: .>1.1.1.1/dns',
    ]))
})

describe('other resolvers', () => {
  test('NodeLocal DNSCache', () => {
    const [resolver] = resolvers({
      'node-local-dns': { Corefile: '.:53 {\n bind 169.254.20.10\n forward . 10.0.0.10 {\n force_tcp\n }\n}' },
    })
    assert.equal(resolver?.product, 'node-local-dns')
    assert.deepEqual(resolver?.zones[0]?.bind, ['169.254.20.10'])
  })
  test('kube-dns: stub domains and upstreams are JSON, and what is not is nothing', () => {
    check({ 'kube-dns': { stubDomains: '{"corp.example.": ["10.0.0.2:53"]}', upstreamNameservers: '["8.8.8.8"]' } }, [
      'corp.example log=off kube-dns/stubDomains: corp.example>10.0.0.2/dns',
      '. log=off kube-dns/upstreamNameservers: .>8.8.8.8/dns',
    ])
    check({ 'kube-dns': { stubDomains: '{', upstreamNameservers: '{"a":1}' } }, [])
  })
  test('other ConfigMaps are none', () => assert.deepEqual(resolvers({ other: { Corefile: '. {\n log\n}' } }), []))
})
