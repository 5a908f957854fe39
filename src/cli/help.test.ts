import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROFILES } from '../profiles/profiles.ts'
import { HELP, helpOf } from './help.ts'

const VERBS = ['scan', 'inventory', 'reach', 'can', 'diff', 'snapshot', 'explain']

test('every verb has a page, and every page fits 80 columns', () => {
  for (const verb of VERBS) {
    assert.match(HELP, new RegExp(`^ {2}${verb} `, 'm'))
    assert.match(helpOf(verb), new RegExp(`^Usage: postern ${verb}`))
  }
  for (const page of [HELP, ...VERBS.map(helpOf)])
    for (const line of page.split('\n')) assert.ok(line.length <= 80, line)
})

test('what --cni takes is every profile there is', () => {
  for (const verb of ['reach', 'can']) {
    const [, list = ''] = helpOf(verb).split('PROFILE is one of\n')
    assert.deepEqual(list.trim().split(/,\s+/), [...PROFILES.keys()])
  }
})
