import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { firewallAddress } from './generate-routes.ts'
import { blockNear, type Fields, net, ref, resource, type VnetPlan } from './plan.ts'

export const makeFirewalls = (random: Random, use: Use, vnets: readonly VnetPlan[]): readonly Fields[] =>
  vnets.filter(({ hasFirewall }) => hasFirewall).flatMap(vnet => makeFirewall(random, use, vnet, vnets))

const makeFirewall = (random: Random, use: Use, vnet: VnetPlan, vnets: readonly VnetPlan[]): readonly Fields[] => {
  const name = `fw${vnet.n}`
  const rules = (forNames: boolean, isClassic: boolean): Json =>
    forNames ? names(isClassic, use) : addresses(random, use, vnets, isClassic)
  const isClassic = random.percent(30)
  const shared = {
    ipConfigurations: [
      {
        id: net(`azureFirewalls/${name}/azureFirewallIpConfigurations/c`),
        name: 'c',
        privateIPAddress: firewallAddress(vnet),
        publicIPAddress: ref(`publicIPAddresses/pip-${name}`),
        subnet: ref(`virtualNetworks/${vnet.name}/subnets/AzureFirewallSubnet`),
      },
    ],
    sku: { name: 'AZFW_VNet', tier: 'Standard' },
    threatIntelMode: 'Alert',
  }
  const publicAddress = resource(`publicIPAddresses/pip-${name}`, {
    ipAddress: `198.51.100.${200 + vnet.n}`,
    publicIPAddressVersion: 'IPv4',
    sku: { name: 'Standard' },
  })
  const group = resource(`ipGroups/ipg${vnet.n}`, {
    ipAddresses: [blockNear(random, vnets, false), '203.0.113.0-203.0.113.15'],
  })
  if (isClassic) {
    use('a firewall with rules of its own')
    const collections = (key: string, forNames: boolean): Fields => ({
      [key]: [200, 100].map(priority => ({
        name: `c${priority}`,
        priority,
        action: { type: action(random) },
        rules: [rules(forNames, true)],
      })),
    })
    return [
      resource(`azureFirewalls/${name}`, {
        ...shared,
        ...collections('networkRuleCollections', false),
        ...(random.percent(40) ? collections('applicationRuleCollections', true) : {}),
      }),
      publicAddress,
      group,
    ]
  }
  use('a firewall with a policy')
  const hasParent = random.percent(35)
  if (hasParent) use('rules of a parent')
  const policies = hasParent ? [`pol${vnet.n}`, `base${vnet.n}`] : [`pol${vnet.n}`]
  return [
    resource(`azureFirewalls/${name}`, { ...shared, firewallPolicy: ref(`firewallPolicies/pol${vnet.n}`) }),
    publicAddress,
    group,
    ...policies.flatMap((policy, i): readonly Fields[] => {
      const groups = [300, 200].map(priority => ({ name: `g${priority}`, priority }))
      return [
        resource(`firewallPolicies/${policy}`, {
          ...(hasParent && i === 0 ? { basePolicy: ref(`firewallPolicies/base${vnet.n}`) } : {}),
          ruleCollectionGroups: groups.map(one => ref(`firewallPolicies/${policy}/ruleCollectionGroups/${one.name}`)),
          threatIntelMode: 'Alert',
        }),
        ...groups.map(one =>
          resource(`firewallPolicies/${policy}/ruleCollectionGroups/${one.name}`, {
            priority: one.priority,
            ruleCollections: [500, 400].map(priority => {
              const forNames = random.percent(15)
              return {
                name: `c${priority}`,
                priority,
                ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
                action: { type: action(random) },
                rules: [rules(forNames, false)],
              }
            }),
          }),
        ),
      ]
    }),
  ]
}

const action = (random: Random): string => (random.percent(75) ? 'Allow' : 'Deny')

const names = (isClassic: boolean, use: Use): Json => {
  use('a rule for names')
  return {
    name: 'n',
    ...(isClassic ? {} : { ruleType: 'ApplicationRule' }),
    protocols: [{ protocolType: 'Https', port: 443 }],
    sourceAddresses: ['*'],
    targetFqdns: ['example.org'],
  }
}

const addresses = (random: Random, use: Use, vnets: readonly VnetPlan[], isClassic: boolean): Json => {
  const isGroup = random.percent(20)
  if (isGroup) use('an address group')
  const vnet = random.pick(vnets)
  const protocols = random.pick([['TCP'], ['Any'], ['UDP', 'TCP'], ['ICMP']])
  // What ports are to other protocols is not told.
  const ports = protocols.includes('TCP') ? random.pick(['*', '443', '80-443', '1-1023']) : '*'
  return {
    name: 'a',
    ...(isClassic ? { protocols } : { ruleType: 'NetworkRule', ipProtocols: protocols }),
    sourceAddresses: [random.pick(['*', '*', ...vnet.blocks, vnet.subnets[0]?.block ?? '*'])],
    ...(isGroup
      ? {
          destinationAddresses: [],
          destinationIpGroups: [net(`ipGroups/ipg${vnets.find(({ hasFirewall }) => hasFirewall)?.n}`)],
        }
      : {
          destinationAddresses: [random.pick(['*', '*', '203.0.113.0/24', 'Storage', blockNear(random, vnets, false)])],
        }),
    destinationPorts: [ports],
  }
}
