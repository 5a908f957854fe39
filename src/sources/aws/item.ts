import type { CloudObject } from '../../model/fabric.ts'
import { at, field, type Json, type JsonObject, list, text } from '../../model/json.ts'
import { compareOrigins, type DocumentPath, type Origin } from '../../model/provenance.ts'
import { type Reading, refuse } from '../../sets/algebra.ts'
import { type AnyAddress, type AnyCidr, readAddress, readCidr } from '../../sets/cidr.ts'
import { remembered } from '../../sets/remembered.ts'
import { COLLECTIONS, type CollectionName } from './schema.ts'

/** One object of an output, with its place. */
export interface Item {
  /** As AWS writes it: `subnet-0a1`. */
  readonly id: string
  readonly body: JsonObject
  readonly origin: Origin
  readonly at: DocumentPath
}

/** By place, whatever the order in which documents come. */
export const compareItems = (a: Item, b: Item): number => compareOrigins(a.origin, b.origin) || comparePaths(a.at, b.at)

const comparePaths = (a: DocumentPath, b: DocumentPath): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]]
    if (x === y) continue
    if (typeof x === 'number' && typeof y === 'number') return x - y
    return String(x) < String(y) ? -1 : 1
  }
  return a.length - b.length
}

export const idFor = (collection: CollectionName, id: string): string => `aws:${COLLECTIONS[collection].noun}/${id}`

/** The id of what a field names; null where it names nothing. */
export const idIn = (collection: CollectionName, body: Json | undefined, key: string): string | null => {
  const id = wordIn(body, key)
  return id === null ? null : idFor(collection, id)
}

/** Text that says something; null for anything else. */
export const wordIn = (body: Json | undefined, key: string): string | null => {
  const word = text(field(body, key))
  return word === undefined || word === '' ? null : word
}

/** What every object has. The region is told by a zone or an ARN, where the object has one. */
export const cloudObject = (collection: CollectionName, item: Item): CloudObject => ({
  id: idFor(collection, item.id),
  name: nameOf(item.body),
  account: wordIn(item.body, 'OwnerId'),
  region: regionOf(item.body),
  origin: item.origin,
  at: item.at,
})

/** Network interfaces call their tags otherwise than everything else does. */
const nameOf = (body: JsonObject): string | null => {
  for (const tag of [...list(field(body, 'Tags')), ...list(field(body, 'TagSet'))])
    if (field(tag, 'Key') === 'Name') return wordIn(tag, 'Value')
  return null
}

const ARNS = ['SubnetArn', 'SecurityGroupArn', 'TransitGatewayArn', 'PrefixListArn', 'SecurityGroupRuleArn'] as const

/** Zones begin with their region, local ones too: `us-west-2-lax-1a`. Source: EC2 User Guide, “Regions and Zones”. */
const regionOf = (body: JsonObject): string | null => {
  const zone = wordIn(body, 'AvailabilityZone') ?? text(at(body, 'Placement', 'AvailabilityZone'))
  const region = /^[a-z]{2}(?:-[a-z]+)+-\d+/.exec(zone ?? '')?.[0]
  if (region !== undefined) return region
  for (const key of ARNS) {
    const [, , , inArn] = (wordIn(body, key) ?? '').split(':')
    if (inArn !== undefined && inArn !== '') return inArn
  }
  return null
}

export const cidrIn = (body: Json | undefined, key: string): Reading<AnyCidr> => {
  const written = wordIn(body, key)
  return written === null ? refuse(`\`${key}\` is missing or no text`) : read(written)
}

const read = remembered(readCidr)

export const addressIn = (body: Json | undefined, key: string): Reading<AnyAddress> => {
  const written = wordIn(body, key)
  return written === null ? refuse(`\`${key}\` is missing or no text`) : readAddress(written)
}
