import assert from 'node:assert/strict'
import test from 'node:test'
import { readSysctl } from './sysctl.ts'

const check = (input: string, expected: readonly string[]) =>
  assert.deepEqual(
    readSysctl(input, 'f').value.map(
      found => `${found.origin.line} ${found.setting} ${found.interface} ${found.value}`,
    ),
    expected,
  )

test('only the settings that decide egress are kept, with their interface', () => {
  check('net.ipv4.ip_forward = 1\nkernel.hostname = x\nnet.ipv4.tcp_rmem = 1 2 3\n', ['1 net.ipv4.ip_forward null 1'])
  check('net.ipv4.conf.all.rp_filter = 2\n', ['1 net.ipv4.conf.*.rp_filter all 2'])
  check('net.ipv4.conf.eth0/100.rp_filter = 0\n', ['1 net.ipv4.conf.*.rp_filter eth0.100 0'])
  check('net.ipv6.conf.eth0.accept_ra_defrtr=1\n', ['1 net.ipv6.conf.*.accept_ra_defrtr eth0 1'])
  check('net.ipv4.ip_local_port_range = 32768\t60999\n', ['1 net.ipv4.ip_local_port_range null 32768\t60999'])
  check('net.ipv6.conf.eth0.stable_secret = ::1\n', [])
})

test('a setting that could not be read is not absent in silence', () => {
  const text =
    'sysctl: permission denied on key \'net.ipv4.ip_forward\'\nsysctl: reading key "net.ipv6.conf.all.stable_secret"\n'
  const { notes, value } = readSysctl(text, 'f')
  assert.deepEqual(value, [])
  assert.deepEqual(
    notes.map(note => [note.state, note.line]),
    [['partly', 1]],
  )
})

test('contradictions and broken lines are told', () => {
  const { diagnostics } = readSysctl('net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward = 0\nwhat\n', 'f')
  assert.deepEqual(
    diagnostics.map(({ severity, line }) => [severity, line]),
    [
      ['warning', 2],
      ['error', 3],
    ],
  )
})

test('a key that JavaScript knows is only a key', () => {
  check('net.ipv4.conf.__proto__.rp_filter = 1\n', ['1 net.ipv4.conf.*.rp_filter __proto__ 1'])
})
