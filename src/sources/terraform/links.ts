import { field, list, text } from '../../model/json.ts'
import { type Link, type Linking, type Links, type Named, whyOpen } from './link.ts'
import { DEFAULTS_OF_VPC, holdingOf, isOwnId, type NounName } from './nouns.ts'
import { attributeOf, isOpenIn, isUnknown, type Resource, wordOf } from './resource.ts'
import { feedingIn, ofKind, type Source, type Sources, sourcesIn } from './sources.ts'
import { expressionOf, idOf, type World } from './world.ts'

/** What attributes name, known or not yet. */
export const linkingIn = (world: World): Linking => {
  const sourcesOf = sourcesIn(world)
  const isFed = feedingIn(world)
  const known = new Map<string, Sources>()
  const aliases = new Map<string, Resource>()

  const resourcesById = new Map<string, Resource>()
  const put = (types: readonly string[]): void => {
    for (const type of types) for (const one of world.ofType(type)) resourcesById.set(idOf(one), one)
  }
  put(LINKED)
  const named = (given: string): Named => {
    // What is yet to be made comes with one table for both.
    const id = given
      .replace(/\.main_route_table_id$/, '.default_route_table_id')
      .replace(/\.propagation_default_route_table_id$/, '.association_default_route_table_id')
    const alias = aliases.get(id)
    if (alias !== undefined) return { id: idOf(alias), of: alias }
    return { id, of: resourcesById.get(id) ?? null }
  }

  /** The sources of an expression, before its own instance chooses among them; an expression is read once for all instances. */
  const sources = (resource: Resource, key: string, noun: NounName): Sources => {
    const { module, type, name } = resource
    const group = world.group(module.address, type, name)
    const size = group?.instances.size ?? 1
    const forEach = field(world.configuration.resource(module.path, type, name), 'for_each_expression')
    const id = `${noun} ${module.address} ${type}.${name} ${resource.key ?? ''} ${key}`
    const before = known.get(id)
    if (before !== undefined) return before
    const made = sourcesOf(expressionOf(world, resource, key), { module, key: resource.key, size, forEach }, noun)
    known.set(id, made)
    return made
  }

  /** The ids that a source may stand for, as far as they are not known: what is known is not where something unknown comes from. */
  const namedBy = ({ group, key, path }: Source, noun: NounName, search: Search): readonly (Named | null)[] => {
    const one = key === undefined ? undefined : group.instances.get(key)
    const instances = key === undefined ? [...group.instances.values()] : one === undefined ? [] : [one]
    const held = path === null ? (holdingOf(noun, group.type) ?? ['id']) : [path]
    if (instances.length > search.most) return [null]
    return instances.flatMap(instance => held.flatMap(attribute => namedIn(instance, attribute, noun, search)))
  }
  const namedIn = (
    resource: Resource,
    attribute: string,
    noun: NounName,
    search: Search,
  ): readonly (Named | null)[] => {
    if (search.steps++ > MOST_STEPS) return [null]
    if (isOwnId(resource.type, attribute)) return idIsKnown(resource) ? [] : [named(resource.address)]
    if (!isUnknown(resource, attribute)) return []
    const ownName = `${resource.address}.${attribute}`
    if (expressionOf(world, resource, attribute) === undefined) return [named(ownName)]
    // What leads back to itself has nothing of its own.
    if (search.open.has(ownName)) return []
    search.open.add(ownName)
    const link = fromSources(resource, attribute, noun, sources(resource, attribute, noun), search)
    search.open.delete(ownName)
    return link.kind === 'id' ? [link] : link.kind === 'open' ? [...link.among, ...(link.isAll ? [] : [null])] : []
  }

  const single = (resource: Resource, key: string, noun: NounName): Link => {
    const value = wordOf(resource, key)
    if (value !== null) return { kind: 'id', ...named(value) }
    if (!isUnknown(resource, key)) return { kind: 'none' }
    return fromSources(
      resource,
      key,
      noun,
      sources(resource, key, noun),
      searchFrom(resource, key, MOST_TO_CHOOSE_FROM),
    )
  }

  const fromSources = (
    resource: Resource,
    key: string,
    noun: NounName,
    { found, unclear, isBlind }: Sources,
    search: Search,
  ): Link => {
    const candidates = found.flatMap(source => namedBy(source, noun, search))
    // Where nothing open goes in, nothing comes out but what the provider fills in by itself.
    if (candidates.length === 0 && unclear.length === 0 && !isBlind) return { kind: 'none' }
    const among = onceEach(candidates.filter(one => one !== null))
    const isAll = among.length > 0 && unclear.length === 0 && !candidates.includes(null)
    const [only, ...more] = among
    if (only !== undefined && more.length === 0 && isAll) return { kind: 'id', ...only }
    return { kind: 'open', why: whyOpen(resource, key, 'is one of', among, isAll), among, isAll }
  }

  const links = (resource: Resource, key: string, noun: NounName): Links => {
    const told = list(attributeOf(resource, key) ?? undefined)
    const mask = field(resource.unknown, key)
    const certain = told.flatMap((one, i): Named[] => {
      const id = list(mask)[i] === true ? undefined : text(one)
      return id === undefined || id === '' ? [] : [named(id)]
    })
    if (!isOpenIn(resource, key)) return { named: certain, open: null }
    const { found, unclear, isPlain, isBlind } = sources(resource, key, noun)
    const search = searchFrom(resource, key, isPlain ? Number.POSITIVE_INFINITY : MOST_TO_CHOOSE_FROM)
    const candidates = found.flatMap(source => namedBy(source, noun, search))
    if (candidates.length === 0 && unclear.length === 0 && !isBlind) return { named: certain, open: null }
    const among = onceEach(candidates.filter(one => one !== null))
    const isAll = among.length > 0 && unclear.length === 0 && !candidates.includes(null)
    if (isAll && isPlain) return { named: onceEach([...certain, ...among]), open: null }
    return { named: certain, open: { why: whyOpen(resource, key, 'is some of', among, isAll), among, isAll } }
  }

  // Defaults that are managed are those of the VPC: whoever names the one means the other.
  for (const [key, type] of Object.entries(DEFAULTS_OF_VPC))
    for (const one of world.ofType(type)) {
      const vpcKey = type === 'aws_default_security_group' ? 'vpc_id' : key
      const link = single(one, vpcKey, type === 'aws_default_security_group' ? 'vpc' : (NOUN_OF_DEFAULT[key] ?? 'vpc'))
      if (link.kind === 'id') aliases.set(type === 'aws_default_security_group' ? `${link.id}.${key}` : link.id, one)
    }

  return {
    link: (resource, key, noun) => single(resource, key, noun),
    links,
    linkWithin: (resource, key, noun) => {
      const all = sources(resource, key, noun)
      const unclear = all.unclear.filter(text => text.startsWith('data.'))
      const link = fromSources(
        resource,
        key,
        noun,
        { ...ofKind(all, noun), unclear },
        searchFrom(resource, key, MOST_TO_CHOOSE_FROM),
      )
      return link.kind === 'none'
        ? { kind: 'open', why: whyOpen(resource, key, 'is one of', [], false), among: [], isAll: false }
        : link
    },
    isFed: (resource, key) => isFed(expressionOf(world, resource, key), resource.module),
    named,
  }
}

const NOUN_OF_DEFAULT: Readonly<Record<string, NounName>> = {
  default_route_table_id: 'route-table',
  default_network_acl_id: 'network-acl',
}

/** One question: what it goes through at the moment, and how far it has gone. */
interface Search {
  readonly open: Set<string>
  steps: number
  /** Of more instances than these nobody looks for one. */
  readonly most: number
}

const searchFrom = ({ address }: Resource, key: string, most: number): Search => ({
  open: new Set([`${address}.${key}`]),
  steps: 0,
  most,
})

const MOST_TO_CHOOSE_FROM = 256

/** No configuration needs more; one that does is open. */
const MOST_STEPS = 10_000

/** Types that others name by their ids. */
const LINKED = [
  'aws_vpc',
  'aws_default_vpc',
  'aws_subnet',
  'aws_default_subnet',
  'aws_route_table',
  'aws_default_route_table',
  'aws_network_acl',
  'aws_default_network_acl',
  'aws_security_group',
  'aws_default_security_group',
  'aws_internet_gateway',
  'aws_vpn_gateway',
  'aws_nat_gateway',
  'aws_egress_only_internet_gateway',
  'aws_vpc_peering_connection',
  'aws_vpc_endpoint',
  'aws_network_interface',
  'aws_instance',
  'aws_ec2_managed_prefix_list',
  'aws_ec2_transit_gateway',
  'aws_ec2_transit_gateway_vpc_attachment',
  'aws_ec2_transit_gateway_route_table',
] as const

const idIsKnown = (resource: Resource): boolean => idOf(resource) !== resource.address

const onceEach = (all: readonly Named[]): readonly Named[] => [...new Map(all.map(one => [one.id, one])).values()]
