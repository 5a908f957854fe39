import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JsonObject } from '../../model/json.ts'
import { isAwsOutput } from './recognise.ts'

const check = (body: JsonObject, expected: boolean): void =>
  assert.equal(isAwsOutput(body), expected, JSON.stringify(body))

test('outputs by their top-level key, empty ones too', () => {
  check({ Vpcs: [] }, true)
  check({ Reservations: [{}], NextToken: 'x' }, true)
  check({ Functions: [] }, true)
  check({ VpcBlockPublicAccessOptions: {} }, true)
  check({ VpcEndpointConnections: [{ a: 1 }] }, true)
})

test('words that others use, too, by an ARN', () => {
  check({ services: [], failures: [] }, true)
  check({ services: [{ serviceArn: 'arn:aws:ecs:r:1:service/a/b' }] }, true)
  check({ services: [{ name: 'kong' }] }, false)
  check({ services: { web: {} } }, false)
  check({ tasks: [{ name: 'play' }] }, false)
  check({ cluster: { name: 'a', arn: 'arn:aws:eks:r:1:cluster/a' } }, true)
  check({ cluster: { name: 'a' } }, false)
  check({ Firewall: {}, FirewallStatus: {}, UpdateToken: 'x' }, true)
})

test('wrapped outputs', () => {
  check({ PrefixListId: 'pl-1', Entries: [] }, true)
  check({ TransitGatewayRouteTableId: 'tgw-rtb-1', Routes: [] }, true)
  check({ PrefixListId: 'pl-1' }, false)
})

test('nothing else', () => {
  check({}, false)
  check({ kind: 'List', apiVersion: 'v1', Vpcs: [] }, false)
  check({ Vpcs: 'none' }, false)
  check({ Version: '2012-10-17', Statement: [{}] }, false)
  check({ Statement: [{}] }, false)
  check({ values: [{}] }, false)
  check({ Names: ['a'] }, false)
  check(JSON.parse('{"__proto__": [{}]}') as JsonObject, false)
})
