/**
 * The second evaluator of networks of Azure: it follows one packet through the resources that `az … list` prints. What packets, ends
 * and verdicts are is as of the other cloud. Nothing here imports from `src`, so that a mistake made there is not made here again.
 */

/** Rules that can be broken, to see that a comparison notices. */
export const RULES = [
  'the longest prefix',
  'user before learned before system',
  'networks and peers before what is learned',
  'private blocks are dropped',
  'routes inside a subnet count',
  'a table may take nothing from gateways',
  'the routes of a user are of its subnet',
  'rules by priority',
  'both groups have to let it pass',
  'groups count inside a subnet',
  'groups at the other end',
  'the host is kept from nobody',
  'a network is its peers too',
  'a network is a peer with access',
  'a network is its sites too',
  'a network is what its routes name',
  'a network is not the internet',
  'this end of a rule counts',
  'applications are interfaces of one network',
  'the last port of a range',
  'a peering must be up',
  'gateways of peers by consent',
  'a NAT gateway goes first',
  'a NAT gateway takes TCP and UDP',
  'a public address goes before a balancer',
  'a private subnet lends no address',
  'lent addresses are IPv4',
  'who has no address sends nothing',
  'service endpoints have routes',
  'private endpoints have routes',
  'groups of private endpoints by policy',
  'user routes of private endpoints by policy',
  'a firewall by its rules',
  'rules of a parent go first',
  'a firewall hides who sends to the internet',
  'who passes a firewall is foreign',
] as const
export type RuleName = (typeof RULES)[number]
/** Rules that are left out. */
export type Broken = ReadonlySet<RuleName>
