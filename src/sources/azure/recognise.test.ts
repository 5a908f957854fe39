import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { isAzureOutput } from './recognise.ts'
import { modelId, readResourceId } from './resource-id.ts'
import { compute, net, own, SUBSCRIPTION } from './testing/reading-of.ts'

const check = (body: JsonObject, expected: boolean): void =>
  assert.equal(isAzureOutput(body), expected, JSON.stringify(body))

test('resources, in whatever case', () => {
  check({ id: net('virtualNetworks/hub') }, true)
  check({ id: net('virtualNetworks/hub').toUpperCase(), properties: {} }, true)
  check({ id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/serviceTags/public`, kind: 'x' }, true)
})

test('what is wrapped, and lists of the API', () => {
  check({ networkInterface: net('networkInterfaces/n'), value: [] }, true)
  check({ virtualNetworkGateway: net('virtualNetworkGateways/g'), value: [] }, true)
  check({ networkInterface: 'n', value: [] }, false)
  check({ value: [{ id: net('natGateways/n') }], nextLink: null }, true)
  check({ data: [{ id: net('natGateways/n') }], count: 1 }, true)
  check({ cloud: 'Public', values: [{ name: 'Storage', properties: { addressPrefixes: [] } }] }, true)
})

test('nothing else', () => {
  check({}, false)
  check({ id: 'x' }, false)
  check({ id: 1 }, false)
  check({ value: [{ id: 'x' }] }, false)
  check({ values: [{ name: 'Storage' }] }, false)
  check({ apiVersion: 'v1', kind: 'Node', id: net('virtualNetworks/hub') }, false)
  check({ kind: 'Node', metadata: {}, id: net('virtualNetworks/hub') }, false)
})

test('ids are of one form, whatever was written', () => {
  const idOf = (text: string): string | null => {
    const read = readResourceId(text)
    return read === null ? null : modelId(read)
  }
  assert.equal(idOf(net('virtualNetworks/Hub/subnets/A')), own('subnet/hub/a'))
  assert.equal(idOf(compute('virtualMachineScaleSets/Pool/virtualMachines/3')), own('vmss/pool/3'))
  assert.equal(idOf(compute('virtualMachines/vm/')), own('vm/vm'))
  assert.equal(idOf(net('virtualNetworks')), null)
  assert.equal(idOf(net('virtualNetworks/a/subnets')), null)
})
