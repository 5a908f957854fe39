import { field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { Doubt, ProxyLimit } from '../../model/rule.ts'
import { type CiliumContext, isOn, since } from './context.ts'
import { allNames, type Names, nameSelector, namesDoubt, serverName } from './names.ts'

/** What a proxy lets through of a rule's traffic. */
export interface Limited {
  readonly limit: ProxyLimit | null
  /** Perhaps this instead: it lets more through. */
  readonly wider: { readonly limit: ProxyLimit | null; readonly doubt: Doubt } | null
}

const OPEN: Limited = { limit: null, wider: null }

/**
 * `rules`, as long as one of its members is there. Kafka and generic rules are gone since 1.20: the API server cuts them off,
 * and a policy that was stored with them has none. Source: pkg/policy/api, L7Rules.IsEmpty; cilium/cilium pull request 44610.
 */
export const l7Members = (portRule: Json, context: CiliumContext): readonly string[] => {
  const rules = field(portRule, 'rules')
  const members = since(context, 20) === 'yes' ? ['http', 'dns'] : ['http', 'dns', ...OLD_MEMBERS]
  return members.filter(name => Array.isArray(field(rules, name)))
}

const OLD_MEMBERS = ['kafka', 'l7']

/**
 * The limits of one item of `toPorts`: rules of layer 7, TLS server names, a listener of its own, and the mutual
 * authentication of the rule around it. Source: docs.cilium.io, "Layer 7 Examples"; pkg/policy/api, type PortRule.
 */
export const lowerLimit = (portRule: Json, authentication: string, context: CiliumContext): Limited => {
  const found = portLimit(portRule, context)
  const also = authentication === '' ? '' : `mutual authentication (${authentication})`
  if (also === '') return found
  if (found.limit === null) return { ...OPEN, limit: { kind: 'other', says: also } }
  const { limit } = found
  // Names and authentication together have no shape of their own: the stricter word is kept.
  const says = limit.kind === 'dns' || limit.kind === 'sni' ? `certain ${limit.kind.toUpperCase()} names` : limit.says
  return { ...OPEN, limit: { kind: 'other', says: `${says}, and ${also}` } }
}

const portLimit = (portRule: Json, context: CiliumContext): Limited => {
  const rules = field(portRule, 'rules')
  const [member] = l7Members(portRule, context)
  if (member === 'dns')
    return named(
      'dns',
      list(field(rules, 'dns')).map(rule => nameSelector(rule, context)),
    )
  if (member === 'http') return { ...OPEN, limit: { kind: 'http', says: httpText(list(field(rules, 'http'))) } }
  if (member !== undefined) {
    const limit = { kind: 'other', says: `${protocolOf(rules, member)} rules` } as const
    return { limit, wider: since(context, 20) === 'unknown' ? { limit: null, doubt: CUT_OFF } : null }
  }
  const serverNames = texts(field(portRule, 'serverNames'))
  if (serverNames.length > 0) {
    const limited = named(
      'sni',
      serverNames.map(name => serverName(name, context)),
    )
    // Nothing looks at server names without the proxy; what becomes of the rule is not documented.
    return isOn(context, 'enable-l7-proxy', true) === 'no' ? doubtful(limited, 'the proxy is off') : limited
  }
  const listener = field(portRule, 'listener')
  if (isObject(listener))
    return {
      ...OPEN,
      limit: { kind: 'other', says: `what Envoy listener \`${text(field(listener, 'name')) ?? ''}\` lets through` },
    }
  return OPEN
}

const CUT_OFF: Doubt = {
  level: 'unknown',
  why: 'rules for Kafka and other protocols have no effect from 1.20 on, and the version is not known',
  settledBy: 'the version of Cilium',
}

const named = (kind: 'dns' | 'sni', parts: readonly Names[]): Limited => {
  const names = allNames(parts)
  const limit = { kind, patterns: names.sure } as const
  return names.maybe.length === 0
    ? { limit, wider: null }
    : { limit, wider: { limit: { kind, patterns: [...names.sure, ...names.maybe] }, doubt: namesDoubt(names) } }
}

const doubtful = ({ limit }: Limited, why: string): Limited => ({
  limit,
  wider: {
    limit: { kind: 'other', says: 'perhaps any server name' },
    doubt: { level: 'undefined', why, settledBy: 'enable-l7-proxy in cilium-config' },
  },
})

const protocolOf = (rules: Json | undefined, member: string): string =>
  member === 'l7' ? (text(field(rules, 'l7proto')) ?? 'layer 7') : member

const httpText = (rules: readonly Json[]): string => {
  const shown = rules.map(rule => {
    const headers = list(field(rule, 'headers')).length + list(field(rule, 'headerMatches')).length
    const parts = [
      text(field(rule, 'method')),
      text(field(rule, 'host')),
      text(field(rule, 'path')),
      headers > 0 ? 'certain headers' : undefined,
    ]
    return parts.filter(part => part !== undefined && part !== '').join(' ') || 'any request'
  })
  return shown.length === 0 ? 'no HTTP rule' : shown.join('; ')
}
