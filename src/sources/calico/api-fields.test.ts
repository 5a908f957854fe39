import assert from 'node:assert/strict'
import { test } from 'node:test'
import { supportPageBeside } from '../testing/support-page.ts'
import {
  API_FIELDS_VERSION,
  GLOBAL_NETWORK_POLICY_FIELDS,
  HOST_ENDPOINT_FIELDS,
  NETWORK_POLICY_FIELDS,
  NETWORK_SET_FIELDS,
  TIER_FIELDS,
} from './api-fields.ts'

const page = supportPageBeside(import.meta.url)

test('every published field stands in the table, and nothing else does', () => {
  page.checkTable('NetworkPolicy, GlobalNetworkPolicy', NETWORK_POLICY_FIELDS)
  page.checkTable('GlobalNetworkPolicy alone', GLOBAL_NETWORK_POLICY_FIELDS)
  page.checkTable('Tier', TIER_FIELDS)
  page.checkTable('NetworkSet, GlobalNetworkSet', NETWORK_SET_FIELDS)
  page.checkTable('HostEndpoint', HOST_ENDPOINT_FIELDS)
})

test('each path once, and the page names the release', () => {
  assert.equal(new Set(NETWORK_POLICY_FIELDS).size, NETWORK_POLICY_FIELDS.length)
  assert.ok(page.text.includes(API_FIELDS_VERSION))
})
