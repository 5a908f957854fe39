import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bothFamilies } from '../sets/addresses.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { estateOf } from '../sources/kubernetes/testing/estate-of.ts'
import { declaredBy } from './declared.ts'
import { declaredTrafficTo } from './split.ts'

/** What entries declare toward `a.example.com`. */
const check = (what: string, entries: readonly string[], expected: readonly string[]): void => {
  test(what, () => {
    const text = `apiVersion: postern.dev/v1alpha1\nkind: EgressIntent\nmetadata: {name: x}\nspec: {from: {namespaces: [a]}, allow: [${entries.join(', ')}]}\n`
    const { intents } = estateOf({ 'x.yaml': text })
    const declarations = intents.intents.flatMap(intent => intent.allow.map(allowance => ({ intent, allowance })))
    const declared = declaredBy(declarations, intents, 'c', bothFamilies.empty)
    const found = trafficElements(declaredTrafficTo(declared, 'a.example.com'))
    assert.deepEqual(
      found.map(one => `${one.protocol} ${'ports' in one ? one.ports : ''}`),
      expected,
    )
  })
}

check('by a name', ['{to: {names: ["*.example.com"]}, ports: [443/TCP]}'], ['TCP 443'])
check('by another name', ['{to: {names: ["**.example.org"]}, ports: [443/TCP]}'], [])
check('by the internet', ['{to: {cidrs: [0.0.0.0/0, "::/0"]}, ports: [443/TCP]}'], ['TCP 443'])
check('by one family of it', ['{to: {cidrs: [0.0.0.0/0]}, ports: [443/TCP]}'], [])
check(
  'by an entry for each family, on the ports that both have',
  ['{to: {cidrs: [0.0.0.0/0]}, ports: ["80,443/TCP"]}', '{to: {cidrs: ["::/0"]}, ports: ["443,8443/TCP"]}'],
  ['TCP 443'],
)
check(
  'by halves of it',
  ['{to: {cidrs: [0.0.0.0/1, "::/0"]}, ports: [443/TCP]}', '{to: {cidrs: [128.0.0.0/1]}, ports: [443/TCP]}'],
  ['TCP 443'],
)
check('by a half of it', ['{to: {cidrs: [0.0.0.0/1, "::/0"]}, ports: [443/TCP]}'], [])
