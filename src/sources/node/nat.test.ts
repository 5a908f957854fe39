import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import type { FirewallChain, NatEntry } from '../../model/node-firewall.ts'
import { readIptablesSave } from './iptables-save.ts'
import { summariseNat } from './nat.ts'
import { readNftJson } from './nft-json.ts'

const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')

/** The fact without the place where it was read. */
const fact = ({
  hook,
  priority,
  translation,
  when,
  unless,
  sources,
  destinations,
  protocols,
  destinationPorts,
}: NatEntry) => ({
  ...{ hook, priority, translation, unless, sources, destinations, protocols, destinationPorts },
  // iptables prints `-p` before its ports, nftables after the address: the order within a conjunction says nothing.
  when: when.map(match => JSON.stringify(match)).sort(),
})

const check = (chains: readonly FirewallChain[], expected: readonly string[]) => {
  const { entries } = summariseNat(chains)
  const told = entries.map(({ hook, chains: path, translation, destinationPorts }) => {
    const to =
      'targets' in translation
        ? translation.targets
            .map(({ address, ports }) => `${address?.kind === 'prefix' ? address.address : '?'}:${ports?.first ?? '*'}`)
            .join(' or ')
        : translation.kind
    return `${hook} ${path.join('>')} ${destinationPorts?.[0]?.first ?? '*'} => ${to}`
  })
  assert.deepEqual(told, expected)
}

test('one ruleset in both languages gives the same facts', () => {
  const nft = summariseNat(readNftJson(fixture('nat.nft.json'), 'f').value)
  const iptables = summariseNat(readIptablesSave(fixture('nat.iptables-save.txt'), 'f').value)
  assert.equal(nft.entries.length, 4)
  const byPlace = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  assert.deepEqual(nft.entries.map(fact).sort(byPlace), iptables.entries.map(fact).sort(byPlace))
})

test('which sources are masqueraded, as what, and what is taken out before', () => {
  const { entries } = summariseNat(readIptablesSave(fixture('nat.iptables-save.txt'), 'f').value)
  const masquerade = entries.find(({ translation }) => translation.kind === 'masquerade')
  assert.deepEqual(masquerade?.sources, [{ kind: 'prefix', family: 4, address: '192.0.2.0', length: 24 }])
  // The tunnel returns first, and the range above has its own address.
  assert.deepEqual(
    masquerade?.unless.map(conditions => conditions.map(({ kind }) => kind)),
    [['interface'], ['address']],
  )
  const source = entries.find(({ translation }) => translation.kind === 'source')
  assert.deepEqual(source?.sources, [{ kind: 'range', family: 4, first: '192.0.2.7', last: '192.0.2.9' }])
})

test('verdict maps lead to their chains, each with its key', () => {
  check(readNftJson(fixture('service-maps.nft.json'), 'f').value, [
    'prerouting pre>service-web>end-a 443 => 192.0.2.1:8443',
    'prerouting pre>service-web>end-b 443 => 192.0.2.2:8443',
    'prerouting pre>service-dns 53 => 192.0.2.3:5353 or 192.0.2.4:5353',
  ])
})

test('a node port goes through its chains; loops and missing chains end', () => {
  const save = (rules: string) =>
    readIptablesSave(`*nat\n:PREROUTING ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n${rules}COMMIT\n`, 'f', 1, 4).value
  check(
    save('-A PREROUTING -j A\n-A A -p tcp -m tcp --dport 30080 -j B\n-A B -j DNAT --to-destination 192.0.2.1:80\n'),
    ['prerouting PREROUTING>A>B 30080 => 192.0.2.1:80'],
  )
  check(save('-A PREROUTING -j A\n-A A -j B\n-A B -j A\n-A B -j DNAT --to-destination 192.0.2.1:80\n'), [
    'prerouting PREROUTING>A>B * => 192.0.2.1:80',
  ])
  check(save('-A PREROUTING -j C\n-A A -j DNAT --to-destination 192.0.2.1:80\n'), [])
})

test('chains that jump on twice each stop at a limit', () => {
  const chain = (name: string, next: string): string => `-A ${name} -j ${next}\n-A ${name} -j ${next}\n`
  const names = Array.from({ length: 30 }, (_, i) => `C${i}`)
  const rules = names.map((name, i) => chain(name, names[i + 1] ?? 'END')).join('')
  const text = `*nat\n:PREROUTING ACCEPT [0:0]\n:END - [0:0]\n${names.map(name => `:${name} - [0:0]\n`).join('')}-A PREROUTING -j C0\n${rules}-A END -j DNAT --to-destination 192.0.2.1\nCOMMIT\n`
  assert.equal(summariseNat(readIptablesSave(text, 'f', 1, 4).value).complete, false)
})
