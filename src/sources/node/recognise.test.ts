import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import fc from 'fast-check'
import { HEAD_BYTES, type NodeFactsFormat, recogniseNodeFacts } from './recognise.ts'

const check = (input: string, expected: NodeFactsFormat | null) => {
  assert.equal(recogniseNodeFacts(input), expected, input.slice(0, 60))
  assert.equal(recogniseNodeFacts(new TextEncoder().encode(input)), expected)
}
const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')

test('every fixture is recognised', () => {
  check(fixture('node-a.facts'), 'stream')
  check(fixture('nat.nft.json'), 'nft-json')
  check(fixture('nat.iptables-save.txt'), 'iptables-save')
  for (const name of ['flows.plain.txt', 'flows.extended.txt', 'flows.proc.txt', 'flows.xml'])
    check(fixture(name), 'conntrack')
})

test('the shapes of each tool', () => {
  check('# postern-node-facts v1 node=n section=ss command=ss\n', 'stream')
  check('Creating debugging pod\n# postern-node-facts v1 node=n end\n', 'stream')
  check('State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n', 'ss')
  check('tcp LISTEN 0      5            0.0.0.0:80   0.0.0.0:*\n', 'ss')
  check('net.ipv4.ip_forward = 1\n', 'sysctl')
  check('abi.vsyscall32 = 1\ndebug.exception-trace = 1\ndev.scsi.logging_level = 0\nfs.aio-max-nr = 65536\n', 'sysctl')
  check('[{"ifindex":1,"ifname":"lo","flags":[]}]', 'ip-addr')
  check('[{},{},{"ifindex":2,"ifname":"eth0"}]', 'ip-addr')
  check('[ {\n  "dst": "default",\n "dev": "eth0",\n "flags": [ ]\n } ]', 'ip-route')
  check('[{"priority":0,"src":"all","table":"local"}]', 'ip-rule')
  check(
    '[1767600000.1]\t [NEW] udp 17 30 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1\n',
    'conntrack',
  )
  check('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n', 'iptables-save')
  check('table inet kube {\n\tchain a {\n', 'nft-text')
  check('1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue\n', 'ip-text')
})

test('Kubernetes documents, cloud output and ordinary logs are something else', () => {
  for (const text of [
    '',
    '   \n',
    'apiVersion: v1\nkind: Pod\n',
    '# a comment\napiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    net.ipv4.ip_forward = 1\n',
    '{"apiVersion":"v1","kind":"List","items":[]}',
    '[{"apiVersion":"v1","kind":"Pod","priority":0,"src":"x","table":"y"}]',
    '[{"type":"A","dst":"x"}]',
    '[{"kind":"x","ifname":"a","ifindex":1}]',
    '[]',
    '{"Vpcs": []}',
    '{"format_version":"1.2","planned_values":{}}',
    'net.ipv4.ip_forward = 1\nspring.datasource.url = jdbc:x\n',
    'user.name = joe\n',
    'dev.url = http://example\n',
    '203.0.113.9 - - [05/Jan/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "src=a dst=b"\n',
    'time=1 src=192.0.2.1 dst=192.0.2.2 action=allow\n',
    '*filter*\nbold markdown\n',
    '# Title\n\n* item\n',
    'tcp LISTEN is what we want\n',
    '<html><body></body></html>',
    '<?xml version="1.0"?><rss></rss>',
    'table of contents {\n',
    'ustar\u0000\u0000',
  ])
    check(text, null)
})

test('the head alone decides, and a line that it cuts is not asked', () => {
  const long = 'net.ipv4.ip_forward = 1\n'.repeat(400)
  assert.ok(long.length > HEAD_BYTES)
  check(`${long}anything else`, 'sysctl')
})

test('any bytes are answered', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), bytes => void recogniseNodeFacts(bytes)))
  fc.assert(fc.property(fc.string({ maxLength: 300 }), text => void recogniseNodeFacts(text)))
})
