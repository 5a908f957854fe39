import { type MakingCalico, makeCalicoRule } from './generate-calico-rules.ts'
import { ACCOUNT_KEYS, ENDPOINT_KEYS, makeCalicoSelector, NAMESPACE_KEYS } from './generate-calico-selectors.ts'
import { NAMESPACES_OFTEN } from './generate-estate.ts'
import { BLOCKS, makeSelector, POD_KEYS } from './generate-values.ts'
import { at, isObject } from './json.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

/** What Calico's API takes or its datastore holds: tiers, network sets, and policies of every kind in them. */
export const makeCalicoObjects = (making: MakingCalico): readonly Json[] => {
  const { random } = making
  const tiers = Array.from({ length: random.below(3) }, (_, index) => makeTier(making, index))
  const tierNames = tiers.map(tier => String(at(tier, 'metadata', 'name')))
  const policies = Array.from({ length: 2 + random.below(4) }, (_, index) => makePolicy(making, index, tierNames))
  const sets = Array.from({ length: random.below(4) }, (_, index) => makeSet(making, index))
  return [...tiers, ...sets, ...policies, ...(random.percent(45) ? [makeStaged(making)] : [])]
}

/** Some pods run as another service account. */
export const withAccounts = ({ random, use }: MakingCalico, objects: readonly Json[]): readonly Json[] =>
  objects.map(object => {
    const spec = at(object, 'spec')
    if (!isObject(object) || object['kind'] !== 'Pod' || !isObject(spec) || !random.percent(40)) return object
    use('pod with an account of its own')
    return { ...object, spec: { ...spec, serviceAccountName: 'robot' } }
  })

/** `alpha` sorts before `default`, `zeta` after it: that counts where they have no order. */
const makeTier = ({ random, use }: MakingCalico, index: number): Json => {
  // Before, between and after the tiers that are always there.
  const order = random.pick([undefined, 5, 999.5, 1_500, 1_500, 500_000, 2_000_000, 20_000_000, 20_000_000])
  const defaultAction = random.pick([undefined, 'Deny', 'Pass', 'Pass'] as const)
  use(order === undefined ? 'Tier without order' : 'Tier order')
  use(`Tier defaultAction ${defaultAction ?? 'absent'}`)
  return calico('Tier', random.percent(30), {
    metadata: { name: ['alpha', 'zeta'][index] ?? 'beta' },
    spec: { ...(order === undefined ? {} : { order }), ...(defaultAction === undefined ? {} : { defaultAction }) },
  })
}

/** As users write it, or as the cluster stores it. */
const calico = (kind: string, isStored: boolean, rest: Fields): Json => ({
  apiVersion: isStored ? 'crd.projectcalico.org/v1' : 'projectcalico.org/v3',
  kind,
  ...rest,
})

const makePolicy = (making: MakingCalico, index: number, tierNames: readonly string[]): Json => {
  const { random, use } = making
  const isGlobal = random.percent(50)
  const isStored = random.percent(20)
  use(isGlobal ? 'GlobalNetworkPolicy' : 'NetworkPolicy')
  if (isStored) use('policy as it is stored')
  const kept = ['kube-admin', 'adminnetworkpolicy', 'kube-baseline', 'baselineadminnetworkpolicy'] as const
  const tier = random.percent(55)
    ? 'default'
    : random.percent(25) || tierNames.length === 0
      ? random.pick(kept)
      : random.pick(tierNames)
  use(tier === 'default' ? 'tier default' : tierNames.includes(tier) ? 'tier of its own' : 'tier of the policy API')
  // Names that versions of the agent sort alike, and names that they do not.
  const name = random.percent(50) ? `p${index}` : `${random.pick(['a', 'a-b', 'k', 'np1', 'z'])}${'-x'.repeat(index)}`
  const order = random.pick([undefined, 0, 1, 1, 2.5, 1000, 1000])
  use(order === undefined ? 'order absent' : order === 1000 ? 'order of NetworkPolicy' : 'order number')
  return calico(isGlobal ? 'GlobalNetworkPolicy' : 'NetworkPolicy', isStored, {
    metadata: {
      name: tier === 'default' ? (isStored ? `default.${name}` : name) : `${tier}.${name}`,
      ...(isGlobal ? {} : { namespace: random.pick(NAMESPACES_OFTEN) }),
    },
    spec: {
      ...(tier === 'default' && random.percent(50) ? {} : { tier }),
      ...(order === undefined ? {} : { order }),
      ...makeSubject(making, isGlobal),
      ...makeDirections(making, isStored),
      ...(isGlobal ? makeHostFields(making) : {}),
    },
  })
}

const makeSubject = ({ random, use }: MakingCalico, isGlobal: boolean): Fields => {
  const namespaces = isGlobal && random.percent(40)
  const accounts = random.percent(10)
  const kind = random.pick(['absent', 'all', 'all', 'some'] as const)
  use(`subject selector ${kind}`)
  if (namespaces) use('subject namespaceSelector')
  if (accounts) use('subject serviceAccountSelector')
  return {
    ...(kind === 'absent'
      ? {}
      : { selector: kind === 'all' ? 'all()' : makeCalicoSelector(random, use, ENDPOINT_KEYS) }),
    ...(namespaces ? { namespaceSelector: makeCalicoSelector(random, use, NAMESPACE_KEYS) } : {}),
    ...(accounts ? { serviceAccountSelector: makeCalicoSelector(random, use, ACCOUNT_KEYS) } : {}),
  }
}

const makeDirections = (making: MakingCalico, isStored: boolean): Fields => {
  const { random, use } = making
  const types = random.pick([undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress'], ['Egress']])
  use(
    types === undefined
      ? isStored
        ? 'types absent as stored'
        : 'types absent'
      : types.length === 2
        ? 'types both'
        : types[0] === 'Egress'
          ? 'types Egress'
          : 'types Ingress',
  )
  const fields: Record<string, Json> = types === undefined ? {} : { types }
  for (const direction of ['egress', 'ingress'] as const) {
    const kind = random.pick(['absent', 'empty', 'some', 'some', 'some', 'some'] as const)
    if (kind !== 'some') use(`rules ${kind}`)
    if (kind === 'empty') fields[direction] = []
    if (kind === 'some')
      fields[direction] = Array.from({ length: 1 + random.below(3) }, () => makeCalicoRule(making, direction))
  }
  return fields
}

/** Both kinds of host policy are for traffic of the host, and so must say that they are for what it forwards, too. */
const makeHostFields = ({ random, use }: MakingCalico): Fields => {
  switch (random.pick(['none', 'none', 'none', 'none', 'none', 'none', 'forward', 'hosts'] as const)) {
    case 'none':
      return {}
    case 'forward':
      use('applyOnForward')
      return { applyOnForward: true }
    case 'hosts':
      use('policy for hosts')
      return { applyOnForward: true, [random.pick(['doNotTrack', 'preDNAT'])]: true }
  }
}

/** Labels that pods have, too: a selector means both. */
const makeSet = ({ random, use }: MakingCalico, index: number): Json => {
  const isGlobal = random.percent(50)
  use(isGlobal ? 'GlobalNetworkSet' : 'NetworkSet')
  const address = random.percent(30) ? [random.pick(['10.0.0.2', 'fd00:a::2', '192.0.2.1'])] : []
  if (address.length > 0) use('net of an address in a set')
  const nets = [...random.some(BLOCKS, 1, 2), ...address]
  return calico(isGlobal ? 'GlobalNetworkSet' : 'NetworkSet', random.percent(30), {
    metadata: {
      name: `set${index}`,
      ...(isGlobal ? {} : { namespace: random.pick(NAMESPACES_OFTEN) }),
      labels: {
        ...(random.percent(60) ? { kind: random.pick(['partner', 'feed']) } : {}),
        ...(random.percent(40) ? { app: random.pick(['web', 'db']) } : {}),
      },
    },
    spec: { nets },
  })
}

const makeStaged = ({ random, use, useEstate }: MakingCalico): Json => {
  const kind = random.pick([
    'StagedNetworkPolicy',
    'StagedGlobalNetworkPolicy',
    'StagedKubernetesNetworkPolicy',
  ] as const)
  use(kind)
  const rules: Fields =
    kind === 'StagedKubernetesNetworkPolicy'
      ? { podSelector: makeSelector(random, useEstate, POD_KEYS), policyTypes: ['Egress'] }
      : { selector: 'all()', types: ['Egress'], egress: [{ action: 'Deny' }] }
  return calico(kind, false, {
    metadata: { name: 'staged', ...(kind === 'StagedGlobalNetworkPolicy' ? {} : { namespace: 'a' }) },
    spec: { stagedAction: 'Set', ...rules },
  })
}
