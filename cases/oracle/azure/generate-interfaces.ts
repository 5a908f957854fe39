import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { compute, net, ref, resource, type SubnetPlan, type VnetPlan } from './plan.ts'

/** Interfaces of all networks with their public addresses, and private endpoints. */
export const makeInterfaces = (
  random: Random,
  use: Use,
  vnets: readonly VnetPlan[],
  pools: ReadonlyMap<number, string>,
): readonly Json[] =>
  vnets.flatMap(vnet =>
    vnet.subnets.flatMap((subnet, index) => [
      ...[0, 1].slice(0, 1 + random.below(2)).flatMap(n => makeInterface(random, use, vnet, subnet, index, n, pools)),
      ...(random.percent(20) ? makeEndpoint(use, vnet, subnet, index) : []),
    ]),
  )

const makeInterface = (
  random: Random,
  use: Use,
  vnet: VnetPlan,
  subnet: SubnetPlan,
  index: number,
  n: number,
  pools: ReadonlyMap<number, string>,
): readonly Json[] => {
  const key = `${vnet.n}${index}${n}`
  const name = `nic${key}`
  const isPublic = random.percent(30)
  const isSecond = random.percent(10)
  const hasSix = subnet.six !== null && random.percent(75)
  const isPublicSix = hasSix && random.percent(40)
  const isBehind = random.percent(35)
  const hasGroup = random.percent(45)
  const applications = random.percent(50)
    ? random.some(vnet.applications, 1, 2).map(one => ref(`applicationSecurityGroups/${one}`))
    : []
  const enableIPForwarding = random.percent(50)
  if (isPublic) use('a public address')
  if (isPublicSix) use('a public address of IPv6')
  if (isSecond) use('a second private address')
  if (hasGroup) use('a group at an interface')
  if (!enableIPForwarding) use('a machine that does not forward')
  const pool = pools.get(vnet.n)
  const config = (own: string, privateIPAddress: string, publicName: string | null, primary: boolean): Json => ({
    id: net(`networkInterfaces/${name}/ipConfigurations/${own}`),
    name: own,
    primary,
    privateIPAddress,
    privateIPAddressVersion: privateIPAddress.includes(':') ? 'IPv6' : 'IPv4',
    privateIPAllocationMethod: 'Dynamic',
    subnet: ref(subnet.path),
    ...(publicName === null ? {} : { publicIPAddress: ref(`publicIPAddresses/${publicName}`) }),
    ...(isBehind && primary && pool !== undefined ? { loadBalancerBackendAddressPools: [ref(pool)] } : {}),
    ...(applications.length > 0 ? { applicationSecurityGroups: applications } : {}),
  })
  return [
    resource(`networkInterfaces/${name}`, {
      enableIPForwarding,
      ipConfigurations: [
        config('a', `${subnet.stem}.${10 + n}`, isPublic ? `pip-${key}` : null, true),
        ...(isSecond ? [config('b', `${subnet.stem}.${20 + n}`, null, false)] : []),
        ...(hasSix
          ? [config('c', `${subnet.sixStem}${(10 + n).toString(16)}`, isPublicSix ? `pip6-${key}` : null, false)]
          : []),
      ],
      virtualMachine: { id: compute(`virtualMachines/vm${key}`) },
      ...(hasGroup ? { networkSecurityGroup: ref(`networkSecurityGroups/${random.pick(vnet.groups)}`) } : {}),
    }),
    ...(isPublic
      ? [
          resource(`publicIPAddresses/pip-${key}`, {
            ipAddress: `192.0.2.${vnet.n * 40 + index * 4 + n}`,
            publicIPAddressVersion: 'IPv4',
            sku: { name: 'Standard' },
          }),
        ]
      : []),
    ...(isPublicSix
      ? [
          resource(`publicIPAddresses/pip6-${key}`, {
            ipAddress: `2001:db8:ffff::${key}`,
            publicIPAddressVersion: 'IPv6',
            sku: { name: 'Standard' },
          }),
        ]
      : []),
  ]
}

const makeEndpoint = (use: Use, vnet: VnetPlan, subnet: SubnetPlan, index: number): readonly Json[] => {
  const key = `${vnet.n}${index}`
  use('a private endpoint')
  return [
    resource(`privateEndpoints/pe${key}`, {
      subnet: ref(subnet.path),
      networkInterfaces: [ref(`networkInterfaces/penic${key}`)],
      privateLinkServiceConnections: [
        {
          id: net(`privateEndpoints/pe${key}/privateLinkServiceConnections/c`),
          name: 'c',
          privateLinkServiceId: `/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/Net/providers/Microsoft.Storage/storageAccounts/st${key}`,
          groupIds: ['blob'],
          privateLinkServiceConnectionState: { status: 'Approved' },
        },
      ],
    }),
    resource(`networkInterfaces/penic${key}`, {
      enableIPForwarding: false,
      privateEndpoint: ref(`privateEndpoints/pe${key}`),
      ipConfigurations: [
        {
          id: net(`networkInterfaces/penic${key}/ipConfigurations/c`),
          name: 'c',
          primary: true,
          privateIPAddress: `${subnet.stem}.30`,
          privateIPAddressVersion: 'IPv4',
          subnet: ref(subnet.path),
        },
      ],
    }),
  ]
}
