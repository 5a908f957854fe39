import type { Use } from './constructs.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

/** Blocks over pods, nodes and outside, nested in one another, so that packets fall on both sides of their ends. */
export const BLOCKS = [
  '0.0.0.0/0',
  '128.0.0.0/1',
  '10.0.0.0/8',
  '10.0.0.0/29',
  '10.0.0.4/30',
  '192.168.0.0/24',
  '192.168.0.12/32',
  '192.0.2.0/24',
  '192.0.2.64/26',
  '192.0.2.72/30',
  '198.51.100.7/32',
  '169.254.0.0/16',
  '169.254.169.254/32',
  '::/0',
  '8000::/1',
  'fd00:a::/64',
  'fd00:a::4/126',
  'fd00:1::/112',
  '2001:db8::/32',
  '2001:db8:0:1::/64',
  'fd00:ec2::254/128',
] as const

/** A block and blocks inside it. */
export const HOLES: readonly (readonly [string, readonly string[]])[] = [
  ['0.0.0.0/0', ['10.0.0.0/8', '169.254.169.254/32', '192.168.0.0/24']],
  ['10.0.0.0/8', ['10.0.0.0/29']],
  ['10.0.0.0/29', ['10.0.0.4/30']],
  ['192.0.2.0/24', ['192.0.2.64/26', '192.0.2.0/30']],
  ['::/0', ['fd00:ec2::254/128', 'fd00:a::/64']],
  ['2001:db8::/32', ['2001:db8:0:1::/64']],
]

/** The same blocks, written with host bits, upper case or all their zeros. */
export const ODD_BLOCKS = ['192.0.2.77/24', '10.0.0.5/30', '2001:DB8:0:1:0:0:0:5/64'] as const

/** Text that parsers read differently. */
export const UNREADABLE_BLOCKS = ['010.0.0.0/8', '::ffff:192.0.2.0/120', '192.0.2/24'] as const

export const NAMES = ['example.com', 'www.example.com', 'api.example.com', 'a.b.example.com', 'other.test'] as const

export const PORTS = [53, 80, 443, 8080, 3868] as const
export const RANGES = [
  [1, 1024],
  [8000, 8080],
  [80, 81],
  [30000, 65535],
] as const

export type Keys = Readonly<Record<string, readonly string[]>>

export const POD_KEYS: Keys = { app: ['web', 'db', 'api'], tier: ['front', 'back'] }
export const NAMESPACE_KEYS: Keys = {
  team: ['x', 'y'],
  env: ['dev', 'prod'],
  'kubernetes.io/metadata.name': ['a', 'b', 'c'],
}
export const NODE_KEYS: Keys = { pool: ['main', 'edge'] }

/** A label selector over a few keys; `positive`: only requirements that need the key to be there. */
export const makeSelector = (random: Random, use: Use<'estate'>, keys: Keys, positive = false): Json => {
  const key = random.pick(Object.keys(keys))
  const values = keys[key] ?? []
  const one = random.pick(values)
  switch (random.pick(['empty', 'labels', 'labels', 'In', 'NotIn', 'Exists', 'DoesNotExist', 'two'] as const)) {
    case 'empty':
      use('selector empty')
      return {}
    case 'labels':
      use('selector matchLabels')
      return { matchLabels: { [key]: one } }
    case 'In':
      use('selector In')
      return { matchExpressions: [{ key, operator: 'In', values: random.some(values, 1, 2) }] }
    case 'NotIn':
      if (positive) return { matchLabels: { [key]: one } }
      use('selector NotIn')
      return { matchExpressions: [{ key, operator: 'NotIn', values: random.some(values, 1, 2) }] }
    case 'Exists':
      use('selector Exists')
      return { matchExpressions: [{ key, operator: 'Exists' }] }
    case 'DoesNotExist':
      if (positive) return { matchLabels: { [key]: one } }
      use('selector DoesNotExist')
      return { matchExpressions: [{ key, operator: 'DoesNotExist' }] }
    case 'two':
      use('selector of two kinds')
      return {
        matchLabels: { [key]: one },
        matchExpressions: [{ key: random.pick(Object.keys(keys)), operator: 'Exists' }],
      }
  }
}
