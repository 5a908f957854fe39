/**
 * The fields of an API type, as paths: `[]` stands for each item of a list. What the support tables must name, all of it
 * and no more.
 */
export interface ApiFields {
  /** Where the types were read. */
  readonly version: string
  readonly paths: readonly string[]
}

/** meta/v1 LabelSelector. */
export const selectorFields = (at: string): readonly string[] => [
  at,
  `${at}.matchLabels`,
  `${at}.matchExpressions[]`,
  `${at}.matchExpressions[].key`,
  `${at}.matchExpressions[].operator`,
  `${at}.matchExpressions[].values[]`,
]

/** networking/v1 NetworkPolicyPeer. */
const peerFields = (at: string): readonly string[] => [
  at,
  ...selectorFields(`${at}.podSelector`),
  ...selectorFields(`${at}.namespaceSelector`),
  `${at}.ipBlock`,
  `${at}.ipBlock.cidr`,
  `${at}.ipBlock.except[]`,
]

/** networking/v1 NetworkPolicyPort. */
const portFields = (at: string): readonly string[] => [at, `${at}.protocol`, `${at}.port`, `${at}.endPort`]

/**
 * NetworkPolicy. Source: k8s.io/api/networking/v1, types.go. `status` has been taken out of the types; what servers stored
 * while it was there is still met in saved files.
 */
export const FIELDS: ApiFields = {
  version: 'networking.k8s.io/v1, with the status that it once had',
  paths: [
    ...selectorFields('spec.podSelector'),
    'spec.policyTypes[]',
    'spec.ingress[]',
    ...peerFields('spec.ingress[].from[]'),
    ...portFields('spec.ingress[].ports[]'),
    'spec.egress[]',
    ...peerFields('spec.egress[].to[]'),
    ...portFields('spec.egress[].ports[]'),
    'status',
  ],
}
