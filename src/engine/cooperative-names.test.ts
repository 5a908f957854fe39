import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MeshDetour, MeshGrant, MeshReason, MeshView } from '../model/mesh.ts'
import { bothFamilies } from '../sets/addresses.ts'
import { type NamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { parseTraffic } from '../sets/parse-traffic.ts'
import type { Traffic } from '../sets/traffic.ts'
import { trafficTable } from '../sets/traffic-table.ts'
import { trafficElements } from '../sets/traffic-text.ts'
import { namePartsOf, rowPartsOf } from './cooperative-names.ts'
import { meshView } from './testing/mesh-view.ts'

const table = trafficTable()
const traffic = (text: string): Traffic => {
  const read = parseTraffic(text)
  assert.ok(read.kind === 'read')
  return read.value
}
const patterns = (...texts: readonly string[]): readonly NamePattern[] =>
  texts.map(text => {
    const read = readNamePattern(text)
    assert.ok(read.kind === 'read')
    return read.value
  })
const BECAUSE: MeshReason = { of: null, at: [], says: 'x' }
const ANYWHERE = bothFamilies.full
const grant = (holds: MeshGrant['holds'], ports: string, ...names: readonly string[]): MeshGrant => ({
  addresses: ANYWHERE,
  traffic: traffic(ports),
  holds,
  names: names.length === 0 ? null : patterns(...names),
  because: BECAUSE,
})
const detour = (id: string, ports: string, ...names: readonly string[]): MeshDetour => ({
  names: patterns(...names),
  traffic: traffic(ports),
  through: { hop: 'egress-gateway', id },
  because: [],
})
const partsOf = (one: MeshView, names: readonly string[], ports: string) =>
  namePartsOf(table, one, ANYWHERE, names, table.idOf(traffic(ports)))
const check = (purpose: string, one: Partial<MeshView>, name: string, ports: string, expected: object): void => {
  test(purpose, () => {
    const told = partsOf(meshView(one), [name], ports).map(({ word, detour: way, traffic: id }) => [
      way?.through.id ?? word,
      trafficElements(table.trafficOf(id))
        .map(element => ('ports' in element ? element.ports : element.protocol))
        .join(),
    ])
    assert.deepEqual(Object.fromEntries(told), expected)
  })
}

const stripe = grant('resolved', '443', 'api.stripe.com')
check('a name that is known passes', { grants: [stripe] }, 'api.stripe.com', '443', { passed: '443' })
check('on its port alone', { grants: [stripe] }, 'api.stripe.com', '80,443', { refused: '80', passed: '443' })
check('another name does not', { grants: [stripe] }, 'a.example.com', '443', { refused: '443' })
check('names of which some are known stay open', { grants: [stripe] }, '*.stripe.com', '443', { open: '443' })
const any = grant('if-named', '443', '**.amazonaws.com')
check('where any address is trusted another name may be said', { grants: [any] }, 'a.example.com', '443', {
  open: '443',
})
check('a grant without names is for all', { grants: [grant('certainly', '443')] }, 'a.example.com', '443', {
  passed: '443',
})
check('UDP is not captured', {}, 'a.example.com', '443/udp', { passed: '443' })
check('nothing is refused where all passes', { otherwise: 'passed' }, 'a.example.com', '443', { passed: '443' })
check('nothing is certain where nobody knows', { otherwise: 'unknown' }, 'a.example.com', '443', { open: '443' })
const gap = { addresses: ANYWHERE, traffic: traffic('443'), doubt: null, because: BECAUSE }
check('what is not captured passes', { gaps: [gap] }, 'a.example.com', '80,443', { refused: '80', passed: '443' })
const gateway = { grants: [stripe], detours: [detour('gw', '443', 'api.stripe.com')] }
check('a gateway takes its port', gateway, 'api.stripe.com', '80,443', { gw: '443', refused: '80' })
check('and none of another name', gateway, 'a.example.com', '443', { refused: '443' })
check('nor what is not captured', { ...gateway, gaps: [gap] }, 'api.stripe.com', '443', { passed: '443' })

test('a row: names that differ in nothing but being known are one, what a gateway takes stands apart', () => {
  const one = meshView({ otherwise: 'unknown', ...gateway })
  const parts = rowPartsOf(table, partsOf(one, ['a.example.com', 'api.stripe.com', 'b.example.com'], '443'))
  assert.deepEqual(
    parts.map(({ patterns: names, word, detour: way }) => [names, way?.through.id ?? word]),
    [
      [['a.example.com', 'b.example.com'], 'open'],
      [['api.stripe.com'], 'gw'],
    ],
  )
})
