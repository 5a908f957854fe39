import type { KnownType } from './resource-id.ts'

const NETWORK = 'microsoft.network'

/** Resources that become objects of the model, or parts of some, in the order of the page. */
export const EVALUATED = [
  `${NETWORK}/virtualnetworks`,
  `${NETWORK}/virtualnetworks/subnets`,
  `${NETWORK}/virtualnetworks/virtualnetworkpeerings`,
  `${NETWORK}/routetables`,
  `${NETWORK}/networksecuritygroups`,
  `${NETWORK}/applicationsecuritygroups`,
  `${NETWORK}/networkinterfaces`,
  'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces',
  `${NETWORK}/publicipaddresses`,
  'microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces/ipconfigurations/publicipaddresses',
  `${NETWORK}/publicipprefixes`,
  `${NETWORK}/natgateways`,
  `${NETWORK}/loadbalancers`,
  `${NETWORK}/virtualnetworkgateways`,
  `${NETWORK}/localnetworkgateways`,
  `${NETWORK}/connections`,
  `${NETWORK}/privateendpoints`,
  `${NETWORK}/azurefirewalls`,
  `${NETWORK}/firewallpolicies`,
  `${NETWORK}/firewallpolicies/rulecollectiongroups`,
  `${NETWORK}/ipgroups`,
  `${NETWORK}/networkwatchers/flowlogs`,
  'microsoft.compute/virtualmachines',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.compute/virtualmachinescalesets/virtualmachines',
  'microsoft.containerservice/managedclusters',
  'microsoft.web/sites',
  'microsoft.app/managedenvironments',
  'microsoft.app/containerapps',
] as const satisfies readonly KnownType[]

export type EvaluatedType = (typeof EVALUATED)[number]

export const isEvaluated = (type: string): type is EvaluatedType => (EVALUATED as readonly string[]).includes(type)

/** Rules and routes of their own outputs stand inside of the groups and tables that they belong to, too. */
export const PARTS = [
  `${NETWORK}/networksecuritygroups/securityrules`,
  `${NETWORK}/networksecuritygroups/defaultsecurityrules`,
  `${NETWORK}/routetables/routes`,
] as const satisfies readonly KnownType[]

export const isPart = (type: string): boolean => (PARTS as readonly string[]).includes(type)

/** Known to decide something of networks, and not evaluated; everything else that is unknown is named as well. */
export const NOT_EVALUATED = [
  `${NETWORK}/virtualhubs`,
  `${NETWORK}/virtualhubs/hubvirtualnetworkconnections`,
  `${NETWORK}/virtualhubs/hubroutetables`,
  `${NETWORK}/virtualhubs/routingintent`,
  `${NETWORK}/virtualwans`,
  `${NETWORK}/expressroutegateways`,
  `${NETWORK}/vpngateways`,
  `${NETWORK}/expressroutecircuits`,
  `${NETWORK}/applicationgateways`,
  `${NETWORK}/bastionhosts`,
  `${NETWORK}/networkmanagers`,
  `${NETWORK}/privatednszones`,
  `${NETWORK}/serviceendpointpolicies`,
  'microsoft.containerinstance/containergroups',
  'microsoft.web/hostingenvironments',
] as const

/** What every resource has; one that has no more than these was only listed. */
export const ONLY_LISTED = [
  'id',
  'name',
  'type',
  'location',
  'tags',
  'kind',
  'sku',
  'resourcegroup',
  'identity',
  'plan',
  'managedby',
  'extendedlocation',
  'createdtime',
  'changedtime',
  'provisioningstate',
  'zones',
  'etag',
  'systemdata',
]
