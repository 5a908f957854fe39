import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { boundaryWitnesses, firstOf, lastOf, sizeOf, witnessOf } from './address-points.ts'
import { type AddressSet, addresses4, addresses6, addressesOf } from './address-set.ts'
import { cidrsOf, printAddresses, printCidrs, printRanges, readRanges } from './address-text.ts'
import { addressesOfCidrs, bothFamilies } from './addresses.ts'
import { type Address, type AnyCidr, type Cidr, type Family, readAddress, readCidr } from './cidr.ts'
import { assertComplementLaws, assertLaws, assertPointwise } from './testing/laws.ts'

const cidr = (text: string): AnyCidr => {
  const read = readCidr(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value
}

const address = <F extends Family>(text: string): Address<F> => {
  const read = readAddress(text)
  if (read.kind === 'refused') throw new Error(read.why)
  return read.value as Address<F>
}

/** `a,b - c,d`: blocks and exceptions, in one family or both. */
const setOf = (text: string) => {
  const [blocks = '', exceptions = ''] = text.split(' - ')
  const list = (part: string): AnyCidr[] => part.split(',').filter(Boolean).map(cidr)
  return addressesOfCidrs(list(blocks), list(exceptions))
}

const check = (text: string, ranges: readonly string[]): void => assert.deepEqual(printAddresses(setOf(text)), ranges)

describe('by hand', () => {
  test('ranges are inclusive, merged, and in order', () => {
    check('', [])
    check('0.0.0.0/0', ['0.0.0.0-255.255.255.255'])
    check('::/0', ['::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])
    check('10.0.0.0/25,10.0.0.128/25', ['10.0.0.0-10.0.0.255'])
    check('10.0.0.2/32,10.0.0.0/32', ['10.0.0.0', '10.0.0.2'])
    check('10.0.0.0/8,10.1.0.0/16,10.255.255.255/32', ['10.0.0.0-10.255.255.255'])
    check('255.255.255.255/32,255.255.255.254/32', ['255.255.255.254-255.255.255.255'])
    check('fd00::/8,9.9.9.9/32', ['9.9.9.9', 'fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'])
  })
  test('exceptions cut holes in their own family', () => {
    check('0.0.0.0/0 - 10.0.0.0/8', ['0.0.0.0-9.255.255.255', '11.0.0.0-255.255.255.255'])
    check('0.0.0.0/0,::/0 - 169.254.169.254/32', [
      '0.0.0.0-169.254.169.253',
      '169.254.169.255-255.255.255.255',
      '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ])
    check('::/0 - 2000::/3', [
      '::-1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      '4000::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ])
    check('2001:db8::/64 - 2001:db8::ffff:ffff:ffff:ffff/128', ['2001:db8::-2001:db8::ffff:ffff:ffff:fffe'])
    check('2001:db8:0:ffff::/64,2001:db8:1::/64', ['2001:db8:0:ffff::-2001:db8:1:0:ffff:ffff:ffff:ffff'])
  })
  test('fewest blocks', () => {
    const blocks = (text: string): readonly string[] => [...printCidrs(setOf(text).v4), ...printCidrs(setOf(text).v6)]
    assert.deepEqual(blocks('0.0.0.0/0'), ['0.0.0.0/0'])
    assert.deepEqual(blocks('10.0.0.0/30 - 10.0.0.0/32'), ['10.0.0.1/32', '10.0.0.2/31'])
    assert.deepEqual(blocks('::/0 - 8000::/1'), ['::/1'])
    assert.deepEqual(blocks('fc00::/7 - fd00::/8'), ['fc00::/8'])
  })
  test('size', () => {
    assert.equal(sizeOf(addresses4.full), 2n ** 32n)
    assert.equal(sizeOf(addresses6.full), 2n ** 128n)
    assert.equal(sizeOf(setOf('10.0.0.0/8 - 10.0.0.0/32').v4), 2n ** 24n - 1n)
    assert.equal(sizeOf(setOf('ff00::/8').v6), 2n ** 120n)
    assert.equal(sizeOf(addresses6.empty), 0n)
  })
  test('ends, and witnesses on both sides of each boundary', () => {
    const { v4 } = setOf('10.0.0.0/8')
    assert.deepEqual(firstOf(v4), address('10.0.0.0'))
    assert.deepEqual(lastOf(v4), address('10.255.255.255'))
    assert.deepEqual(boundaryWitnesses(v4), [
      { inside: address('10.0.0.0'), outside: address('9.255.255.255') },
      { inside: address('10.255.255.255'), outside: address('11.0.0.0') },
    ])
    assert.deepEqual(boundaryWitnesses(addresses4.full), [])
    assert.deepEqual(boundaryWitnesses(setOf('fe80::/10').v6), [
      { inside: address('fe80::'), outside: address('fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff') },
      { inside: address('febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'), outside: address('fec0::') },
    ])
    assert.equal(firstOf(addresses4.empty), null)
    assert.equal(lastOf(addresses6.empty), null)
    assert.equal(witnessOf(addresses4.empty), null)
    assert.deepEqual(witnessOf(addresses4.full, [address('1.1.1.1')]), address('1.1.1.1'))
    assert.deepEqual(witnessOf(v4, [address('1.1.1.1')]), address('10.0.0.0'))
  })
  test('ranges that are none are refused', () => {
    for (const text of [
      '',
      '10.0.0.2-10.0.0.1',
      '10.0.0.0-::1',
      '::-10.0.0.1',
      '10.0.0.0-10.0.0.1-10.0.0.2',
      '10.1-10.2',
      '::2-::1',
    ])
      assert.equal(readRanges([text]).kind, 'refused', text)
  })
  test('a mapped end of an IPv6 range reads back: what the range is of is plain', () => {
    const { v6 } = setOf('::/90 - ::/96')
    const read = readRanges(printRanges(v6))
    assert.ok(read.kind === 'read' && addresses6.equals(read.value.v6, v6))
  })
})

describe('the family is in the type', () => {
  test('no operation takes one of each', () => {
    const [a, b] = [addresses4.full, addresses6.full]
    // @ts-expect-error an IPv6 set among IPv4 sets
    assert.throws(() => addresses4.union(a, b), TypeError)
    // @ts-expect-error an IPv4 set among IPv6 sets
    assert.throws(() => addresses6.isSubset(a, b), TypeError)
    // @ts-expect-error an IPv6 set is no IPv4 set
    const wrong: AddressSet<4> = b
    assert.equal(wrong.family, 6)
    // @ts-expect-error a block of the other family
    assert.throws(() => addresses4.ofCidrs([cidr('::/0') as Cidr<6>]), TypeError)
    // @ts-expect-error an address of the other family
    assert.equal(typeof addresses4.contains(a, address<6>('::1')), 'boolean')
  })
})

/** Sixteen neighbouring addresses in the middle of a family, or at its end, where the last has no successor. */
const universes = [
  { name: 'a /28', family: 4, base: cidr('10.0.0.240/28') },
  { name: 'the last /28', family: 4, base: cidr('255.255.255.240/28') },
  {
    name: 'four bits of IPv6 whose end carries into the word before',
    family: 6,
    base: cidr('2001:db8:ffff:fff0::/60'),
  },
  { name: 'the last /124', family: 6, base: cidr('ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124') },
] as const

for (const { name, family, base } of universes) {
  const algebra = addressesOf<Family>(family)
  const shift = 32 * base.words.length - base.prefix - 4
  const word = Math.floor((base.prefix + 3) / 32)
  const point = (n: number): Address<Family> => ({
    family,
    words: base.words.map((w, i) => (i === word ? w + n * 2 ** (shift % 32) : w)),
  })
  const points = Array.from({ length: 16 }, (_, n) => point(n))
  const block = fc
    .record({ at: fc.nat(15), bits: fc.nat(4) })
    .map(
      ({ at, bits }) =>
        cidr(`${printable(point((at >>> (4 - bits)) << (4 - bits)))}/${base.prefix + bits}`) as Cidr<Family>,
    )
  const set = fc
    .tuple(fc.array(block, { maxLength: 5 }), fc.array(block, { maxLength: 2 }))
    .map(([blocks, exceptions]) => algebra.ofCidrs(blocks, exceptions))
  const has = (s: AddressSet<Family>, at: Address<Family>): boolean => algebra.contains(s, at)

  describe(`laws in ${name}`, () => {
    test('of every algebra', () => {
      fc.assert(fc.property(set, set, set, (a, b, c) => assertLaws(algebra, a, b, c)))
      fc.assert(fc.property(set, set, (a, b) => assertComplementLaws(algebra, a, b)))
    })
    test('point by point', () => {
      fc.assert(fc.property(set, set, (a, b) => assertPointwise(algebra, points, has, a, b)))
    })
    test('blocks and exceptions, point by point', () => {
      fc.assert(
        fc.property(fc.array(block, { maxLength: 6 }), fc.array(block, { maxLength: 3 }), (blocks, exceptions) => {
          const holds = (list: readonly Cidr<Family>[], n: number): boolean =>
            list.some(c => offsetOf(c) <= n && n < offsetOf(c) + 2 ** (base.prefix + 4 - c.prefix))
          const offsetOf = (c: Cidr<Family>): number =>
            ((c.words[word] as number) - (base.words[word] as number)) / 2 ** (shift % 32)
          const made = algebra.ofCidrs(blocks, exceptions)
          for (const [n, at] of points.entries()) assert.equal(has(made, at), holds(blocks, n) && !holds(exceptions, n))
        }),
      )
    })
    test('one sweep over many is a chain of unions', () => {
      fc.assert(
        fc.property(fc.array(set, { maxLength: 30 }), sets => {
          const chain = sets.reduce((a, b) => algebra.union(a, b), algebra.empty)
          assert.deepEqual(algebra.unionOfMany(sets).bounds, chain.bounds)
          assert.deepEqual(algebra.unionOfMany(sets.toReversed()).bounds, chain.bounds)
        }),
      )
    })
    test('text and blocks read back', () => {
      fc.assert(
        fc.property(set, s => {
          const read = readRanges(printRanges(s))
          assert.ok(read.kind === 'read')
          assert.ok(algebra.equals((family === 4 ? read.value.v4 : read.value.v6) as AddressSet<Family>, s))
          assert.ok(algebra.equals(algebra.ofCidrs(cidrsOf(s)), s))
        }),
      )
    })
    test('witnesses are where they say', () => {
      fc.assert(
        fc.property(set, s => {
          for (const { inside, outside } of boundaryWitnesses(s)) assert.ok(has(s, inside) && !has(s, outside))
          const inside = BigInt(points.filter(at => has(s, at)).length)
          assert.equal(sizeOf(s), inside * 2n ** BigInt(shift))
          const witness = witnessOf(s)
          assert.equal(witness !== null && has(s, witness), !algebra.isEmpty(s))
        }),
      )
    })
  })
}

function printable(at: Address<Family>): string {
  return at.words.length === 1
    ? at.words.flatMap(w => [w >>> 24, (w >>> 16) & 255, (w >>> 8) & 255, w & 255]).join('.')
    : at.words.map(w => `${(w >>> 16).toString(16)}:${(w & 0xffff).toString(16)}`).join(':')
}

test('both families side by side obey the laws', () => {
  const text = fc.constantFrom(
    '10.0.0.0/8',
    '10.1.0.0/16 - 10.1.2.0/24',
    '::/0',
    '0.0.0.0/0,::/0 - 10.0.0.0/8,fd00::/8',
    '',
  )
  fc.assert(fc.property(text, text, text, (a, b, c) => assertLaws(bothFamilies, setOf(a), setOf(b), setOf(c))))
  fc.assert(fc.property(text, text, (a, b) => assertComplementLaws(bothFamilies, setOf(a), setOf(b))))
})

test('many blocks: sorted and merged as a list of numbers would be', () => {
  // Enough bounds that they are sorted by bytes, in both widths.
  fc.assert(
    fc.property(fc.array(fc.nat(4095), { minLength: 40, maxLength: 400 }), numbers => {
      const unique = [...new Set(numbers)].sort((a, b) => a - b)
      const starts = unique.filter((n, i) => n !== (unique[i - 1] ?? -2) + 1)
      const v4 = addresses4.ofCidrs(numbers.map(n => ({ family: 4, words: [n], prefix: 32 })))
      const v6 = addresses6.ofCidrs(numbers.map(n => ({ family: 6, words: [n >>> 8, 0, n & 255, 0], prefix: 96 })))
      assert.deepEqual(
        Array.from(v4.bounds).filter((_, i) => i % 2 === 0),
        starts,
      )
      assert.equal(sizeOf(v4), BigInt(unique.length))
      assert.equal(sizeOf(v6), BigInt(unique.length) << 32n)
    }),
    { numRuns: 30 },
  )
})
