import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import type { FindingsResult } from '../model/finding.ts'
import { type JunitOptions, renderJunit } from './junit.ts'
import { textOf } from './testing/render.ts'
import {
  emptyFindings,
  finding,
  HOSTILE,
  hostileFindings,
  resultOf,
  sampleFindings,
} from './testing/sample-findings.ts'

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
}

const CHILDREN: Readonly<Record<string, readonly string[]>> = {
  '': ['testsuites'],
  testsuites: ['testsuite'],
  testsuite: ['testcase'],
  testcase: ['failure', 'error', 'skipped', 'system-out'],
}

/** Parses strictly (not well-formed throws) and refuses any element where JUnit has none. */
const parse = (xml: string): Element => {
  const top: Element = { name: '', attributes: {}, children: [] }
  const stack = [top]
  const parser = new SaxesParser()
  parser.on('error', error => {
    throw error
  })
  parser.on('opentag', tag => {
    const parent = stack.at(-1) as Element
    assert.ok(CHILDREN[parent.name]?.includes(tag.name), `\`${tag.name}\` inside \`${parent.name}\``)
    const element = { name: tag.name, attributes: tag.attributes as Record<string, string>, children: [] }
    parent.children.push(element)
    stack.push(element)
  })
  parser.on('closetag', () => stack.pop())
  parser.write(xml).close()
  return top.children[0] as Element
}

const junit = (result: FindingsResult, threshold: JunitOptions['threshold'] = 'high'): Element =>
  parse(textOf(renderJunit(result, { threshold })))

const check = (
  result: FindingsResult,
  threshold: JunitOptions['threshold'],
  expected: Readonly<Record<string, string>>,
): void => {
  const top = junit(result, threshold)
  assert.deepEqual({ ...top.attributes }, { name: 'postern', time: '0', ...expected })
  for (const suite of top.children) {
    assert.equal(Number(suite.attributes['tests']), suite.children.length)
    for (const [attribute, child] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const) {
      const of = suite.children.filter(item => item.children[0]?.name === child).length
      assert.equal(Number(suite.attributes[attribute]), of)
    }
  }
}

// 37 findings (35 open, 2 critical and 2 high among them; 1 accepted, 1 baseline); 1 error, 1 warning, 2 gaps.
describe('JUnit', () => {
  test('high and worse fail', () =>
    check(sampleFindings, 'high', { tests: '41', failures: '4', errors: '1', skipped: '5' }))
  test('low and worse fail', () =>
    check(sampleFindings, 'low', { tests: '41', failures: '35', errors: '1', skipped: '5' }))
  test('nothing fails', () => check(sampleFindings, 'none', { tests: '41', failures: '0', errors: '1', skipped: '5' }))
  test('a clean cluster is one passed case', () =>
    check(emptyFindings, 'high', { tests: '1', failures: '0', errors: '0', skipped: '0' }))

  test('a suite a cluster', () =>
    assert.deepEqual(
      junit(sampleFindings).children.map(suite => suite.attributes['name']),
      ['aks-prod-us', 'eks-prod-eu', 'gke-data', 'input'],
    ))

  test('hostile texts stay text', () => {
    assert.equal(junit(hostileFindings, 'info').children.length, HOSTILE.length + 1)
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE)), name => {
        const suites = junit(
          resultOf([{ ...finding({ rule: 'PST-N001', object: name, why: name }), title: name }], {}),
        ).children
        assert.ok(suites.length > 0)
      }),
      { numRuns: 100 },
    )
  })
})
