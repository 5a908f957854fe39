/**
 * `/subscriptions/S/resourceGroups/G/providers/NAMESPACE/TYPE/NAME[/TYPE/NAME]…`, in whatever case: Azure compares without regard to it.
 * Source: Azure Resource Manager, “resourceId” of template functions, and “Naming rules and restrictions”.
 */
export interface ResourceId {
  readonly subscription: string
  /** null: of the subscription itself. */
  readonly group: string | null
  /** `microsoft.network/virtualnetworks/subnets` */
  readonly type: string
  /** One for each part of the type. */
  readonly names: readonly string[]
}

const RESOURCE = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?\/providers\/([^/]+)\/(.+)$/

/** All parts in lower case; null for text that is none. */
export const readResourceId = (text: string): ResourceId | null => {
  const [, subscription, group, namespace, rest] = RESOURCE.exec(text.trim().toLowerCase().replace(/\/+$/, '')) ?? []
  if (subscription === undefined || namespace === undefined || rest === undefined) return null
  const steps = rest.split('/')
  if (steps.length % 2 === 1 || steps.includes('')) return null
  return {
    subscription,
    group: group ?? null,
    type: [namespace, ...steps.filter((_, i) => i % 2 === 0)].join('/'),
    names: steps.filter((_, i) => i % 2 === 1),
  }
}

/** What the model calls each type. Interfaces and instances of scale sets stand under their set. */
const NOUNS = {
  'microsoft.network/virtualnetworks': 'vnet',
  'microsoft.network/virtualnetworks/subnets': 'subnet',
  'microsoft.network/virtualnetworks/virtualnetworkpeerings': 'peering',
  'microsoft.network/networksecuritygroups': 'nsg',
  'microsoft.network/networksecuritygroups/securityrules': 'nsg-rule',
  'microsoft.network/networksecuritygroups/defaultsecurityrules': 'nsg-rule',
  'microsoft.network/applicationsecuritygroups': 'asg',
  'microsoft.network/routetables': 'route-table',
  'microsoft.network/routetables/routes': 'route',
  'microsoft.network/natgateways': 'nat-gateway',
  'microsoft.network/publicipaddresses': 'public-ip',
  'microsoft.network/publicipprefixes': 'public-ip-prefix',
  'microsoft.network/azurefirewalls': 'firewall',
  'microsoft.network/firewallpolicies': 'firewall-policy',
  'microsoft.network/firewallpolicies/rulecollectiongroups': 'rule-collection-group',
  'microsoft.network/ipgroups': 'ip-group',
  'microsoft.network/virtualnetworkgateways': 'vpn-gateway',
  'microsoft.network/localnetworkgateways': 'local-gateway',
  'microsoft.network/connections': 'vpn-connection',
  'microsoft.network/loadbalancers': 'load-balancer',
  'microsoft.network/loadbalancers/backendaddresspools': 'load-balancer-pool',
  'microsoft.network/networkinterfaces': 'nic',
  'microsoft.network/privateendpoints': 'private-endpoint',
  'microsoft.network/virtualhubs': 'virtual-hub',
  'microsoft.network/networkwatchers/flowlogs': 'flow-log',
  'microsoft.compute/virtualmachines': 'vm',
  'microsoft.compute/virtualmachinescalesets': 'vmss',
  'microsoft.compute/virtualmachinescalesets/virtualmachines': 'vmss',
  'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces': 'nic',
  'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses':
    'public-ip',
  'microsoft.containerservice/managedclusters': 'aks',
  'microsoft.web/sites': 'app',
  'microsoft.app/managedenvironments': 'container-environment',
  'microsoft.app/containerapps': 'container-app',
} as const

export type KnownType = keyof typeof NOUNS
export type Noun = (typeof NOUNS)[KnownType]

export const isKnownType = (type: string): type is KnownType => Object.hasOwn(NOUNS, type)

export const nounOf = (type: KnownType): Noun => NOUNS[type]

/** `azure:subnet/S/G/NETWORK/NAME`; a type without a noun of its own is called by its last part. */
export const modelId = ({ subscription, group, type, names }: ResourceId): string =>
  `azure:${isKnownType(type) ? NOUNS[type] : lastOf(type)}/${[subscription, ...(group === null ? [] : [group]), ...names].join('/')}`

const lastOf = (type: string): string => type.slice(type.lastIndexOf('/') + 1)

/** The one that it stands in: a subnet’s network; null for one that stands by itself. */
export const parentOf = ({ type, names, ...rest }: ResourceId): ResourceId | null =>
  names.length < 2 ? null : { ...rest, type: type.slice(0, type.lastIndexOf('/')), names: names.slice(0, -1) }

/** The nearest around it, or itself, that is of a type; null where there is none. */
export const withinType = (id: ResourceId, type: KnownType): ResourceId | null => {
  for (let here: ResourceId | null = id; here !== null; here = parentOf(here)) if (here.type === type) return here
  return null
}
