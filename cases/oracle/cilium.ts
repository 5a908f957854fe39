import { isSubject } from './cilium-identity.ts'
import { configOf } from './cilium-labels.ts'
import { type Context, isPeer } from './cilium-peers.ts'
import { traffic } from './cilium-ports.ts'
import { isValid } from './cilium-valid.ts'
import { nameOf, namespaceOf, ofKind } from './estate.ts'
import { at, isObject, list, text } from './json.ts'
import { type Opinion, type Question, type Say, SILENT } from './question.ts'
import { every, not, possible, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/** Stands in a judgement's `why` where a proxy looks at more than one packet shows. */
export const A_PROXY_DECIDES = 'a proxy decides'

/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, cilium.io/v2: a spec that selects the pod and has a rule for
 * the direction switches default deny on there, unless `enableDefaultDeny` says false. Deny beats allow everywhere.
 * Source: cilium, pkg/policy/api, type Rule; docs.cilium.io, "Policy Enforcement Modes" and "Deny Policies".
 */
export const ciliumOpinions = (question: Question): readonly Opinion[] => {
  const documents = readDocuments(question)
  const dns = documents.flatMap(document => document.specs.flatMap(spec => dnsRules(spec.body, spec.counts)))
  return documents.map(({ name, namespace, specs, valid }) => {
    const each = specs.map(spec =>
      specSays(question, spec, action => ({
        action,
        namespace,
        dns,
        requirements: requirements(question, documents, action),
      })),
    )
    const says = each.reduce((all, { says }) => all.flatMap(before => says.map(say => both(before, say))), [SILENT])
    return {
      policy: each.some(({ proxied }) => proxied) ? `${name} (${A_PROXY_DECIDES})` : name,
      says: valid === 'no' ? [SILENT] : valid === 'unknown' ? [...says, SILENT] : says,
    }
  })
}

const both = (a: Say, b: Say): Say => ({
  isolates: a.isolates || b.isolates,
  allows: a.allows || b.allows,
  denies: a.denies || b.denies,
})

interface Spec {
  readonly body: Json
  readonly selects: Tri
  /** It selects the pod and its document is taken. */
  readonly counts: Tri
}

interface Document {
  readonly name: string
  /** Empty for a clusterwide policy. */
  readonly namespace: string
  readonly valid: Tri
  readonly specs: readonly Spec[]
}

/** A document is taken as a whole or not at all. */
const readDocuments = (question: Question): readonly Document[] =>
  ofKind(question.objects, 'cilium.io', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy').map(document => {
    const kind = text(at(document, 'kind')) ?? ''
    const namespace = kind === 'CiliumNetworkPolicy' ? namespaceOf(document) : ''
    const bodies = [at(document, 'spec'), ...list(at(document, 'specs'))].filter(isObject)
    const valid = every([
      not(isRefused(document)),
      ...bodies.map(body => isValid(body, question.platform, configOf(question.objects))),
    ])
    return {
      name: `${kind} ${namespace === '' ? '' : `${namespace}/`}${nameOf(document)}`,
      namespace,
      valid,
      specs: bodies.map(body => {
        const selects = selected(question, body, namespace)
        return { body, selects, counts: every([valid, selects]) }
      }),
    }
  })

/** What Cilium itself wrote into the status: the condition `Valid` is False. */
const isRefused = (document: Json): Tri =>
  tri(
    list(at(document, 'status', 'conditions')).some(
      condition => at(condition, 'type') === 'Valid' && at(condition, 'status') === 'False',
    ),
  )

/** A spec with a nodeSelector is for the host firewall and never for pods. */
const selected = (question: Question, spec: Json, namespace: string): Tri => {
  const selector = at(spec, 'endpointSelector')
  return isObject(selector) ? isSubject(question, selector, namespace) : 'no'
}

const dnsRules = (spec: Json, counts: Tri): Context['dns'] =>
  counts === 'no'
    ? []
    : list(at(spec, 'egress'))
        .flatMap(rule => list(at(rule, 'toPorts')))
        .flatMap(port => list(at(port, 'rules', 'dns')))
        .map(rule => ({ rule, counts }))

/** Rules that deny have requirements of their own. Source: cilium up to 1.18, pkg/policy/rule.go, resolveEgressPolicy. */
const requirements = (
  question: Question,
  documents: readonly Document[],
  action: 'allow' | 'deny',
): Context['requirements'] => {
  const field = question.direction === 'egress' ? 'toRequires' : 'fromRequires'
  const section = action === 'allow' ? question.direction : `${question.direction}Deny`
  return documents.flatMap(({ namespace, specs }) =>
    specs
      .filter(spec => spec.counts !== 'no')
      .flatMap(spec => list(at(spec.body, section)))
      .flatMap(rule => list(at(rule, field)))
      .map(selector => ({ selector, namespace })),
  )
}

interface SpecSays {
  readonly says: readonly Say[]
  readonly proxied: boolean
}

const specSays = (
  question: Question,
  { body: spec, selects, counts }: Spec,
  context: (action: 'allow' | 'deny') => Context,
): SpecSays => {
  if (counts === 'no') return { says: [SILENT], proxied: false }
  const allow = list(at(spec, question.direction)).map(rule => matches(question, rule, context('allow')))
  const deny = list(at(spec, `${question.direction}Deny`)).map(rule => matches(question, rule, context('deny')))
  const asked = at(spec, 'enableDefaultDeny', question.direction)
  const hasRules = allow.length + deny.length > 0
  // Default deny asked for without a rule: some versions switch it on, some do not.
  const isolates: Tri = asked === false ? 'no' : hasRules ? 'yes' : asked === true ? 'unknown' : 'no'
  const says = possible(isolates).flatMap(isolates =>
    possible(some(allow.map(match => match.fits))).flatMap(allows =>
      possible(some(deny.map(match => match.fits))).map(denies => ({ isolates, allows, denies })),
    ),
  )
  return {
    // That the document may not be taken is said once, for all its specs.
    says: selects === 'unknown' ? [...says, SILENT] : says,
    proxied: allow.some(match => match.proxied),
  }
}

const matches = (
  question: Question,
  rule: Json,
  context: Context,
): { readonly fits: Tri; readonly proxied: boolean } => {
  const peer = isPeer(question, rule, context)
  const { fits, proxied } = traffic(question, rule)
  return { fits: every([peer, fits]), proxied: proxied && peer !== 'no' }
}
