import type { AdmissionControl, Admitted } from '../../../model/access.ts'
import { field, type Json, list, text } from '../../../model/json.ts'
import { type ApiObject, lowerSelector, sourced } from '../object.ts'
import { createsMatch, selectsObjects } from './admission-policy.ts'
import { both, doubtful, either, everywhere, labelled, nowhere, perhapsExcept, type Scope } from './scope.ts'
import { isSaid } from './words.ts'

export type Engine = 'Gatekeeper' | 'Kyverno'

/**
 * Engines give their webhooks fixed names, whatever the object around them is called.
 * Source: Gatekeeper's and Kyverno's published manifests; Azure Policy and GKE's Policy Controller install Gatekeeper.
 */
const ENGINES: readonly (readonly [RegExp, Engine])[] = [
  [/^validation\.gatekeeper\.sh$/, 'Gatekeeper'],
  // Rules in CEL have a webhook of their own, with a prefix.
  [/^(\w+\.)?validate\.kyverno\.svc/, 'Kyverno'],
]

const engineOf = (webhook: Json): Engine | null =>
  ENGINES.find(([name]) => name.test(text(field(webhook, 'name')) ?? ''))?.[1] ?? null

const isOpen = (webhook: Json): boolean => text(field(webhook, 'failurePolicy')) === 'Ignore'

const watches = (webhook: Json, what: Admitted): boolean =>
  list(field(webhook, 'rules')).some(rule => createsMatch(rule, what))

const scopeOf = (webhook: Json): Scope =>
  both(
    labelled(lowerSelector(field(webhook, 'namespaceSelector'))),
    selectsObjects(field(webhook, 'objectSelector'))
      ? doubtful('its webhook selects by labels, which the author of an object writes')
      : everywhere,
    isSaid(field(webhook, 'matchConditions'))
      ? doubtful('the `matchConditions` of its webhook are not evaluated')
      : everywhere,
  )

/** A validating webhook on pods may stop anything or nothing: its rules live in the server behind it. */
export const lowerWebhooks = (object: ApiObject): readonly AdmissionControl[] =>
  list(field(object.body, 'webhooks')).flatMap(webhook => {
    if (!watches(webhook, 'pods')) return []
    const scope = scopeOf(webhook)
    return [
      {
        ...sourced(object),
        engine: 'webhook' as const,
        controls: [],
        denies: [],
        mayDeny: [],
        enforces: null,
        why: 'its rules live in the server behind it',
        lacks: null,
        // `Fail` is the API's default.
        action: text(field(webhook, 'failurePolicy')) ?? 'Fail',
        judges: (namespace, what) => (what === 'pods' ? scope : nowhere)(namespace),
        failOpen: isOpen(webhook),
        serves: engineOf(webhook),
      },
    ]
  })

/** How the rules of an engine come to be asked at all. */
export interface Gate {
  readonly scope: (what: Admitted) => Scope
  /** Every webhook that would ask is told to let pass what nobody answered. */
  readonly failOpen: (what: Admitted) => boolean
}

/** Gatekeeper's own manifests leave out the namespaces with this label. */
const asShipped: Scope = perhapsExcept(
  labelled({ requirements: [{ key: 'admission.gatekeeper.sh/ignore', operator: 'Exists', values: [] }] }),
  'Gatekeeper’s webhook usually leaves out namespaces labelled `admission.gatekeeper.sh/ignore`',
)

/**
 * `only` narrows to some of the engine's webhooks. Without any webhook configuration in the input the engine is taken as
 * installed; where others were read and its own is missing, nobody knows.
 */
export const gateOf = (
  configurations: readonly ApiObject[],
  engine: Engine,
  only: (name: string) => boolean = () => true,
): Gate => {
  if (configurations.length === 0)
    return { scope: () => (engine === 'Gatekeeper' ? asShipped : everywhere), failOpen: () => false }
  const all = configurations
    .flatMap(object => list(field(object.body, 'webhooks')))
    .filter(webhook => engineOf(webhook) === engine)
  if (all.length === 0) {
    const scope = doubtful(`no webhook of ${engine} is among those that were read`)
    return { scope: () => scope, failOpen: () => false }
  }
  const wanted = all.filter(webhook => only(text(field(webhook, 'name')) ?? ''))
  const own = wanted.length > 0 ? wanted : all
  return {
    scope: what => either(...own.filter(webhook => watches(webhook, what)).map(scopeOf)),
    failOpen: what => {
      const asked = own.filter(webhook => watches(webhook, what))
      return asked.length > 0 && asked.every(isOpen)
    },
  }
}
