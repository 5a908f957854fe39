import type { AdmissionControl, Admitted } from '../../../model/access.ts'
import { globMatches } from '../../../model/glob.ts'
import { at, field, type Json, list, text, texts } from '../../../model/json.ts'
import { type ApiObject, lowerSelector, sourced } from '../object.ts'
import { selectsObjects } from './admission-policy.ts'
import { kyvernoDenies, podSecurityControls } from './kyverno-rule.ts'
import {
  both,
  doubtful,
  either,
  everywhere,
  except,
  labelled,
  named,
  nowhere,
  perhapsExcept,
  type Scope,
} from './scope.ts'
import { NOTHING_DENIED, verdictsOf } from './verdicts.ts'
import type { Gate } from './webhooks.ts'
import { controlsIn, isSaid, ruleText } from './words.ts'

/**
 * Kyverno ClusterPolicy and Policy: one control a rule, since each has its own action and its own match.
 * Source: kyverno.io, "Writing Policies": match/exclude, validate rules, failure action and its overrides.
 */
export const lowerKyverno = (
  object: ApiObject,
  exceptions: readonly ApiObject[],
  gateFor: (failurePolicy: 'Fail' | 'Ignore') => Gate,
): readonly AdmissionControl[] => {
  const { spec, ref } = object
  const rules = list(field(spec, 'rules'))
  const policy = text(at(spec, 'webhookConfiguration', 'failurePolicy')) ?? text(field(spec, 'failurePolicy')) ?? 'Fail'
  const failOpen = policy === 'Ignore'
  const gate = gateFor(failOpen ? 'Ignore' : 'Fail')
  return rules.flatMap(rule => {
    const validate = field(rule, 'validate')
    const looksAt =
      field(validate, 'podSecurity') === undefined ? controlsIn(ruleText(validate)) : podSecurityControls(validate)
    const verdicts = verdictsOf(looksAt, what => kyvernoDenies(validate, what))
    if (verdicts.controls.length === 0) return []
    const acts = actionOf(spec, validate)
    const conditions = [
      ...(isSaid(field(rule, 'preconditions')) || isSaid(field(rule, 'celPreconditions'))
        ? ['its preconditions are not evaluated']
        : []),
      ...(text(field(spec, 'applyRules')) === 'One' && rules.length > 1
        ? ['only the first of its rules that matches is applied']
        : []),
    ]
    const excepted = exceptions.filter(exception => isExcepted(exception, object, text(field(rule, 'name')) ?? ''))
    const scope = (what: Admitted): Scope =>
      both(
        ref.kind === 'Policy' && ref.namespace !== null ? named([ref.namespace]) : everywhere,
        filterScope(field(rule, 'match'), what),
        except(filterScope(field(rule, 'exclude'), what)),
        acts.scope,
        ...conditions.map(doubtful),
        ...excepted.map(exception =>
          perhapsExcept(
            filterScope(field(exception.spec, 'match'), what),
            `PolicyException \`${exception.ref.name}\` may except it`,
          ),
        ),
        ownFilter,
        gate.scope(what),
      )
    const control: AdmissionControl = {
      ...sourced(object),
      engine: 'Kyverno',
      ...verdicts,
      enforces: true,
      why: verdicts.mayDeny.length > 0 ? 'its rule is not evaluated in full' : null,
      lacks: null,
      action: acts.text,
      judges: (namespace, what) => scope(what)(namespace),
      failOpen,
      serves: null,
    }
    if (field(spec, 'admission') === false)
      return [{ ...control, ...NOTHING_DENIED, why: '`admission: false` keeps it out of admission', lacks: 'action' }]
    return [
      acts.enforces
        ? control
        : { ...control, ...NOTHING_DENIED, why: `its action is \`${acts.text}\``, lacks: 'action' },
    ]
  })
}

const isEnforce = (action: Json | undefined): boolean => text(action)?.toLowerCase() === 'enforce'

/** The rule's own action and overrides, or the policy's; the first override that matches a namespace decides there. */
const actionOf = (
  spec: Json | undefined,
  validate: Json | undefined,
): { readonly enforces: boolean; readonly text: string; readonly scope: Scope } => {
  const own = text(field(validate, 'failureAction'))
  const action = own ?? text(field(spec, 'validationFailureAction')) ?? 'Audit'
  const overrides = list(
    own === undefined ? field(spec, 'validationFailureActionOverrides') : field(validate, 'failureActionOverrides'),
  )
  const base = isEnforce(action)
  const scope = overrides.reduceRight<Scope>(
    (rest, override) => {
      const where = both(
        named(texts(field(override, 'namespaces'))),
        labelled(lowerSelector(field(override, 'namespaceSelector'))),
      )
      return isEnforce(field(override, 'action')) ? either(where, rest) : both(except(where), rest)
    },
    base ? everywhere : nowhere,
  )
  const actions = [action, ...overrides.flatMap(override => text(field(override, 'action')) ?? [])]
  const enforces = base || overrides.some(override => isEnforce(field(override, 'action')))
  // Where nothing is enforced, the rule still looks at all that it matches.
  return { enforces, text: [...new Set(actions)].join(', '), scope: enforces ? scope : everywhere }
}

/** Kyverno's settings leave these out unless somebody changed them; they are not read. */
const FILTERED = ['kube-system', 'kube-public', 'kube-node-lease', 'kyverno']
export const ownFilter: Scope = ({ name }) =>
  FILTERED.includes(name) ? { kind: 'unknown', why: 'by default Kyverno leaves this namespace out' } : { kind: 'all' }

/** `match` or `exclude`: `any` of its blocks, or `all`, or the older form that is a block itself. */
const filterScope = (filter: Json | undefined, what: Admitted): Scope => {
  const any = list(field(filter, 'any'))
  const all = list(field(filter, 'all'))
  return either(
    ...any.map(block => blockScope(block, what)),
    ...(all.length > 0 ? [both(...all.map(block => blockScope(block, what)))] : []),
    ...(isSaid(field(filter, 'resources')) || isAboutSubjects(filter) ? [blockScope(filter, what)] : []),
  )
}

const isAboutSubjects = (block: Json | undefined): boolean =>
  ['subjects', 'roles', 'clusterRoles'].some(key => isSaid(field(block, key)))

const blockScope = (block: Json | undefined, what: Admitted): Scope => {
  const resources = field(block, 'resources')
  const kinds = texts(field(resources, 'kinds'))
  if (kinds.length > 0 && !kinds.some(kind => isKind(kind, what))) return nowhere
  const operations = texts(field(resources, 'operations'))
  if (operations.length > 0 && !operations.includes('CREATE')) return nowhere
  const names = [text(field(resources, 'name')) ?? [], texts(field(resources, 'names'))].flat()
  const narrow =
    (names.length > 0 && !names.includes('*')) ||
    isSaid(field(resources, 'annotations')) ||
    selectsObjects(field(resources, 'selector'))
  return both(
    named(texts(field(resources, 'namespaces'))),
    labelled(lowerSelector(field(resources, 'namespaceSelector'))),
    narrow ? doubtful('it selects by names, labels or annotations, which the author of an object writes') : everywhere,
    isAboutSubjects(block) ? doubtful('it selects by who asks, which is not evaluated') : everywhere,
  )
}

/** `Pod`, `v1/Pod`, group and version before it, wildcards among them; a subresource is another thing. */
const isKind = (pattern: string, what: Admitted): boolean => {
  const parts = pattern.split('/')
  const isVersion = (part: string | undefined): boolean => part !== undefined && (part === '*' || /^v\d/.test(part))
  const kind =
    parts.length === 1
      ? parts[0]
      : parts.length === 2 && isVersion(parts[0])
        ? parts[1]
        : parts.length === 3 && isVersion(parts[1])
          ? parts[2]
          : undefined
  return kind !== undefined && globMatches(kind, what === 'pods' ? 'Pod' : 'Service')
}

const isExcepted = (exception: ApiObject, policy: ApiObject, rule: string): boolean =>
  list(field(exception.spec, 'exceptions')).some(entry => {
    const name = text(field(entry, 'policyName')) ?? ''
    const own = policy.ref.kind === 'Policy' ? `${policy.ref.namespace}/${policy.ref.name}` : policy.ref.name
    return name === own && texts(field(entry, 'ruleNames')).some(pattern => globMatches(pattern, rule))
  })
