import { at, field, type Json } from '../../model/json.ts'
import { DEEPEST, type Key, type ModuleInstance } from './modules.ts'
import { holdingOf, isOwnId, NOUNS, type NounName } from './nouns.ts'
import { type Path, type Reference, referencesIn } from './references.ts'
import { isUnknown } from './resource.ts'
import { expressionOf, type Group, type World } from './world.ts'

/** Resources that a value may come from. */
export interface Source {
  readonly group: Group
  /** undefined: which instance is not said. */
  readonly key: Key | null | undefined
  /** null: which attribute is not said. */
  readonly path: string | null
}

export interface Sources {
  readonly found: readonly Source[]
  /** What else it may come from, and nobody can tell. */
  readonly unclear: readonly string[]
  /** It is those resources’ ids and nothing chooses among them. */
  readonly isPlain: boolean
  /** It uses what no plan tells. */
  readonly isBlind: boolean
}

/** Where an expression stands: what `count.index`, `each.key` and `each.value` mean in it. */
export interface Scope {
  readonly module: ModuleInstance
  readonly key: Key | null
  /** How many instances share the expression. */
  readonly size: number
  readonly forEach: Json | undefined
}

export type SourcesOf = (expression: Json | undefined, scope: Scope, noun: NounName) => Sources

const NOTHING: Sources = { found: [], unclear: [], isPlain: true, isBlind: false }

/** More than these nobody wants to read, and they settle nothing. */
const MOST = 64

/**
 * What is not known yet comes from something that is not: sources that are known are left out. Variables are followed into the call
 * of their module, outputs into theirs. A local value is told by no plan: what it may name of the kind in its module is a source.
 * Source: Terraform, “JSON Output Format”, Configuration Representation and Expression Representation.
 */
export const sourcesIn = (world: World): SourcesOf => {
  const known = new Map<string, Sources | null>()
  /** Each once; one that leads back to itself has nothing of its own. */
  const once = (key: string, make: () => Sources): Sources => {
    const before = known.get(key)
    if (before !== undefined) return before ?? NOTHING
    known.set(key, null)
    const made = make()
    known.set(key, made)
    return made
  }
  const scopeOf = (module: ModuleInstance): Scope | null => {
    const { parent } = module
    if (parent === null || module.depth > DEEPEST) return null
    const siblings = world.called(parent.address, module.call)
    const forEach = field(world.configuration.call(module.path), 'for_each_expression')
    return { module: parent, key: module.key, size: siblings.length, forEach }
  }
  const variable = (module: ModuleInstance, name: string, noun: NounName): Sources =>
    once(`var ${noun} ${module.address} ${name}`, () => {
      const scope = scopeOf(module)
      // What the root is given, and what is left to its default, is known.
      if (scope === null) return NOTHING
      return of(at(world.configuration.call(module.path), 'expressions', name), scope, noun)
    })
  const output = (module: ModuleInstance, expression: Json | undefined, name: string, noun: NounName): Sources =>
    once(`out ${noun} ${module.address} ${name}`, () => {
      const scope = { module, key: null, size: 1, forEach: undefined }
      return module.depth > DEEPEST ? NOTHING : of(expression, scope, noun)
    })
  const outputs = (module: ModuleInstance, noun: NounName): Sources =>
    together(world.configuration.outputs(module.path).map((one, i) => output(module, one, `#${i}`, noun)))
  const local = (module: ModuleInstance, noun: NounName): Sources =>
    once(`local ${noun} ${module.address}`, () => {
      const near = together([
        ...world.groupsIn(module.address).map(group => holdersOf(group, noun)),
        ...world.calledBy(module.address).map(child => ofKind(outputs(child, noun), noun)),
        ...givenTo(module).map(reference => ofKind(given(module, reference, noun), noun)),
      ])
      if (near.found.length > 0 || near.unclear.length > 0 || module.parent === null) return near
      const asks = givenTo(module).some(({ kind }) => kind === 'local')
      return asks && module.depth <= DEEPEST ? local(module.parent, noun) : near
    })
  const givenTo = (module: ModuleInstance): readonly Reference[] => {
    const expressions = field(world.configuration.call(module.path), 'expressions')
    return Object.values(expressions ?? {}).flatMap(one => referencesIn(one as Json))
  }
  /** Locals of the caller are asked only where there is nothing nearer: most say nothing of what is not known yet. */
  const given = (module: ModuleInstance, reference: Reference, noun: NounName): Sources => {
    const scope = scopeOf(module)
    return scope === null || reference.kind === 'local' ? NOTHING : follow(reference, scope, noun)
  }
  const follow = (reference: Reference, scope: Scope, noun: NounName): Sources => {
    switch (reference.kind) {
      case 'resource': {
        const group = world.group(scope.module.address, reference.type, reference.name)
        return group === undefined ? NOTHING : inGroup(world, group, reference.key, reference.path, noun)
      }
      case 'variable':
        return variable(scope.module, reference.name, noun)
      case 'local':
        return { ...local(scope.module, noun), isPlain: false, isBlind: true }
      case 'module': {
        const all = world.called(scope.module.address, reference.call)
        const own = reference.key === undefined ? all : all.filter(({ key }) => key === reference.key)
        const name = reference.output
        const each = own.map(module =>
          name === null
            ? outputs(module, noun)
            : output(module, world.configuration.output(module.path, name), name, noun),
        )
        const made = together(each)
        return reference.path === null && name !== null ? made : { ...made, isPlain: false }
      }
      case 'value': {
        // What it runs over has the same keys, where those are the keys of a resource.
        const over = ofKind(of(scope.forEach, { ...scope, forEach: undefined }, noun), noun)
        return { ...over, found: over.found.map(source => sameIndex(source, scope)), isPlain: false }
      }
      case 'data':
        return world.isRead(reference.text) || world.isRead(withoutPath(reference.text))
          ? NOTHING
          : { ...NOTHING, unclear: [reference.text] }
      case 'unread':
        return { ...NOTHING, unclear: [reference.text], isPlain: false }
      case 'index':
      case 'nothing':
        return { ...NOTHING, isPlain: false }
    }
  }
  const of: SourcesOf = (expression, scope, noun) => {
    const references = referencesIn(expression)
    const all = together(references.map(reference => follow(reference, scope, noun)))
    if (!references.some(({ kind }) => kind === 'index')) return all
    return { ...all, found: all.found.map(source => sameIndex(source, scope)) }
  }
  return of
}

/**
 * A resource that is named without an instance, by an expression that uses its own index: the instance of the same one, where there
 * are as many, or of the same name.
 */
const sameIndex = (source: Source, { key, size }: Scope): Source => {
  if (source.key !== undefined || key === null || !source.group.instances.has(key)) return source
  return typeof key === 'string' || source.group.instances.size === size ? { ...source, key } : source
}

const inGroup = (world: World, group: Group, key: Key | undefined, path: Path, noun: NounName): Sources => {
  const isSingle = group.instances.has(null)
  const source = { group, key: isSingle ? null : key }
  const unclear: Sources = { ...NOTHING, unclear: [`${group.type}.${group.name}`], isPlain: false }
  if (path !== null && typeof path !== 'string') return unclear
  if (path !== null) return { ...NOTHING, found: [{ ...source, path }] }
  if (holdingOf(noun, group.type) !== null) return { ...NOTHING, found: [{ ...source, path: null }] }
  const [some] = group.instances.values()
  const passed = NOUNS[noun].attributes.find(
    one => some !== undefined && (isUnknown(some, one) || expressionOf(world, some, one) !== undefined),
  )
  return passed === undefined ? unclear : { ...NOTHING, found: [{ ...source, path: passed }] }
}

const holdersOf = (group: Group, noun: NounName): Sources =>
  holdingOf(noun, group.type) === null
    ? NOTHING
    : { ...NOTHING, found: [{ group, key: group.instances.has(null) ? null : undefined, path: null }] }

/** Of a value that may be anything, only what has such an id counts, and what nobody can follow may be something else. */
export const ofKind = ({ found, isPlain, isBlind }: Sources, noun: NounName): Sources => ({
  found: found.filter(({ group, path }) => {
    const held = holdingOf(noun, group.type)
    if (held === null) return path !== null && (NOUNS[noun].attributes as readonly string[]).includes(path)
    return path === null || held.includes(isOwnId(group.type, path) ? 'id' : path)
  }),
  unclear: [],
  isPlain,
  isBlind,
})

const together = (all: readonly Sources[]): Sources => {
  const found = new Map<string, Source>()
  const unclear = new Set<string>()
  for (const one of all) {
    for (const source of one.found) {
      const { group, key, path } = source
      found.set(`${group.module.address} ${group.type}.${group.name} ${typeof key} ${key} ${path ?? '*'}`, source)
    }
    for (const text of one.unclear) unclear.add(text)
    if (found.size > MOST || unclear.size > MOST) break
  }
  const isMore = found.size > MOST || unclear.size > MOST
  return {
    found: [...found.values()].slice(0, MOST),
    unclear: [...[...unclear].slice(0, MOST), ...(isMore ? ['more'] : [])],
    isPlain: !isMore && all.every(one => one.isPlain),
    isBlind: all.some(one => one.isBlind),
  }
}

/** Whether anything that is perhaps not known goes into an expression. Each variable is followed once. */
export const feedingIn = (world: World): ((expression: Json | undefined, module: ModuleInstance) => boolean) => {
  const known = new Map<string, boolean>()
  const isFed = (expression: Json | undefined, module: ModuleInstance): boolean =>
    referencesIn(expression).some(reference => {
      if (reference.kind === 'index' || reference.kind === 'nothing') return false
      if (reference.kind !== 'variable') return true
      const id = `${module.address} ${reference.name}`
      const before = known.get(id)
      if (before !== undefined) return before
      const { parent } = module
      const given = at(world.configuration.call(module.path), 'expressions', reference.name)
      const fed = parent !== null && isFed(given, parent)
      known.set(id, fed)
      return fed
    })
  return isFed
}

const withoutPath = (text: string): string => /^data\.[\w-]+\.[\w-]+(?:\[[^\]]*\])?/.exec(text)?.[0] ?? text
