import assert from 'node:assert/strict'
import { test } from 'node:test'
import { supportPageBeside } from '../testing/support-page.ts'
import { API_FIELDS_VERSION, CIDR_GROUP_FIELDS, EGRESS_GATEWAY_FIELDS, POLICY_FIELDS } from './api-fields.ts'

const page = supportPageBeside(import.meta.url)

test('every published field stands in the table, and nothing else does', () => {
  page.checkTable('CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy', POLICY_FIELDS)
  page.checkTable('CiliumCIDRGroup', CIDR_GROUP_FIELDS)
  page.checkTable('CiliumEgressGatewayPolicy', EGRESS_GATEWAY_FIELDS)
})

test('each path once, and the page names the release', () => {
  assert.equal(new Set(POLICY_FIELDS).size, POLICY_FIELDS.length)
  assert.ok(page.text.includes(API_FIELDS_VERSION))
})
