import { isObject, type Json } from '../../model/json.ts'

/**
 * Whether the members of a policy have the types of the API. It refuses the object otherwise, and what a reader would take for
 * absent would make a rule wider. null counts as absent. Source: api/v3, NetworkPolicySpec, GlobalNetworkPolicySpec, Rule, EntityRule.
 */
type Shape = 'text' | 'number' | 'text or number' | 'flag' | { readonly each: Shape } | { readonly fields: Fields }
type Fields = Readonly<Record<string, Shape>>

const TEXTS: Shape = { each: 'text' }
const PORTS: Shape = { each: 'text or number' }
const ICMP: Shape = { fields: { type: 'number', code: 'number' } }

const ENTITY: Shape = {
  fields: {
    nets: TEXTS,
    notNets: TEXTS,
    selector: 'text',
    notSelector: 'text',
    namespaceSelector: 'text',
    ports: PORTS,
    notPorts: PORTS,
    services: { fields: { name: 'text', namespace: 'text' } },
    serviceAccounts: { fields: { names: TEXTS, selector: 'text' } },
    domains: TEXTS,
  },
}

const RULES: Shape = {
  each: {
    fields: {
      action: 'text',
      ipVersion: 'number',
      protocol: 'text or number',
      notProtocol: 'text or number',
      icmp: ICMP,
      notICMP: ICMP,
      source: ENTITY,
      destination: ENTITY,
      http: { fields: {} },
    },
  },
}

const SPEC: Shape = {
  fields: {
    tier: 'text',
    order: 'number',
    selector: 'text',
    namespaceSelector: 'text',
    serviceAccountSelector: 'text',
    types: TEXTS,
    doNotTrack: 'flag',
    preDNAT: 'flag',
    applyOnForward: 'flag',
    ingress: RULES,
    egress: RULES,
  },
}

/** The path of the first member of another type; null where there is none. */
export const misshapenIn = (spec: Json | undefined): string | null => {
  const path = misshapen(spec, SPEC)
  return path === null ? null : `spec${path}`
}

/** Below the value. Paths are put together where something is wrong, which is hardly ever. */
const misshapen = (value: Json | undefined, shape: Shape): string | null => {
  if (value === undefined || value === null) return null
  if (typeof shape === 'string') return hasType(value, shape) ? null : ''
  if ('each' in shape) {
    if (!Array.isArray(value)) return ''
    for (const [i, item] of (value as readonly Json[]).entries()) {
      const path = item === null ? '' : misshapen(item, shape.each)
      if (path !== null) return `[${i}]${path}`
    }
    return null
  }
  if (!isObject(value)) return ''
  for (const key in shape.fields) {
    const path = Object.hasOwn(value, key) ? misshapen(value[key], shape.fields[key] as Shape) : null
    if (path !== null) return `.${key}${path}`
  }
  return null
}

const hasType = (value: Json, shape: Extract<Shape, string>): boolean => {
  switch (shape) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number'
    case 'text or number':
      return typeof value === 'string' || typeof value === 'number'
    case 'flag':
      return typeof value === 'boolean'
  }
}
