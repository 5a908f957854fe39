import { field } from '../../model/json.ts'
import type { CalicoPlace, Direction, Rule } from '../../model/rule.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { anyRules } from '../kubernetes/opaque-policy.ts'
import { unreadable } from '../kubernetes/rule-parts.ts'
import type { CalicoContext, HostEndpoint } from './context.ts'
import { namesOf, rulesIn } from './lower-rules.ts'
import { refusedFor } from './refused.ts'
import { misshapenIn } from './shape.ts'
import { directionsOf, selectsHost, subjectSelectorOf, tierOf } from './subject.ts'
import { numberOf, placeOfTier } from './tiers.ts'

/** When a policy for hosts is asked: before connection tracking, before address translation, or with the others. */
export type HostStage = 'untracked' | 'before-translation' | 'normal'

/** A global policy as host endpoints take it. */
export interface HostPolicy {
  readonly object: ApiObject
  readonly stage: HostStage
  readonly onForward: boolean
  readonly place: CalicoPlace
  readonly isAbout: (direction: Direction) => boolean
  /** The rules of a direction, seen from one of the ends; of a policy that could not be read, whatever it may do. */
  readonly rules: (direction: Direction, seenFrom: Direction) => readonly Rule[]
  /** Its rules are not read, so it may do anything. */
  readonly opaque: boolean
  /** Why it may not be there at all. */
  readonly refused: string | null
  readonly selects: (endpoint: HostEndpoint) => boolean
}

/**
 * Only global policies are for hosts; those of Kubernetes are for pods. One before connection tracking is no other, whatever
 * else it says of itself.
 * Source: docs.tigera.io, GlobalNetworkPolicy; felix/calc, ExtractPolicyMetadata; felix/proto, tierInfoToProtoTierInfo;
 * libcalico-go, updateprocessors, globalnetworkpolicyprocessor.
 */
export const hostPoliciesFrom = (objects: readonly ApiObject[], context: CalicoContext): readonly HostPolicy[] =>
  objects
    .filter(({ ref }) => ref.kind === 'GlobalNetworkPolicy')
    .map(object => readHostPolicy(object, context))
    .filter(policy => context.hostEndpoints.some(policy.selects))

/** In the place of a policy: one that may do anything to anybody, for the reason given. */
export const unreadFor = (policy: HostPolicy, why: string): HostPolicy => ({
  ...policy,
  stage: 'normal',
  onForward: true,
  isAbout: () => true,
  rules: () => anyRules(unreadable(why)),
  opaque: true,
  selects: () => true,
})

const readHostPolicy = (object: ApiObject, context: CalicoContext): HostPolicy => {
  const { spec } = object
  const stage = stageOf(object)
  const tier = tierOf(spec)
  const directions = directionsOf(object)
  const order = field(spec, 'order') ?? null
  const why = whyUnread(object, context)
  const end = stage === 'normal' ? {} : { end: 'pass' as const }
  const known = new Map<string, readonly Rule[]>()
  const read = (direction: Direction, seenFrom: Direction): readonly Rule[] =>
    why === null ? rulesIn(spec, direction, seenFrom, null, context).rules : anyRules(unreadable(why))
  return {
    object,
    stage,
    onForward: isOnForward(spec),
    place: {
      tier: 'calico',
      name: tier,
      ...placeOfTier(tier, context.tiers),
      ...end,
      order: numberOf(order ?? undefined) ?? Number.POSITIVE_INFINITY,
      names: namesOf(object, null),
    },
    isAbout: direction =>
      // Before translation there is what arrives alone.
      (stage !== 'before-translation' || direction === 'ingress') && (directions?.includes(direction) ?? true),
    rules: (direction, seenFrom) => {
      const key = `${direction} ${seenFrom}`
      const rules = known.get(key) ?? read(direction, seenFrom)
      known.set(key, rules)
      return rules
    },
    opaque: why !== null,
    refused: refusedFor(object) ?? selectorFault(object) ?? idleFault(object, context),
    selects: endpoint => selectsHost(object, endpoint),
  }
}

/** A value of another type than the API's may mean it: such a policy is not read, and may do anything. */
const isOnForward = (spec: ApiObject['spec']): boolean => (field(spec, 'applyOnForward') ?? false) !== false

const stageOf = ({ spec }: ApiObject): HostStage =>
  field(spec, 'doNotTrack') === true ? 'untracked' : field(spec, 'preDNAT') === true ? 'before-translation' : 'normal'

/** Why nobody can tell what becomes of the policy; as in the lowering for pods. */
const whyUnread = (object: ApiObject, context: CalicoContext): string | null => {
  const { spec } = object
  const misshapen = misshapenIn(spec)
  if (misshapen !== null) return `\`${misshapen}\` has not the type that the API takes`
  const directions = directionsOf(object)
  if (directions === null) return '`types` holds more than `Ingress` and `Egress`'
  const order = field(spec, 'order') ?? null
  if (order !== null && numberOf(order) === undefined) return '`order` is no number'
  for (const direction of directions) {
    const { fault } = rulesIn(spec, direction, direction, null, context)
    if (fault !== null && !fault.isIdle) return fault.why
  }
  return null
}

/** It is taken for one that selects every host, and may be there or not; as in the lowering for pods. */
const selectorFault = ({ spec }: ApiObject): string | null =>
  subjectSelectorOf(spec) === null ? 'a selector that Calico would not take' : null

const idleFault = ({ spec }: ApiObject, context: CalicoContext): string | null =>
  (['egress', 'ingress'] as const)
    .map(direction => rulesIn(spec, direction, direction, null, context).fault?.why ?? null)
    .find(why => why !== null) ?? null
