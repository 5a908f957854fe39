import type { Network, Subnet } from '../../model/fabric.ts'
import { at, field, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { Doubt } from '../../model/rule.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import type { Associations } from './associations.ts'
import { cidrIn, cloudObject, type Item, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { EVERYWHERE, ownServicesOf, UNROUTED } from './own-services.ts'

interface Around {
  /** A table that nobody read may be the main one, or a subnet’s. */
  readonly tablesAreCut: boolean
  /** An account and a region block public access; which ones is not said. */
  readonly isBlocked: boolean
}

/** Source: EC2 API Reference, Vpc. */
export const lowerVpc = (
  item: Item,
  associations: Associations,
  { tablesAreCut, isBlocked }: Around,
): Lowered<Network> => {
  const object = cloudObject('Vpcs', item)
  const { ranges, faults } = rangesIn(item.body)
  const primary = cidrIn(item.body, 'CidrBlock')
  return {
    id: object.id,
    item,
    value: {
      ...object,
      ranges,
      ownServices: ownServicesOf(
        primary.kind === 'read' ? primary.value : (ranges.find(({ family }) => family === 4) ?? null),
      ),
      mainTable: tablesAreCut ? null : (associations.mainTableOf(object.id) ?? null),
      internetDoubts: isBlocked ? [blockedBy('in an account and a region of the estate')] : blockedIn(item.body),
    },
    faults: [...faults, ...blockedIn(item.body).map(({ why }) => why), ...disputeOf(object.id, associations)],
  }
}

/** Source: EC2 API Reference, Subnet. */
export const lowerSubnet = (item: Item, associations: Associations): Lowered<Subnet> => {
  const object = cloudObject('Subnets', item)
  const { ranges, faults } = rangesIn(item.body)
  const network = idIn('Vpcs', item.body, 'VpcId')
  const acl = associations.aclOf(object.id)
  return {
    id: object.id,
    item,
    value:
      network === null
        ? null
        : {
            ...object,
            network,
            zone: wordIn(item.body, 'AvailabilityZone'),
            zoneNames: zoneNamesIn(item.body),
            ranges,
            rangesAreKnown: faults.length === 0,
            ownServices: EVERYWHERE,
            unrouted: UNROUTED,
            table: associations.tableOf(object.id) ?? null,
            filters: acl === undefined ? null : [acl],
            routesInside: false,
            memberFilters: [],
            outward: [],
            internetDoubts: blockedIn(item.body),
          },
    faults: [
      ...(network === null ? ['it names no VPC'] : []),
      ...faults,
      ...blockedIn(item.body).map(({ why }) => why),
      ...disputeOf(object.id, associations),
    ],
  }
}

/**
 * A zone’s name is its account’s own, its id is the same for all of them. Local and Wavelength zones reach transit gateways by
 * way of another zone, which is not told. Source: EC2 User Guide, “AZ IDs” and “Regions and Zones”; Amazon VPC Transit
 * Gateways, “Amazon VPC attachments”.
 */
const zoneNamesIn = (body: JsonObject): Readonly<Record<string, string>> => {
  const [id, name] = [wordIn(body, 'AvailabilityZoneId'), wordIn(body, 'AvailabilityZone')]
  if (name !== null && !/^[a-z]{2}(?:-[a-z]+)+-\d+[a-z]$/.test(name)) return {}
  const account = `account ${wordIn(body, 'OwnerId') ?? ''}`
  return { ...(id === null ? {} : { id }), ...(name === null ? {} : { [account]: name }) }
}

const disputeOf = (id: string, { disputed }: Associations): readonly string[] =>
  disputed.has(id) ? ['documents name different route tables or network ACLs for it'] : []

interface Ranges {
  readonly ranges: readonly AnyCidr[]
  readonly faults: readonly string[]
}

/** Blocks of IPv4, the first one alone where the list of them is not there, and of IPv6, which say nothing of each other. */
export const rangesIn = (body: JsonObject): Ranges => {
  const listed = list(field(body, 'CidrBlockAssociationSet'))
  const blocks: readonly (readonly [Json, string])[] = [
    ...(listed.length === 0 && wordIn(body, 'CidrBlock') !== null ? [[body, 'CidrBlock'] as const] : []),
    ...listed.filter(one => isHeld(one, 'CidrBlockState')).map(one => [one, 'CidrBlock'] as const),
    ...list(field(body, 'Ipv6CidrBlockAssociationSet'))
      .filter(one => isHeld(one, 'Ipv6CidrBlockState'))
      .map(one => [one, 'Ipv6CidrBlock'] as const),
  ]
  const ranges: AnyCidr[] = []
  const faults: string[] = []
  for (const [one, key] of blocks) {
    const read = cidrIn(one, key)
    if (read.kind === 'read') ranges.push(read.value)
    else faults.push(`a range cannot be read: ${read.why}`)
  }
  return { ranges, faults }
}

/** A block that is being taken away, or never came, is not its own. Source: EC2 API Reference, VpcCidrBlockState. */
const isHeld = (one: Json, key: string): boolean => (text(at(one, key, 'State')) ?? 'associated') === 'associated'

/** Source: VPC User Guide, “Block public access to VPCs and subnets”. */
const blockedIn = (body: JsonObject): readonly Doubt[] => {
  const mode = text(at(body, 'BlockPublicAccessStates', 'InternetGatewayBlockMode'))
  if (mode === undefined || mode === 'off') return []
  return [blockedBy(`\`${mode}\``)]
}

const blockedBy = (where: string): Doubt => ({
  level: 'unknown',
  why: `VPC Block Public Access (${where}) overrides routes to internet gateways, and is not evaluated`,
  settledBy: 'the settings and exclusions of VPC Block Public Access, or a probe',
})
