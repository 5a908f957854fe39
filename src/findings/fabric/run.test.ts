import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Finding } from '../../model/finding.ts'
import { estateOf } from '../../sources/kubernetes/testing/estate-of.ts'
import { fabricFindings } from './run.ts'

/** Two nodes with public addresses in a subnet beside an internet gateway. */
const NETWORK = `
Vpcs: [{ VpcId: vpc-1, CidrBlock: 10.0.0.0/16, OwnerId: "111111111111" }]
---
Subnets: [{ SubnetId: subnet-1, VpcId: vpc-1, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-west-1a }]
---
RouteTables:
  - RouteTableId: rtb-1
    VpcId: vpc-1
    Associations: [{ SubnetId: subnet-1, AssociationState: { State: associated } }]
    Routes: [{ DestinationCidrBlock: 0.0.0.0/0, GatewayId: igw-1, Origin: CreateRoute, State: active }]
---
InternetGateways: [{ InternetGatewayId: igw-1, Attachments: [{ VpcId: vpc-1, State: available }] }]
---
NetworkInterfaces:
${[1, 2]
  .map(
    n => `  - NetworkInterfaceId: eni-${n}
    SubnetId: subnet-1
    SourceDestCheck: true
    Groups: []
    Attachment: { InstanceId: i-${n} }
    TagSet: [{ Key: team, Value: team-${n} }]
    PrivateIpAddresses: [{ PrivateIpAddress: 10.0.1.1${n}, Association: { PublicIp: 203.0.113.1${n} } }]`,
  )
  .join('\n')}
---
apiVersion: v1
kind: Node
metadata: { name: n1 }
spec: { providerID: "aws:///eu-west-1a/i-1" }
status: { addresses: [{ type: InternalIP, address: 10.0.1.11 }] }
---
apiVersion: v1
kind: Node
metadata: { name: n2 }
spec: { providerID: "aws:///eu-west-1a/i-2" }
status: { addresses: [{ type: InternalIP, address: 10.0.1.12 }] }
`

const found = (more = '', baseline: ReadonlySet<string> = new Set(), before = ''): readonly Finding[] =>
  fabricFindings(estateOf({ 'x.yaml': `${before}${NETWORK}${more}` }), {
    now: '2026-06-01T12:00:00Z',
    baseline,
    lineOf: origin => origin.line,
  }).filter(({ id }) => id === 'PST-C001')

const document = (kind: string, name: string, spec: string): string => `---
apiVersion: postern.dev/v1alpha1
kind: ${kind}
metadata: { name: ${name} }
spec: ${spec}
`

test('findings belong to no cluster, and their way begins at the object itself', () => {
  assert.deepEqual(
    found().map(({ cluster, object, owner, witness, path }) => [cluster, object, owner, witness, path[1]?.id]),
    [1, 2].map(n => {
      const id = `aws:network-interface/eni-${n}`
      return ['-', id, null, `10.0.1.1${n} -> 1.1.1.1:443/TCP`, id]
    }),
  )
})

test('nothing is found where there is no network', () => {
  const estate = estateOf({ 'x.yaml': 'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\n' })
  assert.deepEqual(fabricFindings(estate, { now: '2026-06-01', baseline: new Set(), lineOf: () => null }), [])
})

test('tags name an owner where the standard says so, else the environment of the network does', () => {
  const owners = (more: string): readonly (string | null)[] => found(more).map(({ owner }) => owner)
  const environment = document('Environment', 'prod', '{ networks: [vpc-*], owner: team-prod }')
  assert.deepEqual(owners(environment), ['team-prod', 'team-prod'])
  assert.deepEqual(owners(`${document('Standard', 'fleet', '{ ownerLabels: [team] }')}${environment}`), [
    'team-1',
    'team-2',
  ])
  assert.deepEqual(owners(document('Environment', 'prod', '{ networks: [vpc-2], owner: team-prod }')), [null, null])
})

test('an exception names an object by its id, or by the part of it that people write', () => {
  const states = (spec: string): readonly string[] =>
    found(
      document(
        'Exception',
        'bastion',
        `{ findings: [PST-C001], ${spec}, owner: team-a, justification: until the move, expires: "2026-12-31" }`,
      ),
    ).map(({ state }) => state)
  assert.deepEqual(states('objects: ["aws:network-interface/eni-1"]'), ['accepted', 'open'])
  assert.deepEqual(states('objects: [eni-2]'), ['open', 'accepted'])
  assert.deepEqual(states('match: { names: ["eni-*"] }'), ['accepted', 'accepted'])
  assert.deepEqual(states('match: { namespaces: [shop] }'), ['open', 'open'])
})

test('a fingerprint stays when documents move, and a baseline knows it', () => {
  const [first, second] = found()
  assert.notEqual(first?.fingerprint, second?.fingerprint)
  const moved = found('', new Set([first?.fingerprint ?? '']), '# moved\n# down\n---\n')
  assert.deepEqual(
    moved.map(({ fingerprint, state }) => [fingerprint, state]),
    [
      [first?.fingerprint, 'baseline'],
      [second?.fingerprint, 'open'],
    ],
  )
})
