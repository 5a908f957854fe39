/**
 * The fields that the schemas publish, by path, names only. Ingress and egress rules are alike, and so are their two ends. What
 * Enterprise and Cloud publish beside them is not here.
 * Source: api/pkg/apis/projectcalico/v3 of projectcalico/calico, v3.32.
 */
export const API_FIELDS_VERSION = 'v3.32'

const under = (prefix: string, names: readonly string[]): readonly string[] => names.map(name => `${prefix}.${name}`)

const ENTITY = [
  'nets',
  'notNets',
  'selector',
  'notSelector',
  'namespaceSelector',
  'ports',
  'notPorts',
  'services.name',
  'services.namespace',
  'serviceAccounts.names',
  'serviceAccounts.selector',
]

const RULE = [
  'action',
  'ipVersion',
  'protocol',
  'notProtocol',
  'icmp.type',
  'icmp.code',
  'notICMP.type',
  'notICMP.code',
  ...under('source', ENTITY),
  ...under('destination', ENTITY),
  'http.methods',
  'http.paths',
  'metadata.annotations',
]

const BOTH_KINDS = ['tier', 'order', 'selector', 'serviceAccountSelector', 'types', 'performanceHints']

export const NETWORK_POLICY_FIELDS: readonly string[] = under('spec', [
  ...BOTH_KINDS,
  ...under('ingress[]', RULE),
  ...under('egress[]', RULE),
])

/** What it has beside the fields of NetworkPolicy. */
export const GLOBAL_NETWORK_POLICY_FIELDS: readonly string[] = under('spec', [
  'namespaceSelector',
  'doNotTrack',
  'preDNAT',
  'applyOnForward',
])

export const TIER_FIELDS: readonly string[] = under('spec', ['order', 'defaultAction'])

/** NetworkSet and GlobalNetworkSet. */
export const NETWORK_SET_FIELDS: readonly string[] = under('spec', ['nets'])

export const HOST_ENDPOINT_FIELDS: readonly string[] = under('spec', [
  'node',
  'interfaceName',
  'expectedIPs',
  'profiles',
  ...under('ports[]', ['name', 'protocol', 'port']),
])
