import { field, isObject, type Json, type JsonObject, list, text, texts } from '../model/json.ts'
import type { NamedByAttribute, PlannedResource } from '../model/plan.ts'
import type { DocumentPath, Origin } from '../model/provenance.ts'
import type { RawDocument } from '../sources/files/read.ts'
import { configurationIn } from '../sources/terraform/configuration.ts'
import type { Linking } from '../sources/terraform/link.ts'
import { linkingIn } from '../sources/terraform/links.ts'
import { moduleReader } from '../sources/terraform/modules.ts'
import type { NounName } from '../sources/terraform/nouns.ts'
import { isPlan } from '../sources/terraform/recognise.ts'
import type { Resource } from '../sources/terraform/resource.ts'
import { resourcesIn } from '../sources/terraform/resources.ts'
import { type World, worldOf } from '../sources/terraform/world.ts'

/** A plan as its resources tell it, beside the networks that are made of them. */
export interface PlanDocument {
  readonly file: string
  readonly resources: readonly PlannedResource[]
  /** The resource that a place of the document belongs to. */
  readonly addressAt: (origin: Origin, at: DocumentPath) => string | null
}

/** null: it is no plan. `lines`: where changes are told, by address. */
export const planDocument = (
  document: RawDocument,
  lines: ReadonlyMap<string, number> = new Map(),
): PlanDocument | null => {
  const { body, origin } = document
  if (!isPlan(body)) return null
  const moduleOf = moduleReader()
  const changes = changesIn(body)
  const prior = resourcesIn(document, ['prior_state', 'values'], moduleOf, new Map())
  const planned = resourcesIn(document, ['planned_values'], moduleOf, changes)
  const configuration = configurationIn(body)
  const worlds = {
    before: worldOf(prior.managed, prior.data, configurationIn({})),
    after: worldOf(planned.managed, prior.data, configuration),
  }
  const linking = { before: linkingIn(worlds.before), after: linkingIn(worlds.after) }
  const [before, after] = [byAddress(prior.managed), byAddress(planned.managed)]
  const addresses = [...new Set([...changes.keys(), ...before.keys(), ...after.keys()])]
  const places = new Map([...prior.managed, ...planned.managed].map(one => [placeKey(one.at), one.address]))
  return {
    file: origin.file,
    resources: addresses.flatMap((address): readonly PlannedResource[] => {
      const [was, is] = [before.get(address), after.get(address)]
      const one = is ?? was
      if (one === undefined) return []
      const change = field(changes.get(address), 'change')
      const actions = texts(field(change, 'actions')).filter(action => action !== 'no-op' && action !== 'read')
      return [
        {
          address,
          type: one.type,
          actions,
          file: origin.file,
          line: lines.get(address) ?? origin.line,
          isChanged: actions.length > 0 && !changesTagsAlone(actions, change),
          before: was?.values ?? null,
          after: is?.values ?? null,
          unknown: is !== undefined && isObject(is.unknown) ? is.unknown : {},
          written: writtenOf(worlds.after, one),
          names: [
            ...(was === undefined ? [] : namesOf(was, 'before', linking.before)),
            ...(is === undefined ? [] : namesOf(is, 'after', linking.after)),
          ],
        },
      ]
    }),
    addressAt: (other, at) => {
      if (other.file !== origin.file || other.start !== origin.start) return null
      for (let i = at.length; i > 1; i--)
        if (at[i - 2] === 'resources') {
          const found = places.get(placeKey(at.slice(0, i)))
          if (found !== undefined) return found
        }
      return null
    },
  }
}

/** Changes of current objects; those of deposed ones are about what has no address any more. */
const changesIn = (body: JsonObject): ReadonlyMap<string, JsonObject> => {
  const found = new Map<string, JsonObject>()
  for (const one of list(field(body, 'resource_changes'))) {
    const address = text(field(one, 'address'))
    if (address !== undefined && isObject(one) && text(field(one, 'deposed')) === undefined) found.set(address, one)
  }
  return found
}

const byAddress = (resources: readonly Resource[]): ReadonlyMap<string, Resource> =>
  new Map(resources.map(one => [one.address, one]))

const placeKey = (at: DocumentPath): string => at.join('\u0000')

/** Source: AWS provider, “Resource Tagging”: `tags_all` is `tags` with the provider’s own. */
const changesTagsAlone = (actions: readonly string[], change: Json | undefined): boolean => {
  const [before, after, unknown] = ['before', 'after', 'after_unknown'].map(key => field(change, key))
  if (actions.some(action => action !== 'update') || !isObject(before) || !isObject(after)) return false
  const keys = new Set([
    ...Object.keys(before),
    ...Object.keys(after),
    ...(isObject(unknown) ? Object.keys(unknown) : []),
  ])
  return [...keys].every(
    key =>
      key === 'tags' ||
      key === 'tags_all' ||
      (JSON.stringify(field(before, key)) === JSON.stringify(field(after, key)) && field(unknown, key) !== true),
  )
}

const writtenOf = ({ configuration }: World, { module, type, name }: Resource): ReadonlySet<string> => {
  const expressions = field(configuration.resource(module.path, type, name), 'expressions')
  return new Set(isObject(expressions) ? Object.keys(expressions) : [])
}

/** Attributes that name an object of a network, and what kind. Source: Terraform Registry, AWS provider, the pages of the resources. */
const SINGLE: Readonly<Record<string, NounName>> = {
  vpc_id: 'vpc',
  peer_vpc_id: 'vpc',
  subnet_id: 'subnet',
  route_table_id: 'route-table',
  default_route_table_id: 'route-table',
  gateway_id: 'gateway',
  internet_gateway_id: 'internet-gateway',
  vpn_gateway_id: 'vpn-gateway',
  nat_gateway_id: 'nat-gateway',
  egress_only_gateway_id: 'egress-only-gateway',
  vpc_peering_connection_id: 'peering',
  vpc_endpoint_id: 'endpoint',
  network_interface_id: 'interface',
  instance: 'instance',
  instance_id: 'instance',
  network_acl_id: 'network-acl',
  security_group_id: 'security-group',
  destination_prefix_list_id: 'prefix-list',
  prefix_list_id: 'prefix-list',
  transit_gateway_id: 'transit-gateway',
  transit_gateway_attachment_id: 'attachment',
  transit_gateway_route_table_id: 'transit-table',
}

const LISTS: Readonly<Record<string, NounName>> = {
  subnet_ids: 'subnet',
  subnets: 'subnet',
  vpc_zone_identifier: 'subnet',
}

const namesOf = (resource: Resource, when: 'before' | 'after', linking: Linking): readonly NamedByAttribute[] => {
  const holds = (key: string): boolean =>
    (field(resource.values, key) ?? null) !== null || field(resource.unknown, key) !== undefined
  const single = Object.entries(SINGLE).flatMap(([attribute, noun]): readonly NamedByAttribute[] => {
    if (!holds(attribute)) return []
    const link = linking.link(resource, attribute, noun)
    if (link.kind === 'none') return []
    return link.kind === 'id'
      ? [{ attribute, when, ids: [link.id], open: null }]
      : [{ attribute, when, ids: [], open: { why: link.why, among: link.among.map(({ id }) => id) } }]
  })
  const lists = Object.entries(LISTS).flatMap(([attribute, noun]): readonly NamedByAttribute[] => {
    if (!holds(attribute)) return []
    const { named, open } = linking.links(resource, attribute, noun)
    const why = open === null ? null : { why: open.why, among: open.among.map(({ id }) => id) }
    return [{ attribute, when, ids: named.map(({ id }) => id), open: why }]
  })
  return [...single, ...lists]
}
