import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { reach } from '../../src/app/reach.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { caseFolders, readCase } from '../findings/golden-case.ts'
import { loaded, networkPolicy, pod } from './estate.ts'
import { holdsHoweverWritten } from './table.ts'

describe('rows of the golden cases stay however their documents are written', () => {
  for (const id of caseFolders())
    for (const name of ['fires', 'look-alike'] as const) {
      const file = readCase(id, name)
      if (file !== null) test(`${id} ${name}`, () => holdsHoweverWritten(file.text, null))
    }
})

test('no row says that loopback is denied', () => {
  const yaml =
    pod('web', { ip: '10.244.0.5' }) +
    networkPolicy('{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 1}]}]}')
  const options = {
    profile: profileNamed('calico-iptables'),
    compat: null,
    namespaces: [],
    wants: () => true,
    all: true,
  }
  for (const { egress } of reach(loaded({ 'x.yaml': yaml }), options).workloads)
    for (const { to, verdict } of egress ?? [])
      if (to.kind === 'addresses' && verdict === 'denied')
        assert.ok(!to.ranges.some(range => /^(?:127\.|::1(?:-|$))/.test(range)))
})
