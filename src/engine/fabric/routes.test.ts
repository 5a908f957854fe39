import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Route, RouteTable } from '../../model/fabric.ts'
import { addresses4 } from '../../sets/address-set.ts'
import { readCidr } from '../../sets/cidr.ts'
import { partitionOf } from './routes.ts'

const tableOf = (routes: readonly Route[]): RouteTable => ({
  id: 't',
  name: null,
  account: null,
  region: null,
  origin: { file: 'x', source: 0, start: 0, end: 0, line: 1, format: 'json', item: null },
  at: [],
  network: null,
  routes,
})

const cidr = (text: string) => {
  const read = readCidr(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

// Sixteen addresses, and blocks of them: few enough to ask for each address by itself.
const route = fc.record({
  at: fc.integer({ min: 0, max: 15 }),
  bits: fc.integer({ min: 0, max: 4 }),
  by: fc.constantFrom('local', 'static', 'prefix-list', 'propagated'),
  rank: fc.integer({ min: 0, max: 3 }),
  to: fc.constantFrom('a', 'b', 'c'),
})

test('a table takes each address as somebody would who looks through all of its routes', () => {
  fc.assert(
    fc.property(fc.array(route, { maxLength: 12 }), drawn => {
      const routes = drawn.map(
        ({
          at,
          bits,
          by,
          rank,
          to,
        }): Route & { readonly bits: number; readonly first: number; readonly to: string } => {
          const first = at - (at % 2 ** (4 - bits))
          const destination = cidr(`10.0.0.${first}/${28 + bits}`)
          return { destination, by, rank, next: { kind: 'gateway', id: to }, at: [], bits, first, to }
        },
      )
      const local = routes.filter(one => one.by === 'local')
      const within = (one: (typeof routes)[number], n: number): boolean =>
        n >= one.first && n < one.first + 2 ** (4 - one.bits)
      // Where the network itself is, what is propagated never counts.
      const isLocal = (n: number): boolean => local.some(one => within(one, n))
      const parts = partitionOf(tableOf(routes), 4)
      for (let n = 0; n < 16; n++) {
        const taking = routes.filter(one => within(one, n) && !(one.by === 'propagated' && isLocal(n)))
        const longest = Math.max(...taking.map(one => one.bits))
        const long = taking.filter(one => one.bits === longest)
        const best = long.filter(one => one.rank === Math.min(...long.map(({ rank }) => rank)))
        const found = parts.filter(part => addresses4.contains(part.addresses, cidr(`10.0.0.${n}/32`) as never))
        assert.equal(found.length, 1)
        assert.equal(found[0]?.route ?? null, best[0] ?? null)
        // Those that lead elsewhere with the same right are told, too.
        const elsewhere = best.slice(1).filter(one => one.to !== best[0]?.to)
        assert.deepEqual(found[0]?.others, elsewhere)
      }
      assert.deepEqual(addresses4.full, parts.map(part => part.addresses).reduce(addresses4.union, addresses4.empty))
    }),
  )
})

test('the families are apart', () => {
  const both = tableOf([
    { destination: cidr('0.0.0.0/0'), by: 'static', rank: 0, next: { kind: 'gateway', id: 'a' }, at: [] },
  ])
  assert.deepEqual(
    partitionOf(both, 6).map(part => part.route),
    [null],
  )
  assert.equal(partitionOf(both, 4).length, 1)
})
