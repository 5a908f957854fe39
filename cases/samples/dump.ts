import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { can } from '../../src/app/can.ts'
import { type LoadedEstate, loadEstate } from '../../src/app/load.ts'
import type { Answer } from '../../src/model/answer.ts'
import type { Profile } from '../../src/model/profile.ts'

/** A dump of a real API server, where it is at hand: read once, when the first question comes. */
export interface Dump {
  /** For `test`: why its questions are left out here. */
  readonly skip: string | false
  readonly ask: (from: string, to: string, profile?: Profile | null) => Answer
  /** A test of one verdict, which has reasons, one of them an object whose id ends so. */
  readonly check: (from: string, to: string, verdict: Answer['verdict'], because?: string) => void
}

export const dumpNamed = (name: string): Dump => {
  const path = join(import.meta.dirname, '../../../shared/samples/kubernetes', name)
  const skip = existsSync(path) ? false : 'the samples are not on this machine'
  let loaded: LoadedEstate | null = null
  const ask: Dump['ask'] = (from, to, profile = null) => {
    loaded ??= loadEstate([{ path, cluster: null }])
    return can(loaded, from, to, { profile, compat: null })
  }
  const check: Dump['check'] = (from, to, verdict, because) => {
    test(`${from} to ${to} is ${verdict}`, { skip }, () => {
      const answer = ask(from, to)
      const reasons = answer.stages.flatMap(stage => stage.because)
      assert.equal(answer.verdict, verdict, JSON.stringify(reasons.map(({ object, says }) => [object, says])))
      assert.ok(reasons.length > 0, 'an answer has a reason')
      if (because !== undefined)
        assert.ok(
          reasons.some(({ object }) => object?.endsWith(because)),
          `${because} is no reason among ${reasons.map(({ object }) => object).join(', ')}`,
        )
    })
  }
  return { skip, ask, check }
}
