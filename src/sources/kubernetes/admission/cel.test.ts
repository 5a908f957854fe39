import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CelFact, celHolds } from './cel.ts'

const POD = new Map<string, CelFact>([
  ['request.operation', 'CREATE'],
  ['object.spec.hostNetwork', true],
])
const SERVICE = new Map<string, CelFact>([
  ['object.spec.type', 'NodePort'],
  ['object.spec.externalIPs', ['203.0.113.1']],
])

const check = (
  expression: string,
  expected: boolean | null,
  facts: ReadonlyMap<string, CelFact> = POD,
  variables: Readonly<Record<string, string>> = {},
): void => assert.equal(celHolds(expression, facts, new Map(Object.entries(variables))), expected, expression)

// A pod on the host network; of everything else in it nothing is known. Worked out by hand.
test('the ways in which people forbid the host network', () => {
  for (const expression of [
    '!has(object.spec.hostNetwork) || !object.spec.hostNetwork',
    '!has(object.spec.hostNetwork) || object.spec.hostNetwork == false',
    '!object.spec.?hostNetwork.orValue(false)',
    'object.spec.?hostNetwork.orValue(false) != true',
    'has(object.spec.hostNetwork) ? !object.spec.hostNetwork : true',
    '!(has(object.spec.hostNetwork) && object.spec.hostNetwork)',
    '!object.spec.hostNetwork && object.spec.containers.all(c, !has(c.ports) || c.ports.size() < 3)',
    'request.operation != "CREATE" || !object.spec.hostNetwork',
  ])
    check(expression, false)
})

test('what else decides makes it unknown', () => {
  check("!object.spec.hostNetwork || 'reviewed' in object.metadata.annotations", null)
  check('!object.spec.hostNetwork || request.userInfo.username == "admin"', null)
  check('!object.spec.hostNetwork || params.allow', null)
  check('!object.spec.template.spec.hostNetwork', null)
  check('object.spec.containers.all(c, !c.securityContext.privileged)', null)
  check('namespaceObject.metadata.name == "x" || !object.spec.hostNetwork', null)
})

test('what lets it pass is true', () => {
  check('has(object.spec.hostNetwork)', true)
  check("object.spec.hostNetwork == true || object.metadata.name == 'x'", true)
  check('request.operation in ["CREATE", "UPDATE"]', true)
})

test('variables are what they stand for, and one that stands for itself stands for nothing', () => {
  check('!variables.spec.hostNetwork', false, POD, { spec: 'object.spec' })
  check('!variables.on', false, POD, { on: 'variables.spec.hostNetwork', spec: 'object.spec' })
  check('!variables.a', null, POD, { a: 'variables.b', b: 'variables.a' })
  check('!variables.absent', null)
})

test('Services: types, lists and sizes', () => {
  check("object.spec.type != 'NodePort'", false, SERVICE)
  check("object.spec.type == 'ClusterIP'", false, SERVICE)
  check("object.spec.type in ['ClusterIP', 'ExternalName']", false, SERVICE)
  check("!(object.spec.type in ['NodePort', 'LoadBalancer'])", false, SERVICE)
  check("object.spec.type != 'LoadBalancer'", true, SERVICE)
  check('!has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0', false, SERVICE)
  check('object.spec.?externalIPs.orValue([]).size() == 0', false, SERVICE)
  check('object.spec.externalIPs == []', false, SERVICE)
  check("object.spec.type != 'NodePort' || object.metadata.labels.?reviewed.orValue('') == 'yes'", null, SERVICE)
})

test('what cannot be read is unknown, however long or deep', () => {
  for (const expression of [
    '',
    '(',
    '!',
    'a..b',
    'a ? b',
    "'open",
    '{"a": 1}',
    'object.spec.hostNetwork false',
    ')',
    '[1,',
  ])
    check(expression, null)
  check(`${'!'.repeat(3000)}object.spec.hostNetwork`, null)
  check(`${'('.repeat(500)}true${')'.repeat(500)}`, null)
  check(`${'true && '.repeat(2000)}true`, null)
})

test('no text makes it throw', () => {
  const word = fc.constantFrom(
    'object',
    '.',
    'spec',
    'hostNetwork',
    '(',
    ')',
    '!',
    '&&',
    '||',
    '==',
    'in',
    '[',
    ']',
    '?',
    ':',
    '"a"',
    'has',
    'true',
    '.?',
    ',',
    '1',
    'variables',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), words => {
      assert.ok([true, false, null].includes(celHolds(words.join(' '), POD, new Map([['spec', words.join('')]]))))
    }),
  )
})
