import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { loadEstate } from '../src/app/load.ts'
import { COLLECTION_NAMES, LATER_OBJECTS, WRAPPED } from '../src/sources/aws/schema.ts'

// The script runs against a command line that answers as the real one does, and notes what it is asked.

const scratch = mkdtempSync(join(tmpdir(), 'postern-collect-'))
after(() => rmSync(scratch, { recursive: true, force: true }))

/** What each call prints at its top level. Source: the AWS command line reference, output of each command. */
const PRINTS: Readonly<Record<string, string>> = {
  'describe-addresses': 'Addresses',
  'describe-egress-only-internet-gateways': 'EgressOnlyInternetGateways',
  'describe-flow-logs': 'FlowLogs',
  'describe-instances': 'Reservations',
  'describe-internet-gateways': 'InternetGateways',
  'describe-managed-prefix-lists': 'PrefixLists',
  'describe-nat-gateways': 'NatGateways',
  'describe-network-acls': 'NetworkAcls',
  'describe-network-interfaces': 'NetworkInterfaces',
  'describe-prefix-lists': 'PrefixLists',
  'describe-route-tables': 'RouteTables',
  'describe-security-group-rules': 'SecurityGroupRules',
  'describe-security-groups': 'SecurityGroups',
  'describe-subnets': 'Subnets',
  'describe-transit-gateway-attachments': 'TransitGatewayAttachments',
  'describe-transit-gateway-peering-attachments': 'TransitGatewayPeeringAttachments',
  'describe-transit-gateway-policy-tables': 'TransitGatewayPolicyTables',
  'describe-transit-gateway-route-tables': 'TransitGatewayRouteTables',
  'describe-transit-gateway-vpc-attachments': 'TransitGatewayVpcAttachments',
  'describe-transit-gateways': 'TransitGateways',
  'describe-vpc-block-public-access-exclusions': 'VpcBlockPublicAccessExclusions',
  'describe-vpc-block-public-access-options': 'VpcBlockPublicAccessOptions',
  'describe-vpc-endpoints': 'VpcEndpoints',
  'describe-vpc-peering-connections': 'VpcPeeringConnections',
  'describe-vpcs': 'Vpcs',
  'describe-vpn-gateways': 'VpnGateways',
  'get-managed-prefix-list-entries': 'Entries',
  'get-transit-gateway-route-table-associations': 'Associations',
  'get-transit-gateway-route-table-propagations': 'TransitGatewayRouteTablePropagations',
  'search-transit-gateway-routes': 'Routes',
}

/** Ids for calls whose ids are asked for as text. */
const IDS: Readonly<Record<string, string>> = {
  'describe-managed-prefix-lists': 'pl-1\tpl-2',
  'describe-transit-gateway-route-tables': 'tgw-rtb-1',
  'describe-regions': 'eu-west-1\tus-east-1',
}

/** `refused`: a call that fails. */
const collect = (name: string, regions: readonly string[], refused = 'none') => {
  const home = join(scratch, name)
  const tool = join(scratch, `${name}-bin`)
  spawnSync('mkdir', ['-p', tool])
  const cases = Object.entries(PRINTS).map(
    ([call, key]) => `${call}) printf '{\\n    "${key}": ${LATER_OBJECTS.includes(key) ? '{}' : '[]'}\\n}\\n' ;;`,
  )
  const texts = Object.entries(IDS).map(([call, ids]) => `${call}) printf '${ids}\\n' ;;`)
  writeFileSync(
    join(tool, 'aws'),
    `#!/bin/sh
echo "$AWS_REGION $*" >>"${home}.calls"
[ "$1" = sts ] && { echo 111111111111; exit 0; }
[ "$2" = "${refused}" ] && { echo refused >&2; exit 254; }
case "$*" in
*"--output text"*) case "$2" in ${texts.join('\n')} *) exit 252 ;; esac ;;
*"--output json"*) case "$2" in ${cases.join('\n')} *) exit 252 ;; esac ;;
*) exit 252 ;;
esac
`,
  )
  chmodSync(join(tool, 'aws'), 0o755)
  const { status, stderr } = spawnSync('sh', [join(import.meta.dirname, '../deploy/collect-aws'), home, ...regions], {
    env: { PATH: `${tool}:${process.env['PATH'] ?? ''}`, AWS_REGION: '' },
    encoding: 'utf8',
  })
  const calls = readFileSync(`${home}.calls`, 'utf8')
    .split('\n')
    .flatMap(line => line.match(/ec2 ([a-z-]+)/)?.[1] ?? [])
  return { home, status, stderr, calls: [...new Set(calls)].sort() }
}

describe('what is saved of AWS', () => {
  test('is what is read of it, no more and no less', () => {
    const { status, calls, home } = collect('whole', [])
    assert.equal(status, 0)
    const printed = calls.flatMap(call => PRINTS[call] ?? [])
    const wrapped: readonly string[] = Object.values(WRAPPED).flat()
    // Both kinds of prefix lists are printed under one key, and one output has two names in the contract and the tool.
    const named: readonly string[] = COLLECTION_NAMES.filter(name => name !== 'ManagedPrefixLists')
    const read = [...named, ...wrapped.filter(name => name !== 'TransitGatewayRouteTableAssociations')]
    assert.deepEqual([...new Set(printed)].sort(), [...new Set([...read, 'VpcBlockPublicAccessOptions'])].sort())
    assert.deepEqual(readdirSync(join(home, '111111111111')).sort(), ['eu-west-1', 'us-east-1'])
  })

  test('is recognised, every file of it', () => {
    const { home } = collect('known', ['eu-west-1'])
    const { estate } = loadEstate([{ path: home, cluster: null }])
    assert.deepEqual(estate.diagnostics, [])
    assert.equal(estate.coverage.unrecognised, 0)
    const entries = JSON.parse(readFileSync(join(home, '111111111111/eu-west-1/prefix-list-pl-2.json'), 'utf8'))
    assert.deepEqual(entries, { PrefixListId: 'pl-2', Entries: [] })
  })

  test('needs the policy of the page, no more and no less', () => {
    const page = readFileSync(join(import.meta.dirname, 'collect-aws.md'), 'utf8')
    const policy = JSON.parse(page.split('```json\n')[1]?.split('```')[0] ?? '')
    const actions = collect('policy', []).calls.map(
      call => `ec2:${call.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`,
    )
    assert.deepEqual(policy.Statement[0].Action, actions)
    assert.ok(actions.every(action => /^ec2:(?:Describe|Get|Search)/.test(action)))
  })

  test('lacks what was refused, and says so', () => {
    const { status, stderr, home } = collect('refused', ['eu-west-1'], 'describe-network-acls')
    assert.equal(status, 1)
    assert.match(stderr, /Refused, and so unknown:\n {2}aws ec2 describe-network-acls\n/)
    assert.ok(!existsSync(join(home, '111111111111/eu-west-1/network-acls.json')))
    assert.ok(existsSync(join(home, '111111111111/eu-west-1/vpcs.json')))
  })

  test('without a folder it says how it is called', () => {
    const { status, stderr } = spawnSync('sh', [join(import.meta.dirname, '../deploy/collect-aws')], {
      encoding: 'utf8',
    })
    assert.equal(status, 2)
    assert.match(stderr, /deploy\/collect-aws FOLDER/)
  })
})
