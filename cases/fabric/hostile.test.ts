import { test } from 'node:test'
import fc from 'fast-check'
import { canFromFabric } from '../../src/app/can-fabric.ts'
import { QuestionError } from '../../src/app/target.ts'
import { loaded } from '../reach/estate.ts'
import { base } from './aws.ts'

// Output that somebody cut, edited or made up: bad input is a value, whatever it is and wherever it stands.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** The value with another one somewhere in it, by steps that are taken as far as they lead. */
const withOther = (value: Json, steps: readonly number[], other: Json): Json => {
  const [step, ...rest] = steps
  if (step === undefined || typeof value !== 'object' || value === null) return other
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return other
  if (Array.isArray(value)) return value.map((part, i) => (String(i) === key ? withOther(part, rest, other) : part))
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === key ? withOther(part, rest, other) : part]),
  )
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  fc.constantFrom<Json>(
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '010.0.0.1/8',
    'igw-1',
    'local',
    'constructor',
    '__proto__',
    -1,
    65_536,
    [],
    {},
  ),
)

test('documents with anything anywhere are read and asked without a crash', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 7 }), odd), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom('i-public', 'i-private', 'subnet-plain'),
      fc.constantFrom('0.0.0.0/0', '::/0', '203.0.113.9:443/tcp', 'aws:instance/i-public'),
      (changes, from, to) => {
        const output = changes.reduce<Json>(
          (all, [steps, other]) => withOther(all, steps, other),
          base() as unknown as Json,
        )
        const files = Object.entries(typeof output === 'object' && output !== null ? output : {}).map(
          ([key, list]): [string, string] => [`${key.replaceAll(/\W/g, '')}.json`, JSON.stringify({ [key]: list })],
        )
        const estate = loaded(Object.fromEntries(files))
        try {
          canFromFabric(estate, from, to)
        } catch (error) {
          // A machine that is gone from the documents is no address either.
          if (!(error instanceof QuestionError)) throw error
        }
      },
    ),
    { numRuns: 1500 },
  )
})
