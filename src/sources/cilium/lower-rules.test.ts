import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Json } from '../../model/json.ts'
import { pathText } from '../../model/provenance.ts'
import type { CiliumContext } from './context.ts'
import { lines, lower, only, placesOf, selectorText, settings } from './testing/lowered.ts'

const CLUSTERWIDE = 'CiliumClusterwideNetworkPolicy'

/** The lines that the egress of a namespaced policy has. */
const egress = (rules: Json, expected: readonly string[], context: Partial<CiliumContext> = {}): void => {
  const policy = only({ spec: { endpointSelector: {}, egress: rules } }, context)
  assert.equal(policy.inert, null)
  assert.deepEqual(lines(policy), expected)
}

const isolation = (spec: Record<string, Json>, expected: readonly [boolean, boolean], context = {}): void => {
  const policy = only({ spec: { endpointSelector: {}, ...spec } }, context)
  assert.deepEqual([policy.egress.isolates, policy.ingress.isolates], expected)
}

// Source: docs.cilium.io, "Policy Enforcement Modes".
test('a section with a rule of either kind closes its direction', () => {
  isolation({ egress: [{}] }, [true, false])
  isolation({ egress: [], ingress: [{}] }, [false, true])
  isolation({ egressDeny: [{}] }, [true, false])
  isolation({ egress: [{}], ingress: [{}], enableDefaultDeny: { egress: false } }, [false, true])
  isolation({ egress: [{}], enableDefaultDeny: { ingress: false } }, [true, false])
  isolation({ ingress: [{}], enableDefaultDeny: { egress: true } }, [false, true])
  // The field is cut off before 1.16, and a setting overrules it.
  isolation({ egress: [{}], enableDefaultDeny: { egress: false } }, [true, false], { version: [1, 15] })
  isolation(
    { egress: [{}], enableDefaultDeny: { egress: false } },
    [true, false],
    settings({ 'enable-non-default-deny-policies': 'false' }),
  )
})

test('where it says that it closes, and a section without rules', () => {
  const denies = only({ spec: { endpointSelector: {}, egressDeny: [{}] } })
  assert.equal(pathText(denies.egress.isolatesAt), 'spec.egressDeny')
  assert.deepEqual(denies.ingress, { rules: [], isolates: false, isolatesAt: ['spec', 'ingress'] })
  const second = lower({
    specs: [
      { endpointSelector: {}, ingress: [{}] },
      { endpointSelector: {}, egress: [{}] },
    ],
  }).policies[1]
  assert.ok(second)
  assert.deepEqual(second.egress.isolatesAt, ['specs', 1, 'egress'])
  assert.deepEqual(placesOf(second), ['specs[1].egress[0]'])
})

test('one policy for spec and for each of specs', () => {
  const spec = { endpointSelector: {}, egress: [{}] }
  assert.equal(lower({ spec, specs: [spec, spec] }).policies.length, 3)
})

// Source: pkg/policy, mergeEgress: neither ends nor ports add nothing; ports without ends are every end.
test('a rule without members matches nothing, ports alone match every end', () => {
  egress([{}], ['allow [] all'])
  egress([{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }], ['allow [everything] TCP/80'])
  egress([{ icmps: [{ fields: [{ type: 8 }] }] }], ['allow [everything] ICMP/8/*'])
})

// Source: cilium/cilium pull request 29608.
test('a list of ends that is there and empty matches nothing', () => {
  const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }] }]
  for (const name of ['toEndpoints', 'toCIDR', 'toCIDRSet', 'toEntities', 'toNodes'])
    egress([{ [name]: [], toPorts }], ['allow [] TCP/80'])
  for (const name of ['toFQDNs', 'toServices', 'toGroups'])
    egress([{ [name]: [], toPorts }], ['allow [everything] TCP/80'])
})

test('deny rules come with the action deny', () => {
  const policy = only({
    spec: { endpointSelector: {}, egress: [{ toEntities: ['all'] }], egressDeny: [{ toEntities: ['host'] }] },
  })
  assert.deepEqual(lines(policy), ['deny [own node *] all', 'allow [everything] all'])
})

// Source: docs.cilium.io, "Entities Based".
test('entities', () => {
  const ends = (entity: string, expected: string, context = {}): void =>
    egress([{ toEntities: [entity] }], [`allow [${expected}] all`], context)
  const v4 = '0.0.0.0-255.255.255.255'
  const v6 = '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
  ends('world', `outside ${v4} ${v6}`)
  ends('world-ipv4', `outside ${v4}`)
  ends('world-ipv6', `outside ${v6}`)
  ends('cluster', 'pods *, every node *, apiserver')
  ends('cluster', 'pods cluster=one, every node *, apiserver', settings({ 'cluster-id': '7' }))
  ends('host', 'own node *')
  ends('remote-node', 'other node *')
  ends('kube-apiserver', 'apiserver')
  ends('all', 'everything')
  for (const entity of ['none', 'init', 'health', 'ingress']) ends(entity, '')
  egress([{ toEntities: ['unmanaged'] }], ['allow [] all', 'allow [pods *] all ? unknown'])
})

test('a peer selector means the own namespace unless it names one', () => {
  const ends = (selector: Json, expected: string): void =>
    egress([{ toEndpoints: [selector] }], [`allow [pods ${expected}] all`])
  ends({}, 'ns=ns')
  ends({ matchLabels: { app: 'web' } }, 'pod:app=web & ns=ns')
  ends({ matchLabels: { 'k8s:app': 'web', 'k8s:io.kubernetes.pod.namespace': 'other' } }, 'pod:app=web & ns=other')
  ends({ matchLabels: { 'any:io.kubernetes.pod.namespace': 'other' } }, 'ns=other')
  ends({ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] }, '*')
  ends(
    { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['a', 'b'] }] },
    '!((ns=a | ns=b))',
  )
  ends({ matchLabels: { 'io.cilium.k8s.namespace.labels.env': 'prod' } }, 'namespace:env=prod')
  ends({ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'sa' } }, 'account=sa & ns=ns')
  ends({ matchLabels: { 'io.cilium.k8s.policy.cluster': 'two' } }, 'cluster=two & ns=ns')
  // No pod carries labels of these sources.
  ends({ matchLabels: { 'cidr:10.0.0.0/8': '' } }, '-')
  ends({ matchExpressions: [{ key: 'fqdn:a', operator: 'DoesNotExist' }] }, 'ns=ns')
  ends({ matchLabels: { 'container:a': 'b' } }, '? & ns=ns')
})

test('in a cluster-wide policy an empty peer selector is every pod, never outside', () => {
  const policy = only({ kind: CLUSTERWIDE, spec: { endpointSelector: {}, egress: [{ toEndpoints: [{}] }] } })
  assert.deepEqual(lines(policy), ['allow [pods *] all'])
})

// Source: docs.cilium.io, "Limiting Identity-Relevant Labels".
test('labels that identities leave out', () => {
  const ends = (key: string, expected: string, context = {}): void =>
    egress([{ toEndpoints: [{ matchLabels: { [key]: 'x' } }] }], [`allow [pods ${expected}] all`], context)
  ends('pod-template-hash', '-')
  ends('kubernetes.io/role', '-')
  ends('app.kubernetes.io/name', 'pod:app.kubernetes.io/name=x & ns=ns')
  ends('team', '-', settings({ labels: 'k8s:app k8s:io\\.kubernetes' }))
  ends('app', 'pod:app=x & ns=ns', settings({ labels: 'k8s:app' }))
  ends('team', 'pod:team=x & ns=ns', settings({ labels: 'k8s:!job-name' }))
  ends('team', '? & ns=ns', settings({ labels: 'k8s:(a|b)' }))
})

// Source: pkg/k8s/apis/cilium.io/utils, getEndpointSelector: reserved keys are not limited to a namespace.
test('reserved labels as peers', () => {
  const ends = (selector: Json, expected: string): void =>
    egress([{ toEndpoints: [selector] }], [`allow [${expected}] all`])
  ends({ matchLabels: { 'reserved:host': '' } }, 'own node *')
  ends({ matchExpressions: [{ key: 'reserved:kube-apiserver', operator: 'Exists' }] }, 'apiserver')
  ends({ matchLabels: { 'reserved:world': '' } }, 'unknown')
  ends({ matchExpressions: [{ key: 'reserved:world', operator: 'DoesNotExist' }] }, 'unknown')
  ends({ matchLabels: { 'reserved:host': '', app: 'x' } }, 'unknown')
})

// Source: docs.cilium.io, Upgrade Guide, "Preparing for a policy-default-local-cluster change".
test('which clusters of a mesh a selector means', () => {
  const ends = (expected: string, version: CiliumContext['version'], values: Record<string, string> | null): void =>
    egress([{ toEndpoints: [{}] }], [`allow [pods ns=ns${expected}] all`], {
      version,
      settings: values === null ? null : new Map(Object.entries(values)),
    })
  ends('', [1, 18], { 'cluster-id': '1' })
  ends(' & cluster=one', [1, 19], { 'cluster-id': '1' })
  ends(' & cluster=one', [1, 18], { 'cluster-id': '1', 'policy-default-local-cluster': 'true' })
  ends('', [1, 19], { 'cluster-id': '1', 'policy-default-local-cluster': 'false' })
  ends(' & (cluster=one | ?)', null, { 'cluster-id': '1' })
  ends(' & (cluster=one | ?)', null, null)
  ends('', [1, 17], null)
  // Without an id there is no mesh.
  ends('', null, { 'cluster-id': '0' })
  ends('', [1, 19], {})
})

test('whom a policy selects', () => {
  const selects = (selector: Json, expected: string, kind = 'CiliumNetworkPolicy'): void =>
    assert.equal(selectorText(only({ kind, spec: { endpointSelector: selector, egress: [{}] } }).subject), expected)
  selects({}, 'ns=ns')
  selects({ matchLabels: { app: 'web' } }, 'pod:app=web & ns=ns')
  // The namespace in matchLabels is replaced by the own one; another way to say it is not.
  selects({ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'other' } }, 'ns=ns')
  selects({ matchLabels: { 'io.kubernetes.pod.namespace': 'other' } }, 'ns=other & ns=ns')
  selects({}, '*', CLUSTERWIDE)
  selects({ matchLabels: { 'io.kubernetes.pod.namespace': 'other' } }, 'ns=other', CLUSTERWIDE)
  selects({ matchLabels: { 'reserved:init': '' } }, '-', CLUSTERWIDE)
})

// Source: docs.cilium.io, "Host Policies".
test('policies for nodes need the host firewall', () => {
  const host = (context = {}) =>
    only(
      {
        kind: CLUSTERWIDE,
        spec: { nodeSelector: { matchLabels: { type: 'edge' } }, egress: [{ toEntities: ['world'] }] },
      },
      context,
    )
  const on = host(settings({ 'enable-host-firewall': 'true' }))
  assert.equal(on.selects, 'nodes')
  assert.equal(selectorText(on.subject), 'node:type=edge')
  assert.equal(on.inert, null)
  assert.match(host().inert ?? '', /the host firewall is off/)
  const unknown = host({ settings: null })
  assert.equal(unknown.inert, null)
  assert.equal(selectorText(unknown.subject), 'node:type=edge & ?')
})

// Source: pkg/endpoint, InitWithNodeLabels; pkg/labelsfilter, defaultLabelPrefixCfg.
test('the endpoint of a host has the labels of its node that identities have', () => {
  const subject = (key: string, expected: string, values: Record<string, string> = {}, more = {}): void => {
    const found = only(
      {
        kind: CLUSTERWIDE,
        spec: { nodeSelector: { matchLabels: { [key]: 'x' } }, egress: [{}] },
      },
      { ...settings({ 'enable-host-firewall': 'true', ...values }), ...more },
    )
    assert.equal(selectorText(found.subject), expected)
  }
  subject('eks.amazonaws.com/nodegroup', 'node:eks.amazonaws.com/nodegroup=x')
  subject('node.kubernetes.io/instance-type', 'node:node.kubernetes.io/instance-type=x')
  subject('kubernetes.io/os', '-')
  subject('kubernetes.io/hostname', '-')
  subject('k8s:kubernetes.io/os', '-')
  subject('failure-domain.beta.kubernetes.io/zone', '-')
  subject('topology.kubernetes.io/zone', '?')
  subject('topology.kubernetes.io/zone', '-', {}, { version: [1, 19] })
  subject('topology.kubernetes.io/zone', 'node:topology.kubernetes.io/zone=x', {}, { version: [1, 15] })
  subject('kubernetes.io/os', 'node:kubernetes.io/os=x', { labels: 'kubernetes\\.io/os' })
  subject('role', '-', { labels: 'kubernetes\\.io/os' })
  // That list is another one.
  subject('role', 'node:role=x', { 'node-labels': 'edge' })
  // Nodes may then have these labels by another way.
  subject('kubernetes.io/os', '?', { 'enable-node-selector-labels': 'true' })
  subject('node:role', '?', { 'enable-node-selector-labels': 'true' })
  subject('node:role', '-')
  subject('io.cilium.k8s.policy.cluster', '?')
})

// Source: docs.cilium.io, "Node based".
test('toNodes means other nodes, by their labels', () => {
  const rule = [{ toNodes: [{ matchLabels: { type: 'edge' } }] }]
  const on = (values = {}) => settings({ 'enable-node-selector-labels': 'true', ...values })
  egress(rule, ['allow [other node node:type=edge] all'], on())
  // Labels for this have a list of their own, with nothing built in.
  const os = [{ toNodes: [{ matchLabels: { 'kubernetes.io/os': 'linux' } }] }]
  egress(os, ['allow [other node node:kubernetes.io/os=linux] all'], on())
  egress(os, ['allow [other node -] all'], on({ 'node-labels': 'type' }))
  egress(os, ['allow [other node -] all'], on({ 'node-labels': 'node:!kubernetes.*' }))
  egress(os, ['allow [other node node:kubernetes.io/os=linux] all'], on({ 'node-labels': 'k8s:!kubernetes.*' }))
  egress(os, ['allow [other node ?] all'], on({ 'node-labels': '(type|kubernetes)' }))
})

// Source: docs.cilium.io 1.18, "Additional Label Requirements".
test('requirements may deny what lacks them, until 1.18', () => {
  const rule = [{ toEndpoints: [{}], toRequires: [{ matchLabels: { env: 'prod' } }] }]
  egress(rule, ['allow [pods ns=ns] all', 'deny [pods !(pod:env=prod & ns=ns)] all ? undefined'])
  egress(rule, ['allow [pods ns=ns] all'], { version: [1, 19] })
})

test('mutual authentication is a limit', () => {
  const rule = [{ toEndpoints: [{}], authentication: { mode: 'required' } }]
  egress(rule, ['allow [pods ns=ns] all other(mutual authentication (required))'])
  egress([{ toEndpoints: [{}], authentication: { mode: 'disabled' } }], ['allow [pods ns=ns] all'])
  egress([{ authentication: { mode: 'required' } }], ['allow [] all other(mutual authentication (required))'])
})

test('ingress has its own members', () => {
  const policy = only({
    spec: {
      endpointSelector: {},
      ingress: [
        { fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: 'http' }] }] },
        { fromCIDR: ['10.0.0.0/8'] },
        { fromEntities: ['host'] },
      ],
    },
  })
  assert.deepEqual(lines(policy, 'ingress'), [
    'allow [pods pod:app=web & ns=ns] TCP/http UDP/http SCTP/http',
    'allow [block 10.0.0.0-10.255.255.255] all',
    'allow [own node *] all',
  ])
})

test('bad input never throws', () => {
  for (const odd of [null, 1, 'x', [], {}, [null], [[]], [{ a: 1 }]] as readonly Json[]) {
    for (const name of ['spec', 'specs', 'status']) lower({ [name]: odd })
    for (const name of ['endpointSelector', 'nodeSelector', 'egress', 'ingressDeny', 'enableDefaultDeny'])
      lower({ spec: { endpointSelector: {}, egress: [{}], [name]: odd } })
    for (const name of [
      'Endpoints',
      'CIDR',
      'CIDRSet',
      'Entities',
      'FQDNs',
      'Services',
      'Groups',
      'Nodes',
      'Requires',
      'Ports',
    ])
      lower({ spec: { endpointSelector: {}, egress: [{ [`to${name}`]: odd }] } })
    for (const name of ['ports', 'rules', 'serverNames', 'listener'])
      lower({ spec: { endpointSelector: {}, egress: [{ toPorts: [{ [name]: odd }], icmps: odd }] } })
  }
})
