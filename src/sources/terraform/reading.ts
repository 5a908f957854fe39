import type { Diagnostic } from '../../model/coverage.ts'
import { field, isObject, type JsonObject, list, text, texts } from '../../model/json.ts'
import type { Supplied } from '../aws/collect.ts'
import type { RawDocument } from '../files/read.ts'
import { configurationIn } from './configuration.ts'
import { suppliedBy } from './fabric.ts'
import { moduleReader } from './modules.ts'
import { isPlan } from './recognise.ts'
import { type Change, type ResourcesRead, resourcesIn } from './resources.ts'
import { worldOf } from './world.ts'

export type TerraformReading =
  | {
      readonly kind: 'plan'
      /** What is there, as far as Terraform knows. */
      readonly before: Supplied
      /** What will be, once the plan is applied. */
      readonly after: Supplied
      /** Without those that change nothing. */
      readonly changes: readonly Change[]
    }
  | { readonly kind: 'state'; readonly after: Supplied }
  /** Nothing of it counts. */
  | { readonly kind: 'refused'; readonly why: string; readonly diagnostic: Diagnostic }

/**
 * What `terraform show -json` tells of networks. A plan that failed, that is not whole, or of which a part was put off is none: what is
 * missing there may be what matters. Errors: none, whatever the document holds.
 * Source: Terraform, “JSON Output Format”, Plan Representation, State Representation.
 */
export const terraformReading = (document: RawDocument): TerraformReading => {
  const { body } = document
  const why = whyRefused(body)
  if (why !== null) return { kind: 'refused', why, diagnostic: diagnosticOf(document, why) }
  const moduleOf = moduleReader()
  if (!isPlan(body)) {
    const state = resourcesIn(document, ['values'], moduleOf, new Map())
    return { kind: 'state', after: withFaults(document, state, suppliedAlone(state)) }
  }
  const changes = changesIn(body)
  const prior = resourcesIn(document, ['prior_state', 'values'], moduleOf, new Map())
  const planned = resourcesIn(document, ['planned_values'], moduleOf, changes.byAddress)
  const kept = withForgotten(planned, prior, changes.all)
  const before = worldIn(prior, {})
  // What data sources tell stands in the prior state, but for those that are read later.
  const after = worldIn({ ...kept, data: prior.data }, body)
  return {
    kind: 'plan',
    before: withFaults(document, prior, suppliedAlone(prior)),
    after: withFaults(document, planned, suppliedBy(after, kept.managed, before)),
    changes: changes.all.filter(({ actions }) => actions.some(action => action !== 'no-op' && action !== 'read')),
  }
}

const suppliedAlone = (read: ResourcesRead): Supplied => {
  const world = worldIn(read, {})
  return suppliedBy(world, read.managed, world)
}

const worldIn = ({ managed, data }: ResourcesRead, body: JsonObject) => worldOf(managed, data, configurationIn(body))

/** null: it counts. */
const whyRefused = (body: JsonObject): string | null => {
  const version = text(field(body, 'format_version')) ?? ''
  if (!/^1\.\d+$/.test(version))
    return `the format version \`${version}\` of this Terraform output is not known: 1.x is read, which Terraform writes since 1.1`
  if (field(body, 'errored') === true) return 'the plan failed (`errored`): mend it and plan again'
  if (field(body, 'complete') === false)
    return 'the plan is not complete (`complete` is false): apply what it holds or plan without `-target`, then plan again'
  if (list(field(body, 'deferred_changes')).length > 0)
    return 'the plan puts changes off (`deferred_changes`): apply what it holds, then plan again'
  if (isPlan(body) && !isObject(field(body, 'planned_values')))
    return 'the plan does not say what comes of it (`planned_values`): save the output of `terraform show -json` whole'
  return null
}

const diagnosticOf = ({ origin }: RawDocument, message: string): Diagnostic => ({
  severity: 'error',
  file: origin.file,
  line: origin.line,
  column: null,
  message,
})

/** Changes of current objects by address; one of a deposed object is about something that has no address any more. */
const changesIn = (
  body: JsonObject,
): { readonly byAddress: ReadonlyMap<string, JsonObject>; readonly all: readonly Change[] } => {
  const byAddress = new Map<string, JsonObject>()
  const all: Change[] = []
  for (const one of list(field(body, 'resource_changes'))) {
    const address = text(field(one, 'address'))
    if (address === undefined || !isObject(one)) continue
    all.push({ address, actions: texts(field(field(one, 'change'), 'actions')) })
    if (text(field(one, 'deposed')) === undefined) byAddress.set(address, one)
  }
  return { byAddress, all }
}

/** What Terraform forgets stays where it is. Source: Terraform, “Remove a resource from state”, `removed` blocks. */
const withForgotten = (planned: ResourcesRead, prior: ResourcesRead, changes: readonly Change[]): ResourcesRead => {
  const forgotten = new Set(changes.filter(({ actions }) => actions.includes('forget')).map(({ address }) => address))
  return { ...planned, managed: [...planned.managed, ...prior.managed.filter(({ address }) => forgotten.has(address))] }
}

const withFaults = ({ origin }: RawDocument, { faults }: ResourcesRead, supplied: Supplied): Supplied => ({
  ...supplied,
  notes: [
    ...supplied.notes,
    ...faults.map(why => ({ state: 'unrecognised' as const, object: null, file: origin.file, line: origin.line, why })),
  ],
  counts: { ...supplied.counts, unrecognised: supplied.counts.unrecognised + faults.length },
})
