import { type ApiFields, selectorFields } from '../kubernetes/networkpolicy-fields.ts'

/** NamespacedPod, of every version. */
const podsFields = (at: string): readonly string[] => [
  at,
  ...selectorFields(`${at}.namespaceSelector`),
  ...selectorFields(`${at}.podSelector`),
]

const subjectFields: readonly string[] = [
  'spec.subject',
  ...selectorFields('spec.subject.namespaces'),
  ...podsFields('spec.subject.pods'),
]

const ingressPeerFields = (at: string): readonly string[] => [
  at,
  ...selectorFields(`${at}.namespaces`),
  ...podsFields(`${at}.pods`),
]

const egressPeerFields = (at: string): readonly string[] => [
  ...ingressPeerFields(at),
  ...selectorFields(`${at}.nodes`),
  `${at}.networks[]`,
  `${at}.domainNames[]`,
]

/** Exactly one of the three. A named port has no protocol of its own. */
const portFields = (at: string): readonly string[] => [
  at,
  `${at}.portNumber`,
  `${at}.portNumber.protocol`,
  `${at}.portNumber.port`,
  `${at}.namedPort`,
  `${at}.portRange`,
  `${at}.portRange.protocol`,
  `${at}.portRange.start`,
  `${at}.portRange.end`,
]

/** Exactly one of the four. */
const protocolFields = (at: string): readonly string[] => [
  at,
  ...['tcp', 'udp', 'sctp'].flatMap(protocol => [
    `${at}.${protocol}`,
    `${at}.${protocol}.destinationPort`,
    `${at}.${protocol}.destinationPort.number`,
    `${at}.${protocol}.destinationPort.range`,
    `${at}.${protocol}.destinationPort.range.start`,
    `${at}.${protocol}.destinationPort.range.end`,
  ]),
  `${at}.destinationNamedPort`,
]

const ruleFields = (traffic: (at: string) => readonly string[], list: 'ports' | 'protocols'): readonly string[] =>
  (['ingress', 'egress'] as const).flatMap(direction => {
    const rule = `spec.${direction}[]`
    return [
      rule,
      `${rule}.name`,
      `${rule}.action`,
      ...(direction === 'ingress' ? ingressPeerFields(`${rule}.from[]`) : egressPeerFields(`${rule}.to[]`)),
      ...traffic(`${rule}.${list}[]`),
    ]
  })

/** meta/v1 Condition. */
const statusFields: readonly string[] = [
  'status.conditions[]',
  ...['type', 'status', 'observedGeneration', 'lastTransitionTime', 'reason', 'message'].map(
    field => `status.conditions[].${field}`,
  ),
]

const V1ALPHA1 = 'policy.networking.k8s.io/v1alpha1, sigs.k8s.io/network-policy-api v0.1.7, experimental channel'

/** Source: apis/v1alpha1/adminnetworkpolicy_types.go and shared_types.go. */
export const ADMIN_FIELDS: ApiFields = {
  version: V1ALPHA1,
  paths: ['spec.priority', ...subjectFields, ...ruleFields(portFields, 'ports'), ...statusFields],
}

/** One a cluster, named `default`, so without a priority. Source: apis/v1alpha1/baselineadminnetworkpolicy_types.go. */
export const BASELINE_FIELDS: ApiFields = {
  version: V1ALPHA1,
  paths: [...subjectFields, ...ruleFields(portFields, 'ports'), ...statusFields],
}

/** The two versions have one schema. Source: apis/v1alpha2 and apis/v1beta1, clusternetworkpolicy_types.go. */
export const CLUSTER_FIELDS: ApiFields = {
  version: 'policy.networking.k8s.io/v1alpha2 and v1beta1, sigs.k8s.io/network-policy-api v0.3.0, experimental channel',
  paths: ['spec.tier', 'spec.priority', ...subjectFields, ...ruleFields(protocolFields, 'protocols'), ...statusFields],
}
