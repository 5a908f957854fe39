import { field, type Json, type JsonObject, list, text } from '../../model/json.ts'
import type { Linking } from './link.ts'
import { attributeOf, isUnknown, listOf, type Resource, wordOf } from './resource.ts'
import { OTHER_TARGETS, openHop, TARGETS, targetField } from './route-targets.ts'
import type { Supply } from './supply.ts'
import { expressionOf, type World } from './world.ts'

/** Where a route is for: the fields of its destination as Terraform and as AWS write them. */
const DESTINATIONS = {
  standalone: [
    ['destination_cidr_block', 'DestinationCidrBlock'],
    ['destination_ipv6_cidr_block', 'DestinationIpv6CidrBlock'],
    ['destination_prefix_list_id', 'DestinationPrefixListId'],
  ],
  inline: [
    ['cidr_block', 'DestinationCidrBlock'],
    ['ipv6_cidr_block', 'DestinationIpv6CidrBlock'],
    ['destination_prefix_list_id', 'DestinationPrefixListId'],
  ],
} as const

const STATIC = { Origin: 'CreateRoute', State: 'active' }

/** A route that is a resource of its own. Source: AWS provider, `aws_route`; EC2 API Reference, Route. */
export const standaloneRoute = (world: World, linking: Linking, supply: Supply, resource: Resource): JsonObject => {
  // What nobody wrote is filled in by the provider: an instance’s interface, say.
  const isSet = (key: string): boolean =>
    attributeOf(resource, key) !== null ||
    (isUnknown(resource, key) && expressionOf(world, resource, key) !== undefined)
  const targets = TARGETS.filter(([key]) => isSet(key)).map(([key, awsKey, noun]) =>
    targetField(linking.link(resource, key, noun), awsKey, `${resource.address}.${key}`, supply),
  )
  const list = isSet('destination_prefix_list_id')
    ? linking.link(resource, 'destination_prefix_list_id', 'prefix-list')
    : null
  return {
    ...destinationOf(DESTINATIONS.standalone, key => wordOf(resource, key)),
    ...(list === null || list.kind === 'none'
      ? {}
      : { DestinationPrefixListId: list.kind === 'id' ? list.id : `${resource.address}.destination_prefix_list_id` }),
    ...Object.assign({}, ...targets.toReversed()),
    ...othersOf(key => wordOf(resource, key)),
    ...STATIC,
    ...(wordOf(resource, 'state') === 'blackhole' ? { State: 'blackhole' } : {}),
  }
}

/**
 * Routes that stand in their table. The configuration has one list of references for all of them, without order: an element’s open
 * target is the only one of its kind in that list, or nobody can tell which.
 * Source: AWS provider, `aws_route_table`; Terraform, “Attributes as Blocks”.
 */
export const inlineRoutes = (linking: Linking, supply: Supply, resource: Resource): readonly JsonObject[] => {
  const mask = field(resource.unknown, 'route')
  if (mask === true && linking.isFed(resource, 'route')) {
    const token = `${resource.address}.route`
    supply.lead(token, openHop(`the routes of \`${resource.address}\` are not known before it is applied`))
    return [{ GatewayId: token, ...STATIC }]
  }
  return listOf(resource, 'route').map((route, i) => {
    const open = list(mask)[i]
    const targets = TARGETS.map(([key, awsKey, noun]): JsonObject => {
      const word = wordIn(route, key)
      if (word !== null) return targetField({ kind: 'id', ...linking.named(word) }, awsKey, '', supply)
      if (field(open, key) !== true) return {}
      const link = linking.linkWithin(resource, 'route', noun)
      return link.kind === 'none' ? {} : targetField(link, awsKey, `${resource.address}.route[${i}].${key}`, supply)
    })
    return {
      ...destinationOf(DESTINATIONS.inline, key => wordIn(route, key)),
      ...Object.assign({}, ...targets.toReversed()),
      ...othersOf(key => wordIn(route, key)),
      ...STATIC,
    }
  })
}

const wordIn = (one: Json, key: string): string | null => {
  const word = text(field(one, key))
  return word === undefined || word === '' ? null : word
}

/** Where nothing is known of it, a route says nothing: it may be for anything. */
const destinationOf = (
  keys: readonly (readonly [string, string])[],
  word: (key: string) => string | null,
): JsonObject => {
  for (const [key, awsKey] of keys) {
    const value = word(key)
    if (value !== null) return { [awsKey]: value }
  }
  return {}
}

const othersOf = (word: (key: string) => string | null): JsonObject => {
  for (const [key, awsKey] of OTHER_TARGETS) {
    const value = word(key)
    if (value !== null) return { [awsKey]: value }
  }
  return {}
}

/** What a route is for, to tell two of one table apart. */
export const destinationText = (route: JsonObject): string =>
  text(route['DestinationCidrBlock']) ??
  text(route['DestinationIpv6CidrBlock']) ??
  text(route['DestinationPrefixListId']) ??
  ''
