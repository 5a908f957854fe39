import type { Json } from '../../model/json.ts'
import { field } from '../../model/json.ts'
import type { Configuration } from './configuration.ts'
import type { Key, ModuleInstance } from './modules.ts'
import { DEFAULTS_OF_VPC } from './nouns.ts'
import { type Resource, wordOf } from './resource.ts'

/** All instances of one resource in one module instance. */
export interface Group {
  readonly module: ModuleInstance
  readonly type: string
  readonly name: string
  readonly instances: ReadonlyMap<Key | null, Resource>
}

/** The resources of one state, or of what a plan leaves, with what was written of them. */
export interface World {
  readonly configuration: Configuration
  readonly ofType: (type: string) => readonly Resource[]
  /** What data sources tell. */
  readonly dataOf: (type: string) => readonly Resource[]
  /** Resources of a type by what one of their attributes says. */
  readonly having: (type: string, key: string, value: string) => readonly Resource[]
  readonly group: (module: string, type: string, name: string) => Group | undefined
  /** Resources that a module instance holds itself. */
  readonly groupsIn: (module: string) => readonly Group[]
  /** Instances of a module that one module instance calls; without a key those of every key. */
  readonly called: (module: string, call: string) => readonly ModuleInstance[]
  readonly calledBy: (module: string) => readonly ModuleInstance[]
  /** Whether a data source was read already. */
  readonly isRead: (address: string) => boolean
}

export const worldOf = (
  resources: readonly Resource[],
  data: readonly Resource[],
  configuration: Configuration,
): World => {
  const byType = Map.groupBy(resources, ({ type }) => type)
  const groups = new Map<string, Group & { readonly instances: Map<Key | null, Resource> }>()
  const modules = new Map<string, ModuleInstance>()
  for (const resource of resources) {
    const { module, type, name } = resource
    const id = `${module.address} ${type}.${name}`
    const group = groups.get(id) ?? { module, type, name, instances: new Map<Key | null, Resource>() }
    groups.set(id, group)
    // A deposed object has the address of the one that replaces it.
    if (!group.instances.has(resource.key)) group.instances.set(resource.key, resource)
    for (let here: ModuleInstance | null = module; here !== null && !modules.has(here.address); here = here.parent)
      modules.set(here.address, here)
  }
  const inModule = Map.groupBy(groups.values(), ({ module }) => module.address)
  const children = Map.groupBy(
    [...modules.values()].filter(({ parent }) => parent !== null),
    ({ parent }) => parent?.address ?? '',
  )
  const calls = Map.groupBy(
    [...modules.values()].filter(({ parent }) => parent !== null),
    ({ parent, call }) => `${parent?.address ?? ''} ${call}`,
  )
  const indexes = new Map<string, Map<string | null, Resource[]>>()
  const indexed = (type: string, key: string): ReadonlyMap<string | null, readonly Resource[]> => {
    const made = indexes.get(`${type} ${key}`) ?? Map.groupBy(byType.get(type) ?? [], one => wordOf(one, key))
    indexes.set(`${type} ${key}`, made)
    return made
  }
  const dataByType = Map.groupBy(data, ({ type }) => type)
  const read = new Set(data.map(({ address }) => address))
  return {
    configuration,
    ofType: type => byType.get(type) ?? [],
    having: (type, key, value) => indexed(type, key).get(value) ?? [],
    dataOf: type => dataByType.get(type) ?? [],
    group: (module, type, name) => groups.get(`${module} ${type}.${name}`),
    groupsIn: module => inModule.get(module) ?? [],
    called: (module, call) => calls.get(`${module} ${call}`) ?? [],
    calledBy: module => children.get(module) ?? [],
    isRead: address => read.has(address),
  }
}

/** What stands in the configuration for an attribute; undefined: nothing, so that the provider alone decides on it. */
export const expressionOf = ({ configuration }: World, resource: Resource, key: string): Json | undefined =>
  field(field(configuration.resource(resource.module.path, resource.type, resource.name), 'expressions'), key)

/** Its own id, or as long as it has none, its address. What is adopted has an id before it is. */
export const idOf = (resource: Resource): string => {
  const own = wordOf(resource, 'id')
  if (own !== null) return own
  for (const [key, type] of Object.entries(DEFAULTS_OF_VPC))
    if (resource.type === type) return wordOf(resource, key) ?? resource.address
  return resource.address
}
