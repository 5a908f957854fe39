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

const ARN = 'arn:aws:network-firewall:eu-west-1:111111111111:'

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
  'list-functions': 'Functions',
  'describe-services': 'services',
  'describe-tasks': 'tasks',
  'describe-firewall': 'Firewall',
  'describe-vpc-endpoint-association': 'VpcEndpointAssociation',
  'describe-firewall-policy': 'FirewallPolicyResponse',
  'describe-rule-group': 'RuleGroupResponse',
}

/** Calls that print more than one list: all of it. */
const WHOLE: Readonly<Record<string, object>> = {
  'describe-services': { services: [], failures: [] },
  'describe-tasks': { tasks: [], failures: [] },
  'describe-firewall': { Firewall: { FirewallArn: `${ARN}firewall/a`, FirewallPolicyArn: `${ARN}firewall-policy/p` } },
  'describe-vpc-endpoint-association': {
    VpcEndpointAssociation: { VpcEndpointAssociationArn: `${ARN}vpc-endpoint-association/e` },
  },
  'describe-firewall-policy': { FirewallPolicyResponse: { FirewallPolicyArn: `${ARN}firewall-policy/p` } },
  'describe-rule-group': { RuleGroupResponse: { RuleGroupArn: `${ARN}stateful-rulegroup/g` } },
}

/** What is read where somebody saved it, and is not needed. */
const NOT_SAVED: readonly string[] = ['taskDefinition', 'cluster', 'fargateProfile']

/** Ids for calls whose ids are asked for as text. */
const IDS: Readonly<Record<string, string>> = {
  'describe-managed-prefix-lists': 'pl-1\tpl-2',
  'describe-transit-gateway-route-tables': 'tgw-rtb-1',
  'describe-regions': 'eu-west-1\tus-east-1',
  'list-clusters': 'arn:aws:ecs:eu-west-1:111111111111:cluster/shop',
  'list-services': Array.from({ length: 11 }, (_, n) => `arn:aws:ecs:eu-west-1:111111111111:service/shop/s${n}`).join(
    '\t',
  ),
  'list-tasks': 'arn:aws:ecs:eu-west-1:111111111111:task/shop/t1',
  'list-firewalls': `${ARN}firewall/a`,
  'list-vpc-endpoint-associations': `${ARN}vpc-endpoint-association/e`,
  'list-firewall-policies': `${ARN}firewall-policy/p`,
  'list-rule-groups': `${ARN}stateful-rulegroup/g`,
}

/** `refused`: a call that fails. */
const collect = (name: string, regions: readonly string[], refused = 'none') => {
  const home = join(scratch, name)
  const tool = join(scratch, `${name}-bin`)
  spawnSync('mkdir', ['-p', tool])
  const cases = Object.entries(PRINTS).map(([call, key]) => {
    const whole = WHOLE[call] ?? { [key]: LATER_OBJECTS.includes(key) ? {} : [] }
    return `${call}) echo '${JSON.stringify(whole, null, 4)}' ;;`
  })
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
    .flatMap(
      line =>
        line
          .match(/ (ec2|ecs|lambda|network-firewall) ([a-z-]+)/)
          ?.slice(1)
          .join(' ') ?? [],
    )
  return { home, status, stderr, calls: [...new Set(calls)].sort() }
}

describe('what is saved of AWS', () => {
  test('is what is read of it, no more and no less', () => {
    const { status, calls, home } = collect('whole', [])
    assert.equal(status, 0)
    const printed = calls.flatMap(call => PRINTS[call.split(' ')[1] ?? ''] ?? [])
    const wrapped: readonly string[] = Object.values(WRAPPED).flat()
    // Both kinds of prefix lists are printed under one key, and one output has two names in the contract and the tool.
    const named: readonly string[] = COLLECTION_NAMES.filter(
      name => name !== 'ManagedPrefixLists' && !NOT_SAVED.includes(name),
    )
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
    const actions = collect('policy', [])
      .calls.map(call => {
        const [service, name = ''] = call.split(' ')
        return `${service}:${name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`
      })
      .sort()
    assert.deepEqual(policy.Statement[0].Action, actions)
    assert.ok(actions.every(action => /:(?:Describe|Get|List|Search)/.test(action)))
  })

  test('asks for services ten at a time, which is as many as a call takes', () => {
    const { home } = collect('batches', ['eu-west-1'])
    const asked = readFileSync(`${home}.calls`, 'utf8').match(/describe-services .*/g) ?? []
    assert.deepEqual(
      asked.map(line => line.match(/service\/shop\//g)?.length),
      [10, 1],
    )
  })

  test('leaves out what is set for programs', () => {
    const { home } = collect('settings', ['eu-west-1'])
    const asked = readFileSync(`${home}.calls`, 'utf8').match(/(?:list-functions|describe-tasks) .*/g) ?? []
    assert.equal(asked.length, 2)
    for (const call of asked) assert.match(call, /--query \{(?:Functions|tasks): /)
    assert.ok(asked.every(call => !/Environment|overrides|\[\]\.\*|\[\]\}/.test(call)))
  })

  test('names a list that was refused, too', () => {
    const { status, stderr } = collect('unlisted', ['eu-west-1'], 'list-firewalls')
    assert.equal(status, 1)
    assert.match(stderr, /Refused, and so unknown:\n {2}aws network-firewall list-firewalls /)
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
