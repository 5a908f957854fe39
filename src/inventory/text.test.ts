import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { globMatches } from '../model/glob.ts'
import { familiesOf, isEverySource, placeOf } from './address.ts'
import { whatHostPathGives } from './host-paths.ts'
import { imageName } from './image.ts'

describe('images', () => {
  const check = (reference: string, path: string, tag: string | null): void => {
    const name = imageName(reference)
    assert.deepEqual([name.path, name.tag], [path, tag])
    assert.equal(name.base, path.split('/').at(-1))
  }
  // Source: the distribution reference grammar.
  test('registry, port, tag and digest', () => {
    check('nginx', 'nginx', null)
    check('nginx:1.27', 'nginx', '1.27')
    check('library/nginx', 'library/nginx', null)
    check('registry.example.com/a/b:1', 'a/b', '1')
    check('registry.example.com:5000/a/b', 'a/b', null)
    check('localhost/a', 'a', null)
    check('quay.io/cilium/cilium:v1.18.4@sha256:abcd', 'cilium/cilium', 'v1.18.4')
    check('', '', null)
  })
})

describe('places', () => {
  const check = (address: string, place: string): void => assert.equal(placeOf(address), place)
  test('metadata in either family and by name', () => {
    for (const address of [
      '169.254.169.254',
      '169.254.170.2',
      '168.63.129.16',
      'fd00:ec2::254',
      'FD00:EC2::254',
      '[fd20:ce::254]',
      'metadata.google.internal',
      'instance-data.eu-west-1.compute.internal',
      'metadata.google.internal.',
    ]) {
      check(address, 'metadata')
    }
  })
  test('ranges that never leave, and those that do', () => {
    check('127.0.0.53', 'loopback')
    check('::1', 'loopback')
    check('169.254.20.10', 'link-local')
    check('fe80::1', 'link-local')
    check('10.0.0.1', 'private')
    check('172.31.255.255', 'private')
    check('172.32.0.0', 'public')
    check('192.168.1.1', 'private')
    check('100.64.0.1', 'private')
    check('fd12::1', 'private')
    check('8.8.8.8', 'public')
    check('2001:4860:4860::8888', 'public')
    check('203.0.113.0/24', 'public')
  })
  test('text that readers take differently is no address', () => {
    for (const address of [
      '010.0.0.1',
      '10.1',
      '167772161',
      '1.2.3.4.5',
      '256.1.1.1',
      'dns.example.com',
      '__PILLAR__UPSTREAM__SERVERS__',
    ])
      check(address, 'name')
  })
  test('every source', () => {
    assert.ok(isEverySource('0.0.0.0/0') && isEverySource('::/0'))
    assert.ok(!isEverySource('10.0.0.0/8'))
    assert.deepEqual(familiesOf(['10.0.0.1', '2001:db8::1']), ['IPv4', 'IPv6'])
  })
})

describe('globs', () => {
  const check = (pattern: string, text: string, matches: boolean): void =>
    assert.equal(globMatches(pattern, text), matches, `${pattern} ~ ${text}`)
  test('a star is any run of characters', () => {
    check('*', '', true)
    check('prod-*', 'prod-eu', true)
    check('prod-*', 'test-prod-eu', false)
    check('*-eu-*', 'prod-eu-1', true)
    check('a*a', 'a', false)
    check('a*a', 'aa', true)
    check('*a*b*', 'xaxbx', true)
    check('*b*a', 'ab', false)
    check('PST-N*', 'PST-N001', true)
    check('a.c', 'abc', false)
  })
})

describe('host paths', () => {
  const gives = (path: string, readOnly = false): string | null => whatHostPathGives(path, readOnly)
  test('what is the node', () => {
    for (const path of [
      '/',
      '/var/run/docker.sock',
      '/run/containerd/containerd.sock',
      '/etc/cni/net.d',
      '/proc',
      '/var/lib/kubelet/pods',
      '/var',
      '//etc//',
      '/./root/',
    ])
      assert.ok(gives(path), path)
  })
  test('what is not', () => {
    for (const path of ['/var/log', '/data', '/dev/net/tun', '/etc/localtime', '/procfs', '/etcetera', '/mnt/disks/1'])
      assert.equal(gives(path), null, path)
    assert.equal(gives('/lib/modules', true), null)
    assert.ok(gives('/lib/modules', false))
  })
})
