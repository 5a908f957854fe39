import type { Use } from './constructs.ts'
import type { Random } from './random.ts'

type Keys = Readonly<Record<string, readonly string[]>>

/** Labels of pods and network sets, those that Calico adds, and those of the namespace by their long name. */
export const ENDPOINT_KEYS: Keys = {
  app: ['web', 'db', 'api'],
  tier: ['front', 'back'],
  kind: ['partner', 'feed'],
  'projectcalico.org/namespace': ['a', 'b', 'c'],
  'pcns.team': ['x', 'y'],
}
export const NAMESPACE_KEYS: Keys = {
  team: ['x', 'y'],
  env: ['dev', 'prod'],
  'projectcalico.org/name': ['a', 'b', 'c'],
}
export const ACCOUNT_KEYS: Keys = { 'projectcalico.org/name': ['default', 'robot'] }

/** A selector of up to three parts, in Calico's language. */
export const makeCalicoSelector = (random: Random, use: Use<'calico'>, keys: Keys): string => {
  const one = (): string => makePart(random, use, keys)
  switch (random.pick(['one', 'one', 'one', 'one', 'and', 'or', 'not', 'nested'] as const)) {
    case 'one':
      return one()
    case 'and':
      use('selector &&')
      return `${one()} && ${one()}`
    case 'or':
      use('selector ||')
      return `${one()}||${one()}`
    case 'not':
      use('selector !')
      return `!(${one()})`
    case 'nested':
      use('selector in parentheses')
      return `(${one()} || ${one()}) && !${random.percent(50) ? '!' : ''}(${one()})`
  }
}

const makePart = (random: Random, use: Use<'calico'>, keys: Keys): string => {
  const key = random.pick(Object.keys(keys))
  if (key.startsWith('projectcalico.org/')) use('selector with a label of Calico')
  if (key.startsWith('pcns.')) use('selector with a label of the namespace')
  const values = keys[key] ?? []
  const one = random.pick(values)
  const some = random.some(values, 1, 2).map(value => `'${value}'`)
  const kinds = ['all', '==', '==', '==', '!=', 'in', 'not in', 'has', '!has', 'contains', 'starts', 'ends'] as const
  switch (random.pick(kinds)) {
    case 'all':
      use('selector all()')
      return 'all()'
    case '==':
      use('selector ==')
      return random.percent(50) ? `${key} == '${one}'` : `${key}=="${one}"`
    case '!=':
      use('selector !=')
      return `${key} != '${one}'`
    case 'in':
      use('selector in')
      return `${key} in {${some.join(', ')}}`
    case 'not in':
      use('selector not in')
      return `${key} not in { ${some.join(',')} }`
    case 'has':
      use('selector has')
      return `has(${key})`
    case '!has':
      use('selector !has')
      return `! has(${key})`
    case 'contains':
      use('selector contains')
      return `${key} contains '${one.slice(-1)}'`
    case 'starts':
      use('selector starts with')
      return `${key} starts with '${one.slice(0, 1)}'`
    case 'ends':
      use('selector ends with')
      return `${key} ends with '${one.slice(-1)}'`
  }
}
