import type { Random } from '../random.ts'
import type { Json } from '../types.ts'
import type { Use } from './constructs.ts'
import { ACCOUNTS, type Fields, linkTo, type NetworkPlan, TAGS } from './plan.ts'

export const PORTS = ['443', '80-443', '1024-65535', '53', '22']
const CLASSIC = ['tcp', 'tcp', 'udp', 'icmp', 'sctp', 'esp', '58', '6']

const blocksNear = (random: Random, networks: readonly NetworkPlan[], hasSix: boolean): string => {
  const subnet = random.pick(random.pick(networks).subnets)
  if (hasSix)
    return random.pick(['::/0', '::/0', '2600::/12', ...(subnet.six === null ? [] : [`${subnet.six.stem}::/64`])])
  return random.pick([
    '0.0.0.0/0',
    '0.0.0.0/0',
    '10.0.0.0/8',
    subnet.block,
    `${subnet.stem}.8/29`,
    `${subnet.stem}.10/32`,
    ...(subnet.pods === null ? [] : [subnet.pods.block]),
    '203.0.114.0/24',
    '203.0.114.64/26',
    '192.168.0.0/17',
  ])
}

const rangesNear = (random: Random, networks: readonly NetworkPlan[]): readonly string[] => {
  const hasSix = random.percent(30)
  return [...new Set([0, 1].slice(0, 1 + random.below(2)).map(() => blocksNear(random, networks, hasSix)))]
}

/** Rules of a network as the classic ones are listed. */
export const makeFirewalls = (
  random: Random,
  use: Use,
  { n, path }: NetworkPlan,
  networks: readonly NetworkPlan[],
): readonly Json[] => {
  const rule = (name: string, more: Fields): Json => ({
    kind: 'compute#firewall',
    name,
    selfLink: linkTo(`projects/p/global/firewalls/${name}`),
    network: linkTo(path),
    disabled: false,
    priority: 1000,
    direction: 'INGRESS',
    ...more,
  })
  const open = random.percent(65)
    ? [
        rule(`open${n}`, { sourceRanges: ['0.0.0.0/0'], allowed: [{ IPProtocol: 'all' }] }),
        rule(`open6${n}`, { sourceRanges: ['::/0'], allowed: [{ IPProtocol: 'all' }] }),
      ]
    : []
  return [
    ...open,
    ...Array.from({ length: random.below(5) }, (_, index) => rule(`fw${n}-${index}`, makeRule(random, use, networks))),
  ]
}

const makeRule = (random: Random, use: Use, networks: readonly NetworkPlan[]): Fields => {
  const isOut = random.percent(50)
  const isDenied = random.percent(45)
  const isOff = random.percent(10)
  if (isOff) use('a disabled rule')
  const entries = [0, 1].slice(0, 1 + random.below(2)).map((): Fields => {
    if (random.percent(35)) return { IPProtocol: 'all' }
    const IPProtocol = random.pick(CLASSIC)
    return ['tcp', 'udp', 'sctp', '6'].includes(IPProtocol) && random.percent(80)
      ? { IPProtocol, ports: random.some(PORTS, 1, 2) }
      : { IPProtocol }
  })
  const [byTag, byAccount] = [random.percent(30), random.percent(25)]
  if (byTag) use('a rule for tags')
  else if (byAccount) use('a rule for accounts')
  return {
    direction: isOut ? 'EGRESS' : 'INGRESS',
    priority: random.pick([900, 1000, 1000, 1100]),
    disabled: isOff,
    ...(isDenied ? { denied: entries } : { allowed: entries }),
    ...(byTag
      ? { targetTags: random.some(TAGS, 1, 2) }
      : byAccount
        ? { targetServiceAccounts: random.some(ACCOUNTS, 1, 1) }
        : {}),
    ...(isOut ? outward(random, use, networks) : inward(random, use, networks, byAccount && !byTag, byTag)),
  }
}

const outward = (random: Random, use: Use, networks: readonly NetworkPlan[]): Fields => {
  const isBoth = random.percent(15)
  if (isBoth) use('a rule for both ends')
  const destinationRanges = rangesNear(random, networks)
  return { destinationRanges, ...(isBoth ? { sourceRanges: sameFamily(random, networks, destinationRanges) } : {}) }
}

const sameFamily = (random: Random, networks: readonly NetworkPlan[], as: readonly string[]): readonly string[] => [
  blocksNear(random, networks, as[0]?.includes(':') === true),
]

/** Tags and accounts do not stand in one rule. */
const inward = (
  random: Random,
  use: Use,
  networks: readonly NetworkPlan[],
  byAccount: boolean,
  byTag: boolean,
): Fields => {
  const named = random.below(5)
  if (named === 0 && !byAccount) {
    use('sources by tag')
    return {
      sourceTags: random.some(TAGS, 1, 2),
      ...(random.percent(40) ? { sourceRanges: rangesNear(random, networks) } : {}),
    }
  }
  if (named === 1 && !byTag) {
    use('sources by account')
    return { sourceServiceAccounts: [random.pick(ACCOUNTS)] }
  }
  const isBoth = random.percent(15)
  if (isBoth) use('a rule for both ends')
  const sourceRanges = rangesNear(random, networks)
  return { sourceRanges, ...(isBoth ? { destinationRanges: sameFamily(random, networks, sourceRanges) } : {}) }
}

/** Rules of a policy. `isAbove`: of the organisation. */
const makePolicyRules = (
  random: Random,
  use: Use,
  networks: readonly NetworkPlan[],
  isAbove: boolean,
): readonly Json[] =>
  Array.from({ length: 1 + random.below(3) }, (_, index): Json => {
    const isOut = random.percent(50)
    const goesOn = random.percent(30)
    if (goesOn) use('a rule that goes on')
    const isNamed = isOut && random.percent(10)
    if (isNamed) use('a rule for a name')
    const bySecure = !isAbove && random.percent(8)
    if (bySecure) use('a rule for secure tags')
    const isOne = isAbove && random.percent(25)
    if (isOne) use('a rule for one network')
    const layer4Configs = random.percent(45)
      ? [{ ipProtocol: 'all' }]
      : [{ ipProtocol: random.pick(['tcp', 'udp']), ports: random.some(PORTS, 1, 2) }, { ipProtocol: 'icmp' }]
    const ranges = rangesNear(random, networks)
    return {
      kind: 'compute#firewallPolicyRule',
      priority: 100 + ((index * 37) % 90),
      direction: isOut ? 'EGRESS' : 'INGRESS',
      action: goesOn ? 'goto_next' : random.pick(['allow', 'deny']),
      disabled: random.percent(8),
      match: {
        layer4Configs,
        ...(isNamed ? { destFqdns: ['a.example.com'] } : isOut ? { destIpRanges: ranges } : { srcIpRanges: ranges }),
      },
      ...(random.percent(15) ? { targetServiceAccounts: [random.pick(ACCOUNTS)] } : {}),
      ...(bySecure ? { targetSecureTags: [{ name: 'tagValues/1', state: 'EFFECTIVE' }] } : {}),
      ...(isOne ? { targetResources: [linkTo(random.pick(networks).path)] } : {}),
    }
  })

/** What applies to a network, in one of the ways in which it can be told. */
export const makeFilters = (
  random: Random,
  use: Use,
  network: NetworkPlan,
  networks: readonly NetworkPlan[],
  isAlone: boolean,
): readonly Json[] => {
  const { n, path, subnets } = network
  const firewalls = makeFirewalls(random, use, network, networks)
  const regions = [...new Set(subnets.map(({ region }) => region))]
  const hasGlobal = random.percent(40)
  if (hasGlobal) use('a policy of the network')
  const globals = hasGlobal ? makePolicyRules(random, use, networks, false) : []
  const inRegion = (): readonly Json[] => {
    if (!random.percent(25)) return []
    use('a policy of the region')
    return makePolicyRules(random, use, networks, false)
  }
  if (isAlone) {
    const policy = (self: string, rules: readonly Json[]): Json => ({
      kind: 'compute#firewallPolicy',
      name: self.split('/').at(-1) ?? '',
      selfLink: linkTo(self),
      associations: [{ name: 'a', attachmentTarget: linkTo(path) }],
      rules,
    })
    return [
      ...firewalls,
      ...(hasGlobal ? [policy(`projects/p/global/firewallPolicies/pol${n}`, globals)] : []),
      ...regions.flatMap((region, index) => {
        const rules = inRegion()
        return rules.length === 0
          ? []
          : [policy(`projects/p/regions/${region}/firewallPolicies/pol${n}-${index}`, rules)]
      }),
    ]
  }
  if (random.percent(6)) {
    use('nothing of what stands above')
    return firewalls
  }
  const above = Array.from({ length: random.percent(45) ? 1 + random.below(2) : 0 }, (_, index) => {
    use('a policy of the organisation')
    return {
      name: `${index}`,
      displayName: `org${index}`,
      type: 'HIERARCHY',
      rules: makePolicyRules(random, use, networks, true),
    }
  })
  const own = hasGlobal ? [{ name: `pol${n}`, type: 'NETWORK', rules: globals }] : []
  const listed = random.percent(50) ? firewalls : []
  if (random.percent(40)) {
    use('effective firewalls of the network')
    return [{ network: path, effectiveFirewalls: { firewalls, firewallPolicys: [...above, ...own] } }, ...listed]
  }
  use('effective firewalls by region')
  return [
    ...regions.map((region, index) => {
      const rules = inRegion()
      const regional = rules.length === 0 ? [] : [{ name: `pol${n}-${index}`, type: 'NETWORK_REGIONAL', rules }]
      return {
        network: path,
        region,
        effectiveFirewalls: { firewalls, firewallPolicys: [...above, ...own, ...regional] },
      }
    }),
    ...listed,
  ]
}
