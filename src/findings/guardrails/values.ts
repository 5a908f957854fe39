import { field, type Json, list } from '../../model/json.ts'
import type { PlannedResource } from '../../model/plan.ts'

/** What an attribute that is `true` or `false` says. Launch templates write it as text. `open`: not known before it is applied. */
export const truthOf = (value: Json | undefined, unknown: Json | undefined): 'yes' | 'no' | 'unset' | 'open' => {
  if (value === true || value === 'true') return 'yes'
  if (value === false || value === 'false') return 'no'
  return unknown === true ? 'open' : 'unset'
}

/** The same of one attribute of a resource, after the plan. */
export const truthAfter = ({ after, unknown }: PlannedResource, key: string): ReturnType<typeof truthOf> =>
  truthOf(field(after ?? undefined, key), field(unknown, key))

export const truthBefore = ({ before }: PlannedResource, key: string): ReturnType<typeof truthOf> =>
  truthOf(field(before ?? undefined, key), undefined)

/** Whether the plan makes it so: it is, and it was not. */
export const becomesTrue = (one: PlannedResource, key: string): boolean =>
  truthAfter(one, key) === 'yes' && truthBefore(one, key) !== 'yes'

export const blocksOf = (values: PlannedResource['after'], key: string): readonly Json[] =>
  list(field(values ?? undefined, key))

/** What an attribute names after the plan. */
export const namedBy = (
  { names }: PlannedResource,
  attribute: string,
): { readonly ids: readonly string[]; readonly open: { readonly why: string } | null } => {
  const found = names.find(one => one.when === 'after' && one.attribute === attribute)
  return { ids: found?.ids ?? [], open: found?.open ?? null }
}

/** The resource that has an id, or is called so as long as it has none. */
export const resourceNamed = (resources: readonly PlannedResource[]): ((id: string) => PlannedResource | undefined) => {
  const byId = new Map<string, PlannedResource>()
  for (const one of resources) {
    const id = field(one.after ?? undefined, 'id')
    if (typeof id === 'string' && one.after !== null) byId.set(id, one)
  }
  for (const one of resources) byId.set(one.address, one)
  return id => byId.get(id)
}
