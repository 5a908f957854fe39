/**
 * The fields that the schemas publish, by path; a label selector counts as one field. `spec` and each of `specs` are alike,
 * and so are the two kinds of policy. Names only, from the API types of the release named here.
 * Source: pkg/policy/api and pkg/k8s/apis/cilium.io/v2 of cilium/cilium, v1.18.
 */
export const API_FIELDS_VERSION = 'v1.18'

const under = (prefix: string, names: readonly string[]): readonly string[] => names.map(name => `${prefix}.${name}`)

const SECRET = ['secret.name', 'secret.namespace']
const TLS = [...SECRET, 'trustedCA', 'certificate', 'privateKey']
const CIDR_SET = ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except']
const GROUP = ['aws.labels', 'aws.region', 'aws.securityGroupsIds', 'aws.securityGroupsNames']
const PORTS = ['ports[].port', 'ports[].endPort', 'ports[].protocol']
const ICMPS = under('icmps[].fields[]', ['family', 'type'])

const HTTP = [
  'path',
  'method',
  'host',
  'headers',
  ...under('headerMatches[]', ['mismatch', 'name', 'value', ...SECRET]),
]
const PROXY = [
  ...under('rules.http[]', HTTP),
  ...under('rules.kafka[]', ['apiVersion', 'apiKey', 'clientID', 'topic', 'role']),
  ...under('rules.dns[]', ['matchName', 'matchPattern']),
  'rules.l7proto',
  'rules.l7[]',
  'serverNames',
  ...under('terminatingTLS', TLS),
  ...under('originatingTLS', TLS),
  ...under('listener', ['envoyConfig.kind', 'envoyConfig.name', 'name', 'priority']),
]

const peers = (prefix: 'to' | 'from'): readonly string[] => [
  `${prefix}Endpoints`,
  `${prefix}Requires`,
  `${prefix}CIDR`,
  ...under(`${prefix}CIDRSet[]`, CIDR_SET),
  `${prefix}Entities`,
  ...under(`${prefix}Groups[]`, GROUP),
  `${prefix}Nodes`,
]
const SERVICES = under('toServices[]', [
  'k8sService.serviceName',
  'k8sService.namespace',
  'k8sServiceSelector.selector',
  'k8sServiceSelector.namespace',
])
const NAMES = under('toFQDNs[]', ['matchName', 'matchPattern'])
const ALLOW = [...under('toPorts[]', [...PORTS, ...PROXY]), ...ICMPS, 'authentication.mode']
const DENY = [...under('toPorts[]', PORTS), ...ICMPS]

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. */
export const POLICY_FIELDS: readonly string[] = [
  'specs[]',
  ...under('spec', [
    'endpointSelector',
    'nodeSelector',
    ...under('ingress[]', [...peers('from'), ...ALLOW]),
    ...under('ingressDeny[]', [...peers('from'), ...DENY]),
    ...under('egress[]', [...peers('to'), ...SERVICES, ...NAMES, ...ALLOW]),
    ...under('egressDeny[]', [...peers('to'), ...SERVICES, ...DENY]),
    'enableDefaultDeny.egress',
    'enableDefaultDeny.ingress',
    'description',
    ...under('labels[]', ['key', 'value', 'source']),
    'log.value',
  ]),
]

export const CIDR_GROUP_FIELDS: readonly string[] = ['spec.externalCIDRs']

const GATEWAY = ['nodeSelector', 'interface', 'egressIP']

/** CiliumEgressGatewayPolicy; `egressGateways` since 1.18. */
export const EGRESS_GATEWAY_FIELDS: readonly string[] = under('spec', [
  ...under('selectors[]', ['namespaceSelector', 'podSelector', 'nodeSelector']),
  'destinationCIDRs',
  'excludedCIDRs',
  ...under('egressGateway', GATEWAY),
  ...under('egressGateways[]', GATEWAY),
])
