/**
 * The second evaluator of Google’s networks: it follows one packet through what `gcloud … list --format=json` prints. Nothing
 * here imports from `src`, so that a mistake made there is not made here again.
 */

/** Where the packet begins. Of a subnet nobody knows which address, which tags and which account. */
export type From =
  | { readonly kind: 'interface'; readonly instance: string; readonly nic: string }
  | { readonly kind: 'subnet'; readonly name: string }
  | { readonly kind: 'service'; readonly name: string }

/** Rules that can be broken, to see that a comparison notices. */
export const RULES = [
  'the longest prefix',
  'the lowest priority',
  'subnets before other routes',
  'policy-based routes before all others',
  'a policy-based route for some tags',
  'a policy-based route may leave it to other routes',
  'routes for some tags',
  'own routes before those of a peer',
  'tunnels before learned routes',
  'balancers after learned routes',
  'the internet after all others of one priority',
  'routes of equal rank are both possible',
  'a peering hands over private subnets',
  'public addresses of a peer by flag',
  'IPv6 of a peer by flag',
  'custom routes of a peer by both flags',
  'no default gateway of a peer',
  'no tagged route of a peer',
  'nothing over two peerings',
  'a peering must be up',
  'a learned route is for its region',
  'a learned route is for all regions',
  'an external address before NAT',
  'NAT for its ranges alone',
  'NAT for its own region',
  'NAT takes TCP, UDP and ICMP',
  'private NAT leads to no internet',
  'a drained address is not used',
  'inner IPv6 leaves not',
  'private access needs its flag',
  'nobody on the internet has private addresses',
  'metadata is kept from nobody',
  'hierarchy before the network',
  'the order of classic rules and policies',
  'regional policies after global ones',
  'goto_next',
  'denial before permission',
  'priority of rules',
  'implied permission to leave',
  'implied denial to enter',
  'disabled rules',
  'rules for some tags',
  'rules for some accounts',
  'sources by tag',
  'sources by account',
  'tags are of one network',
  'a tag stands for no alias address',
  'ranges and tags are alternatives',
  'both ends of a rule',
  'the last port of a range',
  'families apart',
  'filters at the other end',
  'a machine that was not read may have any tag',
  'a service sends private ranges alone by the network',
  'a service sends everything by the network where it says so',
  'tags of a service',
  'organisation may say more',
] as const
export type RuleName = (typeof RULES)[number]
export type Broken = ReadonlySet<RuleName>
