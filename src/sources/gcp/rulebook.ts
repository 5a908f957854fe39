import { field, integer, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt } from '../../model/rule.ts'
import { type Collected, type EffectiveFirewalls, type GcpItem, textOf } from './collect.ts'
import { readFirewall } from './firewalls.ts'
import { idIn } from './links.ts'
import type { membersOf } from './members.ts'
import { INSPECTED, INSPECTION, POLICY_TYPES, readPolicyRule } from './policy-rules.ts'
import { perhaps, type ReadRule } from './rule.ts'

/** All that decides about packets of a network in one region, in the order in which it is asked. */
export interface Rulebook {
  readonly item: GcpItem
  /** Each a tier of its own. */
  readonly tiers: readonly (readonly ReadRule[])[]
  readonly doubts: readonly Doubt[]
}

type Sources = ReturnType<typeof membersOf>

/**
 * Policies of the organisation and its folders, from the top; then those of regions that Google keeps itself; then the rules of the
 * network, its global policies, and those of the region, or, as the network is set, the rules after both.
 * Source: “Evaluation order for firewall policies and rules”.
 */
export const readBook = (network: GcpItem, region: string | null, collected: Collected, sources: Sources): Rulebook => {
  const effective = effectiveOf(network.id, region, collected)
  // An output of another region tells of that region, too.
  const policies =
    effective === null
      ? []
      : policiesIn(effective).filter(({ kind }) => effective.region === region || !kind.endsWith('_REGIONAL'))
  const known = new Set(policies.map(({ name }) => name))
  // What an output about the network tells of its policies stands before documents of their own.
  const more = ownPolicies(network.id, region, collected).filter(({ name }) => !known.has(name))
  const all = [...policies, ...more]
  const of = (...kinds: readonly string[]): readonly (readonly ReadRule[])[] =>
    kinds.flatMap(kind =>
      all
        .filter(one => one.kind === kind)
        .toSorted(byPlace)
        .map(one => rulesOf(one.rules, one.at, one.isHere, network.id)),
    )
  const own = effective === null ? null : field(effective.body, 'effectiveFirewalls')
  const rules =
    own === null
      ? collected
          .in('firewall')
          .filter(({ body, link }) => idIn(field(body, 'network'), 'networks', link) === network.id)
          .map(({ body }) => readFirewall(body, network.at, sources))
      : list(field(own, 'firewalls')).map((body, i) =>
          readFirewall(body, ['effectiveFirewalls', 'firewalls', i], sources),
        )
  const vpc = rules.filter(rule => rule !== null).toSorted(byPriority)
  const before = text(field(network.body, 'networkFirewallPolicyEnforcementOrder')) === 'BEFORE_CLASSIC_FIREWALL'
  const [system, later] = [of('SYSTEM_GLOBAL', 'SYSTEM_REGIONAL'), of('NETWORK', 'NETWORK_REGIONAL')]
  return {
    item: effective ?? network,
    tiers: [...of('HIERARCHY'), ...system, ...(before ? [...later, vpc] : [vpc, ...later])],
    doubts: doubtsOf(network, effective, collected),
  }
}

/** Of equal ones a denial stands first. Source: “VPC firewall rules”, Priority. */
const byPriority = (a: ReadRule, b: ReadRule): number => a.priority - b.priority || rankOf(a) - rankOf(b)

const rankOf = ({ action }: ReadRule): number => (action === 'deny' ? 0 : 1)

/** Above a network the output’s own order counts, from the top; elsewhere priorities, where they are told. */
const byPlace = (a: Policy, b: Policy): number => (a.kind === 'HIERARCHY' ? 0 : a.priority - b.priority)

interface Policy {
  readonly kind: string
  readonly priority: number
  readonly name: string
  readonly rules: readonly Json[]
  readonly at: DocumentPath
  /** False: it stands in another document than the filter. */
  readonly isHere: boolean
}

const effectiveOf = (network: string, region: string | null, collected: Collected): EffectiveFirewalls | null => {
  const all = collected.firewalls.filter(one => one.network === network)
  return (
    all.find(one => one.region !== null && one.region === region) ??
    all.find(one => one.region === null) ??
    all[0] ??
    null
  )
}

/** In the order of their output, which is from the top. */
const policiesIn = ({ body }: EffectiveFirewalls): readonly Policy[] =>
  list(field(field(body, 'effectiveFirewalls'), 'firewallPolicys')).map((policy, i) => ({
    kind: textOf(field(policy, 'type')) ?? 'UNSPECIFIED',
    name: lastOf(textOf(field(policy, 'name'))),
    priority: integer(field(policy, 'priority')) ?? 0,
    rules: list(field(policy, 'rules')),
    at: ['effectiveFirewalls', 'firewallPolicys', i, 'rules'],
    isHere: true,
  }))

const lastOf = (name: string | null): string => name?.split('/').at(-1) ?? ''

/** Policies that say of themselves that they are the network’s. Source: Compute Engine API, FirewallPolicy, `associations`. */
const ownPolicies = (network: string, region: string | null, collected: Collected): readonly Policy[] =>
  collected.in('firewall-policy').flatMap(({ body, link }) => {
    const isOf = list(field(body, 'associations')).some(
      one => idIn(field(one, 'attachmentTarget'), 'networks', link) === network,
    )
    if (!isOf || (link.place !== null && link.place !== region)) return []
    const kind = link.place === null ? 'NETWORK' : 'NETWORK_REGIONAL'
    return [{ kind, priority: 0, name: link.name, rules: list(field(body, 'rules')), at: [], isHere: false }]
  })

const rulesOf = (rules: readonly Json[], at: DocumentPath, isHere: boolean, network: string): readonly ReadRule[] =>
  rules
    .flatMap((body, i) => {
      const rule = readPolicyRule(body, isHere ? [...at, i] : [], network)
      if (rule === null) return []
      if (text(field(body, 'action')) !== INSPECTION) return [rule]
      // It is stopped there, or passes.
      return [
        { ...rule, action: 'deny' as const, doubt: INSPECTED, peers: rule.peers.map(one => perhaps(one, INSPECTED)) },
        { ...rule, action: 'allow' as const },
      ]
    })
    .toSorted((a, b) => a.priority - b.priority)

/** Regions where a network has rules of its own. */
export const regionsWithRules = (network: string, collected: Collected): ReadonlySet<string> =>
  new Set([
    ...collected.firewalls.flatMap(one => (one.network === network && one.region !== null ? [one.region] : [])),
    ...collected
      .in('firewall-policy')
      .flatMap(({ link, body }) =>
        link.place !== null &&
        list(field(body, 'associations')).some(
          one => idIn(field(one, 'attachmentTarget'), 'networks', link) === network,
        )
          ? [link.place]
          : [],
      ),
  ])

const WRAP =
  'the output of `gcloud compute network-firewall-policies get-effective-firewalls`, wrapped as `{"network": "…", "region": "…", "effectiveFirewalls": {…}}`'

/** A project without a parent is in no organisation, so that nothing stands above its networks. */
const doubtsOf = (network: GcpItem, effective: GcpItem | null, collected: Collected): readonly Doubt[] => {
  if (effective !== null) {
    const other = list(field(field(effective.body, 'effectiveFirewalls'), 'firewallPolicys')).find(
      policy => !POLICY_TYPES.includes(textOf(field(policy, 'type')) ?? ''),
    )
    const doubt = (why: string): Doubt => ({ level: 'unknown', why, settledBy: WRAP })
    return [
      ...(effective.isDisputed ? [doubt('documents say different things of the firewalls of the network')] : []),
      ...(other === undefined ? [] : [doubt('when a policy of the network is asked is not told')]),
    ]
  }
  const project = collected.in('project').find(({ link }) => link.name === network.link.project)
  const disputed = collected
    .in('firewall')
    .some(one => one.isDisputed && idIn(field(one.body, 'network'), 'networks', one.link) === network.id)
  if (project !== undefined && (field(project.body, 'parent') ?? null) === null && !disputed) return []
  return [
    {
      level: 'unknown',
      why: disputed
        ? 'documents say different things of a rule'
        : 'policies of the organisation and its folders come before the rules of the network, and were not read',
      settledBy: WRAP,
    },
  ]
}
