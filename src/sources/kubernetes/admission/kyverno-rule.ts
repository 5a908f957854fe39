import type { Controlled } from '../../../model/access.ts'
import { globMatches } from '../../../model/glob.ts'
import { field, isObject, type Json, list, text } from '../../../model/json.ts'
import { celDenies } from './denial.ts'

/** What the `baseline` Pod Security Standard forbids of these. Source: kubernetes.io, "Pod Security Standards". */
const BASELINE: ReadonlyMap<Controlled, string> = new Map([
  ['hostNetwork', 'Host Namespaces'],
  ['hostPID', 'Host Namespaces'],
  ['hostIPC', 'Host Namespaces'],
  ['privileged', 'Privileged Containers'],
  ['capabilities', 'Capabilities'],
  ['hostPath', 'HostPath Volumes'],
  ['hostPort', 'Host Ports'],
])

/**
 * The answer of a `podSecurity` rule; undefined for a rule of another form. An exclusion of some images or fields is not
 * evaluated, one of the whole control lets it pass.
 */
const podSecurityDenies = (validate: Json | undefined, what: Controlled): boolean | null | undefined => {
  const rule = field(validate, 'podSecurity')
  if (rule === undefined) return undefined
  const level = text(field(rule, 'level'))
  const control = BASELINE.get(what)
  if ((level !== 'baseline' && level !== 'restricted') || control === undefined) return false
  const excluded = list(field(rule, 'exclude')).filter(entry => text(field(entry, 'controlName')) === control)
  if (excluded.length === 0) return true
  return excluded.some(entry => field(entry, 'images') === undefined && field(entry, 'restrictedField') === undefined)
    ? false
    : null
}

export const podSecurityControls = (validate: Json | undefined): readonly Controlled[] =>
  [...BASELINE.keys()].filter(what => {
    const answer = podSecurityDenies(validate, what)
    return answer === true || answer === null
  })

/** Does the rule refuse every object that shows `what`? null: not evaluated. */
export const kyvernoDenies = (validate: Json | undefined, what: Controlled): boolean | null => {
  const standard = podSecurityDenies(validate, what)
  if (standard !== undefined) return standard
  const pattern = field(validate, 'pattern')
  if (pattern !== undefined) return patternDenies(pattern, what)
  const alternatives = list(field(validate, 'anyPattern'))
  if (alternatives.length > 0) {
    const answers = alternatives.map(alternative => patternDenies(alternative, what))
    if (answers.every(answer => answer === true)) return true
    return answers.includes(false) ? false : null
  }
  const cel = field(validate, 'cel')
  if (cel !== undefined) {
    const expressions = list(field(cel, 'expressions')).flatMap(entry => text(field(entry, 'expression')) ?? [])
    const variables = new Map(
      list(field(cel, 'variables')).map(entry => [
        text(field(entry, 'name')) ?? '',
        text(field(entry, 'expression')) ?? '',
      ]),
    )
    return celDenies(expressions, what, variables)
  }
  return null
}

/**
 * A pattern must hold as a whole. `=(key)` holds for its value where the key is there, `X(key)` where it is not;
 * the other anchors are conditions, and a pattern with one is not evaluated.
 * Source: kyverno.io, "Validate Rules", anchors and operators.
 */
const patternDenies = (pattern: Json, what: Controlled): boolean | null => {
  if (hasCondition(pattern, 0)) return null
  const spec = anchored(pattern, 'spec')
  switch (what) {
    case 'hostNetwork':
    case 'hostPID':
    case 'hostIPC':
      return field(spec, `X(${what})`) !== undefined || refuses(anchored(spec, what), 'true')
    case 'nodePorts':
      return refuses(anchored(spec, 'type'), 'NodePort')
    case 'loadBalancers':
      return refuses(anchored(spec, 'type'), 'LoadBalancer')
    case 'externalIPs':
      return field(spec, 'X(externalIPs)') !== undefined || text(anchored(spec, 'externalIPs')) === 'null'
    default:
      return null
  }
}

const anchored = (value: Json | undefined, key: string): Json | undefined =>
  field(value, key) ?? field(value, `=(${key})`)

const hasCondition = (pattern: Json, depth: number): boolean => {
  if (depth > 50) return true
  if (Array.isArray(pattern)) return pattern.some(item => hasCondition(item, depth + 1))
  if (!isObject(pattern)) return false
  return Object.entries(pattern).some(([key, value]) => /^[<^+]?\(/.test(key) || hasCondition(value, depth + 1))
}

/** `!NodePort`, `ClusterIP | ExternalName`, `!NodePort & !LoadBalancer`, `false`: does this value not fit? */
const refuses = (pattern: Json | undefined, value: string): boolean | null => {
  if (pattern === undefined) return false
  if (typeof pattern === 'boolean') return String(pattern) !== value
  if (typeof pattern !== 'string') return null
  if (/[<>={}$]/.test(pattern)) return null
  return !pattern.split('|').some(alternative =>
    alternative.split('&').every(part => {
      const term = part.trim()
      return term.startsWith('!') ? !globMatches(term.slice(1).trim(), value) : globMatches(term, value)
    }),
  )
}
