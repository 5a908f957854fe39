import type { Random } from '../random.ts'
import type { Json } from '../types.ts'

export type Fields = { readonly [key: string]: Json }

export const SUBSCRIPTION = '00000000-0000-0000-0000-00000000000a'
export const net = (path: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/Net/providers/Microsoft.Network/${path}`
export const compute = (path: string): string =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/Net/providers/Microsoft.Compute/${path}`
export const ref = (path: string): Json => ({ id: net(path) })
export const resource = (path: string, more: Fields): Fields => ({
  id: net(path),
  name: path.split('/').at(-1) ?? '',
  location: 'westeurope',
  provisioningState: 'Succeeded',
  ...more,
})

/** A network to be written, with what its routes and rules may speak of. */
export interface VnetPlan {
  readonly n: number
  readonly name: string
  readonly blocks: readonly string[]
  readonly six: string | null
  readonly subnets: readonly SubnetPlan[]
  readonly groups: readonly string[]
  readonly tables: readonly string[]
  readonly applications: readonly string[]
  readonly hasGateway: boolean
  readonly hasFirewall: boolean
}

export interface SubnetPlan {
  readonly path: string
  readonly name: string
  readonly block: string
  readonly stem: string
  readonly six: string | null
  readonly sixStem: string
}

/** Two networks may have one range: then they cannot be peered. */
export const planVnets = (random: Random): readonly VnetPlan[] => {
  const isOverlapping = random.percent(20)
  return Array.from({ length: 1 + random.below(3) }, (_, index): VnetPlan => {
    const n = index + 1
    const second = isOverlapping && n === 2 ? 1 : n
    const six = random.percent(60) ? `fd00:db8:${n}::/48` : null
    const blocks = [`10.${second}.0.0/16`, ...(random.percent(20) ? [`172.20.${n}.0/24`] : [])]
    const name = `vnet${n}`
    const subnets = ['a', 'b', 'c'].slice(0, 2 + random.below(2)).map((letter, i): SubnetPlan => {
      const stem = blocks.length > 1 && i === 1 ? `172.20.${n}` : `10.${second}.${i}`
      return {
        path: `virtualNetworks/${name}/subnets/s${n}${letter}`,
        name: `s${n}${letter}`,
        block: `${stem}.0/${random.pick([24, 24, 26])}`,
        stem,
        six: six !== null && random.percent(75) ? `fd00:db8:${n}:${i}::/64` : null,
        sixStem: `fd00:db8:${n}:${i}::`,
      }
    })
    return {
      n,
      name,
      blocks,
      six,
      subnets,
      groups: ['x', 'y'].map(letter => `nsg${n}${letter}`),
      tables: ['x', 'y'].map(letter => `rt${n}${letter}`),
      applications: ['x', 'y'].map(letter => `asg${n}${letter}`),
      hasGateway: random.percent(35),
      hasFirewall: random.percent(50),
    }
  })
}

/** Address ranges that something may speak of: of networks, sites, services, the internet. */
export const SITE = '192.168.0.0/16'
export const SERVICE_TAGS: readonly (readonly [string, readonly string[]])[] = [
  ['Storage', ['203.0.113.0/26', '2603:1020::/32']],
  ['AzureKeyVault', ['203.0.113.64/28']],
  ['Sql', ['203.0.113.128/25']],
  ['AzureCloud', ['203.0.113.0/24', '2603:1000::/25']],
]
export const serviceTags = (): Json => ({
  changeNumber: '1',
  cloud: 'Public',
  id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Network/serviceTags/Public`,
  name: 'Public',
  type: 'Microsoft.Network/serviceTags',
  values: SERVICE_TAGS.map(([name, addressPrefixes]) => ({
    id: name,
    name,
    properties: { addressPrefixes, changeNumber: '1', region: '', systemService: name },
  })),
})

export const blockNear = (random: Random, vnets: readonly VnetPlan[], isSix: boolean): string => {
  const one = random.pick(vnets)
  const subnet = random.pick(one.subnets)
  if (isSix)
    return random.pick(['::/0', one.six ?? '::/0', subnet.six ?? '::/0', '2606::/16', `${subnet.sixStem}a/128`])
  return random.pick([
    ...one.blocks,
    subnet.block,
    `${subnet.stem}.8/29`,
    `${subnet.stem}.10`,
    '203.0.113.0/24',
    '203.0.113.64/26',
    '192.168.0.0/17',
    '10.0.0.0/8',
  ])
}
