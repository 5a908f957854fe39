import { inBlock, readBlock } from './ip.ts'
import { at, isObject, list, text } from './json.ts'
import { not, some, tri } from './three.ts'
import type { Json, Platform, Tri } from './types.ts'

/**
 * Does the agent take this spec? If not, the whole document is not enforced.
 * Source: cilium, pkg/policy/api/rule_validation.go.
 */
export const isValid = (spec: Json, platform: Platform, config: Json | undefined): Tri =>
  not(some(faults(spec, platform, config)))

const SECTIONS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const

function* faults(spec: Json, platform: Platform, config: Json | undefined): Iterable<Tri> {
  yield tri(isObject(at(spec, 'endpointSelector')) === isObject(at(spec, 'nodeSelector')))
  // Recent versions refuse a spec without any rule.
  yield SECTIONS.every(section => list(at(spec, section)).length === 0) ? 'unknown' : 'no'
  for (const section of SECTIONS)
    for (const rule of list(at(spec, section))) yield* ruleFaults(section, rule, platform, config)
}

const MEMBERS: readonly string[] = ['Endpoints', 'CIDR', 'CIDRSet', 'Entities', 'Nodes', 'Groups']

function* ruleFaults(
  section: (typeof SECTIONS)[number],
  rule: Json,
  platform: Platform,
  config: Json | undefined,
): Iterable<Tri> {
  const prefix = section.startsWith('egress') ? 'to' : 'from'
  const has = (member: string): boolean => list(at(rule, prefix + member)).length > 0
  const members = [...MEMBERS, ...(prefix === 'to' ? ['Services', 'FQDNs'] : [])]
  // Only one way to name the other end in one rule.
  yield tri(members.filter(has).length > 1)

  const ports = list(at(rule, 'toPorts'))
  yield tri(ports.length > 0 && list(at(rule, 'icmps')).length > 0)
  // Refused before 1.17.
  yield has('Services') && ports.length > 0 ? 'unknown' : 'no'
  // Only with enable-node-selector-labels.
  if (has('Nodes')) yield config === undefined ? 'unknown' : tri(at(config, 'enable-node-selector-labels') !== 'true')

  for (const entity of list(at(rule, `${prefix}Entities`))) yield tri(!ENTITIES.has(text(entity) ?? ''))
  for (const block of list(at(rule, `${prefix}CIDR`))) yield readBlock(text(block) ?? '') === null ? 'unknown' : 'no'
  for (const entry of list(at(rule, `${prefix}CIDRSet`))) yield* cidrFaults(entry)
  for (const port of ports) yield* portFaults(port, section === 'ingress', platform)
}

export const ENTITIES: ReadonlySet<string> = new Set([
  'all',
  'world',
  'world-ipv4',
  'world-ipv6',
  'cluster',
  'host',
  'remote-node',
  'kube-apiserver',
  'init',
  'ingress',
  'health',
  'unmanaged',
  'none',
])

/** The exceptions must lie in the block. */
function* cidrFaults(entry: Json): Iterable<Tri> {
  const cidr = text(at(entry, 'cidr'))
  if (cidr === undefined) return
  const block = readBlock(cidr)
  if (block === null) {
    yield 'unknown'
    return
  }
  for (const written of list(at(entry, 'except'))) {
    const except = readBlock(text(written) ?? '')
    yield except === null ? 'unknown' : tri(!inBlock(except, block))
  }
}

/** Rules for the proxy: only with the proxy on, for TCP, with a port; DNS for UDP, too, and never on ingress. */
function* portFaults(rule: Json, ingress: boolean, platform: Platform): Iterable<Tri> {
  const rules = at(rule, 'rules')
  const kinds = isObject(rules) ? Object.keys(rules) : []
  if (kinds.length === 0) return
  yield tri(!platform.dnsProxy)
  yield tri(kinds.length > 1)
  const dns = kinds.includes('dns')
  yield tri(dns && ingress)
  const ports = list(at(rule, 'ports'))
  yield tri(dns && ports.length === 0)
  for (const port of ports) {
    yield tri(text(at(port, 'port')) === '0')
    yield tri(!dns && text(at(port, 'protocol')) !== 'TCP')
    yield dns && at(port, 'endPort') !== undefined ? 'unknown' : 'no'
  }
}
