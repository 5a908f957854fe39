import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import fc from 'fast-check'
import type { FindingsResult } from '../model/finding.ts'
import { at, type Json, list, text } from '../model/json.ts'
import { renderSarif } from './sarif.ts'
import { fileUri } from './sarif-uri.ts'
import { textOf } from './testing/render.ts'
import {
  emptyFindings,
  finding,
  hostileFindings,
  resultOf,
  sampleFindings,
  sampleRules,
} from './testing/sample-findings.ts'

// The schema is draft 4; its two differences from draft 7 that occur in it are its own `id` and `$schema`.
const {
  id: _id,
  $schema: _schema,
  ...schema
} = JSON.parse(
  readFileSync(fileURLToPath(import.meta.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json')), 'utf8'),
) as Record<string, unknown>
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false })
formats.default(ajv)
const validate = ajv.compile(schema)

const sarif = (result: FindingsResult, filePrefix = ''): Json =>
  JSON.parse(textOf(renderSarif(result, sampleRules, { version: '1.2.3', filePrefix }))) as Json

const run = (log: Json): Json => list(at(log, 'runs'))[0] ?? null
const resultsIn = (log: Json): readonly Json[] => list(at(run(log), 'results'))

const check = (result: FindingsResult): void => {
  const log = sarif(result)
  assert.ok(validate(log), JSON.stringify(validate.errors, null, 2))
  assert.equal(resultsIn(log).length, result.findings.length)
}

describe('SARIF', () => {
  test('valid for a fleet', () => check(sampleFindings))
  test('valid without findings', () => check(emptyFindings))
  test('valid for hostile texts', () => check(hostileFindings))
  test('the schema would notice', () => assert.equal(validate({ version: '2.1.0', runs: [{ results: [] }] }), false))

  test('a result points to its rule, file, line, object and fingerprint', () => {
    const log = sarif(sampleFindings, 'examples/estate/')
    const [first] = resultsIn(log)
    const rules = list(at(run(log), 'tool', 'driver', 'rules'))
    assert.equal(text(at(first, 'ruleId')), 'PST-N001')
    assert.equal(text(at(rules[at(first, 'ruleIndex') as number], 'id')), 'PST-N001')
    assert.equal(text(at(first, 'level')), 'error')
    const [location] = list(at(first, 'locations'))
    assert.deepEqual(at(location, 'physicalLocation'), {
      artifactLocation: { uri: 'examples/estate/clusters/eks-prod-eu/card-tokeniser.yaml' },
      region: { startLine: 12 },
    })
    assert.equal(
      text(at(list(at(location, 'logicalLocations'))[0], 'fullyQualifiedName')),
      'eks-prod-eu/payments/Deployment/card-tokeniser',
    )
    assert.equal(text(at(first, 'partialFingerprints', 'postern/v1')), sampleFindings.findings[0]?.fingerprint)
    assert.equal(text(at(rules[0], 'properties', 'security-severity')), '9.5')
    assert.equal(text(at(rules[0], 'name')), 'OrdinaryWorkloadOnTheHostNetwork')
  })

  test('accepted and known findings are suppressed, open ones are not', () => {
    const log = sarif(sampleFindings)
    for (const [i, item] of resultsIn(log).entries()) {
      assert.equal(list(at(item, 'suppressions')).length, sampleFindings.findings[i]?.state === 'open' ? 0 : 1)
    }
  })

  test('trouble with the input and gaps are notifications', () => {
    const [invocation] = list(at(run(sarif(sampleFindings)), 'invocations'))
    assert.equal(at(invocation, 'executionSuccessful'), false)
    assert.equal(list(at(invocation, 'toolExecutionNotifications')).length, 4)
  })

  test('an id that the catalogue does not know still has a rule', () => {
    const result = resultOf([{ ...finding({ rule: 'PST-N001', object: 'c/n/Pod/a' }), id: 'PST-Z999' }], { c: 1 })
    check(result)
    assert.equal(at(resultsIn(sarif(result))[0], 'ruleIndex'), sampleRules.length)
  })
})

describe('a file as a URI', () => {
  const checkUri = (file: string, expected: string): void => assert.equal(fileUri(file), expected)
  test('a plain path stays', () => checkUri('clusters/a/b.yaml', 'clusters/a/b.yaml'))
  test('blanks and other scripts are encoded', () => checkUri('a b/ü.yaml', 'a%20b/%C3%BC.yaml'))
  test('a live read is relative, not a scheme', () => checkUri('live:prod', 'live%3Aprod'))
  test('any file reads back', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), file => {
        const uri = fileUri(file)
        assert.match(uri, /^[A-Za-z0-9\-._~%/]*$/)
        assert.equal(decodeURIComponent(uri), file.toWellFormed())
      }),
    ))
})
