import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reach } from '../../src/app/reach.ts'
import type { ReachResult } from '../../src/model/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { ask, loaded } from './estate.ts'
import { namedBack, VARIATIONS, withOtherNamespaces } from './vary.ts'

/**
 * One line of a table: a question and the verdict that the specification gives it. `denied` and `allowed` stand for
 * enforced ones; another level is written out, as in `allowed not-enforced`. All answers hold for every way to write the
 * documents, so each estate is also read in all of them.
 */
export const check = (
  purpose: string,
  yaml: string,
  from: string,
  to: string,
  expected: string,
  cni: string | null = null,
): void => {
  test(`${purpose}: ${from} to ${to}${cni === null ? '' : ` on ${cni}`} is ${expected}`, () => {
    const answer = ask(yaml, from, to, cni)
    assert.deepEqual(answer.diagnostics, [], 'the documents of the case themselves')
    const level = answer.verdict === 'unknown' || answer.enforcement !== 'enforced' ? ` ${answer.enforcement}` : ''
    const said = expected.includes(' ') ? `${answer.verdict} ${answer.enforcement}` : answer.verdict
    const why = answer.parts.map(part => [part.to, part.verdict, part.enforcement, part.because.map(one => one.says)])
    assert.equal(said, expected, `${answer.verdict}${level}: ${JSON.stringify(why)}`)
    if (answer.verdict === 'unknown') assert.ok(answer.unknowns.length > 0, 'an unknown without a reason')
    holdsHoweverWritten(yaml, cni)
  })
}

const seen = new Set<string>()

/** Compares the rows of an estate over all its variations; each estate is looked at once. */
export const holdsHoweverWritten = (yaml: string, cni: string | null): void => {
  const key = `${cni} ${yaml}`
  if (seen.has(key)) return
  seen.add(key)
  const plain = toldOf({ 'x.yaml': yaml }, cni)
  for (const [name, vary] of Object.entries(VARIATIONS)) assert.equal(toldOf(vary(yaml), cni), plain, name)
  const renamed = namedBack(toldOf({ 'x.yaml': withOtherNamespaces(yaml) }, cni), yaml)
  assert.equal(renamed, plain, 'namespaces under other names')
  // One policy more in between leaves nothing behind.
  toldOf({ 'x.yaml': yaml, 'y.yaml': EXTRA }, cni)
  assert.equal(toldOf({ 'x.yaml': yaml }, cni), plain, 'a policy added and taken away')
}

const EXTRA = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: one-more, namespace: default}
spec: {podSelector: {}, policyTypes: [Egress, Ingress]}
`

/** Every row as text, without the places of documents: what two readings of one estate must agree on. */
const toldOf = (files: Readonly<Record<string, string>>, cni: string | null): string =>
  JSON.stringify(reachOf(files, cni).workloads, (key, value) =>
    key === 'file' || key === 'line' || key === 'class' ? undefined : value,
  )

const reachOf = (files: Readonly<Record<string, string>>, cni: string | null): ReachResult => {
  const profile = cni === null ? null : profileNamed(cni)
  return reach(loaded(files), { profile, compat: null, namespaces: [], wants: () => true, all: true })
}
