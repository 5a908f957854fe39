import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Filter, FilterRule } from '../../model/fabric.ts'
import type { JsonObject } from '../../model/json.ts'
import { printAddresses } from '../../sets/address-text.ts'
import { trafficElements } from '../../sets/traffic-text.ts'
import { readingOf } from './testing/reading-of.ts'

const filterOf = (...bodies: readonly JsonObject[]): Filter => {
  const [filter, ...more] = readingOf(...bodies).fabric.filters
  assert.ok(filter !== undefined && more.length === 0)
  return filter
}
const shown = (rules: readonly FilterRule[]): readonly string[] =>
  rules.map(({ action, peers, traffic }) => {
    const to =
      peers.kind === 'addresses'
        ? printAddresses(peers.addresses).join(',')
        : peers.kind === 'members'
          ? peers.filter
          : '?'
    return `${action} ${to} ${trafficElements(traffic)
      .map(element => Object.values(element).join(' '))
      .join('; ')}`
  })

const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }
const group = (egress: JsonObject[], ingress: JsonObject[] = []): JsonObject => ({
  SecurityGroups: [{ GroupId: 'sg-1', VpcId: 'vpc-1', IpPermissionsEgress: egress, IpPermissions: ingress }],
})
const rule = (id: string, more: JsonObject): JsonObject => ({
  SecurityGroupRuleId: id,
  GroupId: 'sg-1',
  GroupOwnerId: '111122223333',
  IsEgress: true,
  ...HTTPS,
  ...more,
})

describe('security groups', () => {
  test('stateful, and one rule for each of the other ends; a family says nothing of the other', () => {
    const filter = filterOf(
      group([
        {
          ...HTTPS,
          IpRanges: [{ CidrIp: '0.0.0.0/0' }],
          Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
          UserIdGroupPairs: [{ GroupId: 'sg-9', UserId: '444455556666', VpcPeeringConnectionId: 'pcx-1' }],
        },
      ]),
    )
    assert.deepEqual([filter.id, filter.stateful, filter.reads], ['aws:security-group/sg-1', true, 'any'])
    assert.deepEqual(shown(filter.egress), [
      'allow 0.0.0.0-255.255.255.255 TCP 443',
      'allow 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff TCP 443',
      'allow aws:security-group/sg-9 TCP 443',
    ])
    assert.deepEqual([filter.ingress, filter.doubts], [[], []])
    assert.deepEqual(filter.egress[1]?.at, ['SecurityGroups', 0, 'IpPermissionsEgress', 0, 'Ipv6Ranges', 0])
  })
  test('prefix lists, read or not', () => {
    const toList = group([{ ...HTTPS, PrefixListIds: [{ PrefixListId: 'pl-1' }] }])
    assert.deepEqual(shown(filterOf(toList).egress), ['allow ? TCP 443'])
    assert.deepEqual(
      shown(filterOf(toList, { PrefixLists: [{ PrefixListId: 'pl-1', Cidrs: ['192.0.2.0/24'] }] }).egress),
      ['allow 192.0.2.0-192.0.2.255 TCP 443'],
    )
  })
  test('what cannot be read may be anything', () => {
    assert.deepEqual(shown(filterOf(group([{ ...HTTPS, IpRanges: [{ CidrIp: '010.0.0.0/8' }] }])).egress), [
      'allow ? TCP 443',
    ])
    assert.deepEqual(shown(filterOf(group([{ ...HTTPS, ToPort: 'x', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }])).egress), [
      'allow ? TCP 1-65535',
    ])
    assert.equal(filterOf({ SecurityGroups: [{ GroupId: 'sg-1', IpPermissions: [] }] }).doubts.length, 1)
  })
})

describe('security group rules', () => {
  const own = { SecurityGroupRules: [rule('sgr-1', { CidrIpv4: '10.0.0.0/8' })] }
  test('the same rule in both forms counts once', () => {
    const filter = filterOf(group([{ ...HTTPS, IpRanges: [{ CidrIp: '10.0.0.0/8' }] }]), own)
    assert.deepEqual([shown(filter.egress), filter.doubts], [['allow 10.0.0.0-10.255.255.255 TCP 443'], []])
  })
  test('a group that only its rules tell of is not lost', () => {
    const filter = filterOf({
      SecurityGroupRules: [
        ...own.SecurityGroupRules,
        rule('sgr-2', { CidrIpv6: '::/0', IpProtocol: '-1', FromPort: -1, ToPort: -1 }),
        rule('sgr-3', { ReferencedGroupInfo: { GroupId: 'sg-2' }, IsEgress: false }),
      ],
    })
    assert.deepEqual(shown(filter.egress), [
      'allow 10.0.0.0-10.255.255.255 TCP 443',
      'allow ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff TCP 1-65535; UDP 1-65535; SCTP 1-65535; ICMP *; ICMPv6 *; OTHER',
    ])
    assert.deepEqual(shown(filter.ingress), ['allow aws:security-group/sg-2 TCP 443'])
    assert.deepEqual([filter.account, filter.doubts], ['111122223333', []])
  })
  test('a rule that its group does not have makes the group doubtful', () => {
    assert.equal(filterOf(group([]), own).doubts.length, 1)
  })
})

describe('network ACLs', () => {
  const acl = (...Entries: JsonObject[]): JsonObject => ({
    NetworkAcls: [{ NetworkAclId: 'acl-1', VpcId: 'vpc-1', Entries, Associations: [] }],
  })
  const last = { RuleNumber: 32767, Protocol: '-1', RuleAction: 'deny', Egress: true, CidrBlock: '0.0.0.0/0' }
  const ssh = { Protocol: '6', PortRange: { From: 22, To: 22 }, CidrBlock: '10.0.0.0/8', Egress: true }
  test('by number, whatever the order in the document, and not stateful', () => {
    const filter = filterOf(
      acl(
        last,
        { ...ssh, RuleNumber: 200, RuleAction: 'allow' },
        { ...ssh, RuleNumber: 100, RuleAction: 'deny' },
        { ...ssh, RuleNumber: 100, RuleAction: 'allow', Egress: false },
      ),
    )
    assert.deepEqual([filter.stateful, filter.reads, filter.doubts], [false, 'ordered', []])
    assert.deepEqual(shown(filter.egress), [
      'deny 10.0.0.0-10.255.255.255 TCP 22',
      'allow 10.0.0.0-10.255.255.255 TCP 22',
      'deny 0.0.0.0-255.255.255.255 TCP 1-65535; UDP 1-65535; SCTP 1-65535; ICMP *; ICMPv6 *; OTHER',
    ])
    assert.deepEqual(shown(filter.ingress), ['allow 10.0.0.0-10.255.255.255 TCP 22'])
    assert.deepEqual(filter.egress[0]?.at, ['NetworkAcls', 0, 'Entries', 2])
  })
  test('an entry without number, direction or action, or with a number twice, makes it doubtful', () => {
    assert.equal(filterOf(acl({ ...last, RuleNumber: '100' })).doubts.length, 1)
    assert.equal(filterOf(acl({ ...last, Egress: null })).doubts.length, 1)
    assert.equal(filterOf(acl({ ...last, RuleAction: 'Allow' })).doubts.length, 1)
    assert.equal(filterOf(acl(last, last)).doubts.length, 1)
    assert.equal(filterOf({ NetworkAcls: [{ NetworkAclId: 'acl-1' }] }).doubts.length, 1)
  })
  test('whom an entry is about may be unknown', () => {
    assert.deepEqual(shown(filterOf(acl({ ...ssh, RuleNumber: 1, RuleAction: 'deny', CidrBlock: '10/8' })).egress), [
      'deny ? TCP 22',
    ])
  })
})
