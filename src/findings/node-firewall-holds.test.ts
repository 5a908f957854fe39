import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readIptablesSave } from '../sources/node/iptables-save.ts'
import { readNftJson } from '../sources/node/nft-json.ts'
import { firewallMayHold } from './node-firewall-holds.ts'

const ipTables = (...lines: readonly string[]): boolean =>
  firewallMayHold({
    chains: readIptablesSave(
      ['*filter', ':INPUT ACCEPT [0:0]', ':FORWARD DROP [0:0]', ...lines, 'COMMIT', ''].join('\n'),
      'f',
    ).value,
  })

const OPEN = ':OUTPUT ACCEPT [0:0]'

test('what comes in or is forwarded is not what the node sends', () => {
  assert.equal(ipTables(OPEN), false)
  assert.equal(ipTables(OPEN, '-A INPUT -j DROP', '-A FORWARD -j REJECT'), false)
})

test('a chain that drops by default, and a rule that drops', () => {
  assert.equal(ipTables(':OUTPUT DROP [0:0]'), true)
  assert.equal(ipTables(OPEN, '-A OUTPUT -d 10.0.0.0/8 -j REJECT'), true)
  assert.equal(ipTables(OPEN, '-A OUTPUT -d 10.0.0.0/8 -j ACCEPT'), false)
})

test('a rule counts where its packets come by', () => {
  const chain = [OPEN, ':out - [0:0]', ':in - [0:0]', '-A in -j DROP']
  assert.equal(ipTables(...chain, '-A INPUT -j in', '-A OUTPUT -j out'), false)
  assert.equal(ipTables(...chain, '-A OUTPUT -j out', '-A out -g in'), true)
  // Chains that call each other end, too.
  assert.equal(ipTables(...chain, '-A OUTPUT -j out', '-A out -j out'), false)
})

test('what Kubernetes itself drops is no limit', () => {
  const own = [':KUBE-FIREWALL - [0:0]', '-A OUTPUT -j KUBE-FIREWALL', '-A KUBE-FIREWALL ! -s 127.0.0.0/8 -j DROP']
  assert.equal(ipTables(OPEN, ...own), false)
})

test('what nobody can read may be one', () => {
  assert.equal(ipTables(OPEN, '-A OUTPUT -j NFQUEUE --queue-num 1'), true)
})

test('the same in nftables, where translation drops nothing', () => {
  const nft = (type: string, policy: string): boolean =>
    firewallMayHold({
      chains: readNftJson(
        JSON.stringify({
          nftables: [
            { table: { family: 'inet', name: 'f', handle: 1 } },
            {
              chain: { family: 'inet', table: 'f', name: 'out', handle: 1, type, hook: 'output', prio: 0, policy },
            },
          ],
        }),
        'f',
      ).value,
    })
  assert.equal(nft('filter', 'accept'), false)
  assert.equal(nft('filter', 'drop'), true)
  assert.equal(nft('nat', 'accept'), false)
})
