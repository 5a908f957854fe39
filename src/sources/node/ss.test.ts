import assert from 'node:assert/strict'
import test from 'node:test'
import { readSs } from './ss.ts'

const check = (input: string, expected: readonly string[], troubles = 0) => {
  const { value, diagnostics } = readSs(input, 'ss.txt')
  const told = value.map(
    ({ protocol, families, address, device, port, processes }) =>
      `${protocol} ${families.join('+')} ${address ?? 'any'}${device === null ? '' : `%${device}`} ${port ?? '*'}${processes.map(({ name, pid }) => ` ${name}:${pid}`).join('')}`,
  )
  assert.deepEqual(told, expected)
  assert.equal(diagnostics.length, troubles)
}

const HEADER = 'Netid State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n'

test('wildcards of one family and of both', () => {
  check(`${HEADER}tcp   LISTEN 0      128     0.0.0.0:80      0.0.0.0:*\n`, ['tcp 4 any 80'])
  check(`${HEADER}tcp   LISTEN 0      128        [::]:80         [::]:*\n`, ['tcp 6 any 80'])
  check(`${HEADER}tcp   LISTEN 0      128           *:80            *:*\n`, ['tcp 4+6 any 80'])
  check('udp   UNCONN 0 0 :::53 :::*\nudp   UNCONN 0 0 *:53 *:*\n', ['udp 4+6 any 53', 'udp 4 any 53'])
})

test('bound addresses, devices and zones', () => {
  check('udp UNCONN 0      0  127.0.0.53%lo:53  0.0.0.0:*\n', ['udp 4 127.0.0.53%lo 53'])
  check('udp UNCONN 0      0  0.0.0.0%eth0:68  0.0.0.0:*\n', ['udp 4 any%eth0 68'])
  check('udp UNCONN 0      0  [fe80::1]%eth0:546  [::]:*\n', ['udp 6 fe80::1%eth0 546'])
  check('tcp LISTEN 0      0  [::ffff:192.0.2.1]:80  *:*\n', ['tcp 4 ::ffff:192.0.2.1 80'])
})

test('processes, of which a name may hold anything', () => {
  check('tcp LISTEN 0 5 192.0.2.1:80 0.0.0.0:* users:(("a b",pid=7,fd=6),("a b",pid=8,fd=6))\n', [
    'tcp 4 192.0.2.1 80 a b:7 a b:8',
  ])
  check('tcp LISTEN 0 5 192.0.2.1:80 0.0.0.0:* users:(("\u001b[31m",pid=7,fd=6))\n', [
    'tcp 4 192.0.2.1 80 \u001b[31m:7',
  ])
  check('tcp LISTEN 0 5 192.0.2.1:80 0.0.0.0:* users:(("x",pid=7,fd=6)) ino:1 sk:1 cgroup:/ <->\n', [
    'tcp 4 192.0.2.1 80 x:7',
  ])
})

test('other sockets and connections are no listeners', () => {
  check('u_str LISTEN 0      1      @x 24029            * 0    users:(("p",pid=1,fd=1))\n', [])
  check('nl    UNCONN 0      0     4:4275              *\n', [])
  check('tcp   ESTAB  0      0     192.0.2.1:80   192.0.2.2:4000 \n\t cubic rto:200\n', [])
})

test('a table without a protocol column is partly understood', () => {
  const { value, notes } = readSs(
    'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nLISTEN 0 5 0.0.0.0:80 0.0.0.0:*\n',
    'ss.txt',
  )
  assert.equal(value[0]?.protocol, null)
  assert.deepEqual(
    notes.map(note => note.state),
    ['partly'],
  )
})

test('a malformed row is refused with its line, the rest is kept', () => {
  check(
    `${HEADER}garbage\ntcp LISTEN 0 5 192.0.2.1:80 0.0.0.0:*\ntcp LISTEN 0 5 localhost:http 0.0.0.0:*\n`,
    ['tcp 4 192.0.2.1 80'],
    2,
  )
  assert.deepEqual(readSs(`${HEADER}garbage\n`, 'ss.txt').diagnostics[0]?.line, 2)
  assert.equal(readSs('x', 'ss.txt', 41).diagnostics[0]?.line, 41)
})
