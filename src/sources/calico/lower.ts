import type { AddressPool, CalicoSettings, FelixSettings } from '../../model/dialects.ts'
import { field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { PodIdentity, PodMatcher, Policy } from '../../model/policy.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { type CalicoSelector, calicoSelects, keysOf, parseCalicoSelector } from './selector.ts'
import { directionsOf } from './subject.ts'
import { areAllTiers } from './tiers.ts'

export interface Tiers {
  /** Name of a tier → its default action. The built-in tiers exist whether or not a document says so. */
  readonly ends: ReadonlyMap<string, string>
  readonly areAllKnown: boolean
}

const BUILT_IN = [
  ['default', 'Deny'],
  ['kube-admin', 'Pass'],
  ['kube-baseline', 'Pass'],
  ['adminnetworkpolicy', 'Pass'],
  ['baselineadminnetworkpolicy', 'Pass'],
] as const

export const lowerTiers = (tiers: readonly ApiObject[]): Tiers => ({
  ends: new Map([
    ...BUILT_IN,
    ...tiers.map(tier => [tier.ref.name, text(field(tier.spec, 'defaultAction')) ?? 'Deny'] as const),
  ]),
  areAllKnown: areAllTiers(tiers),
})

/** A tier that is not there comes last and denies; one that may be written elsewhere ends as that says. */
const endOf = (tier: string, { ends, areAllKnown }: Tiers): 'Pass' | 'Deny' | 'unknown' => {
  const end = ends.get(tier) ?? (areAllKnown ? 'Deny' : 'unknown')
  return end === 'Pass' || end === 'unknown' ? end : 'Deny'
}

/**
 * Calico NetworkPolicy and GlobalNetworkPolicy of either API group, staged ones included (they do nothing). Being
 * selected closes egress when the tier ends in Deny and no rule lets everything out or passes it on. One whose tier is not
 * there is enforced after all others.
 * Source: docs.tigera.io, GlobalNetworkPolicy; felix/calc, PolicySorter.
 */
export const lowerCalicoPolicy = (object: ApiObject, tiers: Tiers): Policy => {
  const { spec } = object
  const namespace = object.ref.kind.includes('Global') ? null : (object.ref.namespace ?? 'default')
  const egress = list(field(spec, 'egress'))
  const directions = directionsOf(object) ?? []
  const isAbout = directions.includes('egress')
  const unconditional = egress.find(isUnconditional)
  const end = endOf(text(field(spec, 'tier')) || 'default', tiers)
  const closes =
    unconditional !== undefined
      ? text(field(unconditional, 'action')) === 'Deny'
      : end === 'unknown'
        ? 'unknown'
        : end === 'Deny'
  const allows = egress.findIndex(rule => opensToAddresses(rule) && isOnEveryPort(rule))
  return {
    ...sourced(object),
    dialect: 'calico',
    namespace,
    specs: [
      {
        subject: subjectOf(spec, namespace),
        isolatesEgress: isAbout && closes,
        isolatesIngress: directions.includes('ingress'),
        allowsAllEgress: isAbout && allows >= 0 ? allows : null,
        opensEverything: isAbout && egress.some(opensToAddresses),
        // Before address translation and connection tracking there are host endpoints alone.
        selectsNodes: field(spec, 'doNotTrack') === true || field(spec, 'preDNAT') === true,
      },
    ],
    inert: object.ref.kind.startsWith('Staged') ? 'staged: it is only reported, not enforced' : null,
  }
}

/** An Allow toward every address, or toward all but a few. */
const opensToAddresses = (rule: Json): boolean => {
  if (text(field(rule, 'action')) !== 'Allow') return false
  const to = field(rule, 'destination')
  if (!isObject(to) || Object.keys(to).every(key => key === 'ports' || key === 'notPorts')) return true
  return texts(field(to, 'nets')).some(isEverywhere) || list(field(to, 'notNets')).length > 0
}

const isEverywhere = (range: string): boolean => /^(0\.0\.0\.0|128\.0\.0\.0|::)\/[01]$/.test(range)

/** Neither a protocol nor a port limits the rule. */
const isOnEveryPort = (rule: Json): boolean =>
  field(rule, 'protocol') === undefined && list(field(field(rule, 'destination'), 'ports')).length === 0

/** Calico stores `source: {}` and `destination: {}` with every rule: they say nothing. */
const isUnconditional = (rule: Json): boolean =>
  isObject(rule) &&
  field(rule, 'action') !== 'Log' &&
  Object.entries(rule).every(
    ([key, value]) => key === 'action' || key === 'metadata' || (isObject(value) && Object.keys(value).length === 0),
  )

const subjectOf = (spec: Json | undefined, namespace: string | null): PodMatcher => {
  const selectorText = text(field(spec, 'selector')) ?? ''
  const namespaceText = text(field(spec, 'namespaceSelector')) ?? ''
  const accountText = text(field(spec, 'serviceAccountSelector')) ?? ''
  const selector = parseCalicoSelector(selectorText)
  const namespaces = parseCalicoSelector(namespaceText)
  const shown = [
    selectorText || 'all()',
    namespaceText && `in namespaces ${namespaceText}`,
    accountText && `as ${accountText}`,
  ]
  const label = shown.filter(Boolean).join(' ')
  if (selector === null || namespaces === null) return { text: label, podLabelsOnly: false, matches: () => 'unknown' }
  return {
    text: label,
    podLabelsOnly: namespace === null && namespaceText === '' && accountText === '' && looksAtLabelsOnly(selector),
    matches: pod => {
      if (namespace !== null && pod.namespace !== namespace) return false
      if (namespaceText !== '' && !calicoSelects(namespaces, namespaceLabels(pod))) return false
      if (!calicoSelects(selector, endpointLabels(pod))) return false
      // Labels of the service account are not part of this model.
      return accountText === '' ? true : 'unknown'
    },
  }
}

const looksAtLabelsOnly = (selector: CalicoSelector): boolean => {
  const keys = keysOf(selector)
  return keys.length > 0 && keys.every(key => !key.startsWith('projectcalico.org/'))
}

/** Calico adds these to a pod's own labels. */
const endpointLabels = (pod: PodIdentity): ReadonlyMap<string, string> =>
  new Map([
    ...pod.labels,
    ['projectcalico.org/namespace', pod.namespace],
    ['projectcalico.org/serviceaccount', pod.serviceAccount],
    ['projectcalico.org/orchestrator', 'k8s'],
  ])

const namespaceLabels = (pod: PodIdentity): ReadonlyMap<string, string> =>
  new Map([...pod.namespaceLabels, ['projectcalico.org/name', pod.namespace]])

/** Installation (operator), FelixConfiguration, IPPool, HostEndpoint, Tier, network sets: the settings that change egress. */
export const lowerCalicoSettings = (objects: readonly ApiObject[]): CalicoSettings => {
  const ofKind = (kind: string): readonly ApiObject[] => objects.filter(object => object.ref.kind === kind)
  const installation = ofKind('Installation')[0]
  return {
    felix: ofKind('FelixConfiguration').map(lowerFelix),
    pools: ofKind('IPPool').map(lowerPool),
    hostEndpoints: ofKind('HostEndpoint').map(object => ({
      ...sourced(object),
      node: text(field(object.spec, 'node')) ?? null,
      interfaceName: text(field(object.spec, 'interfaceName')) ?? null,
      profiles: texts(field(object.spec, 'profiles')),
    })),
    installation:
      installation === undefined
        ? null
        : {
            ...sourced(installation),
            dataplane: text(field(field(installation.spec, 'calicoNetwork'), 'linuxDataplane')) ?? null,
            cniType: text(field(field(installation.spec, 'cni'), 'type')) ?? null,
          },
    tiers: new Set(ofKind('Tier').map(tier => tier.ref.name)),
    networkSets: [...ofKind('NetworkSet'), ...ofKind('GlobalNetworkSet')].map(object => ({
      ...sourced(object),
      nets: texts(field(object.spec, 'nets')),
    })),
  }
}

const lowerFelix = (object: ApiObject): FelixSettings => ({
  ...sourced(object),
  scope: object.ref.name,
  settings: new Map(
    isObject(object.spec)
      ? Object.entries(object.spec).map(
          ([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)] as const,
        )
      : [],
  ),
})

const lowerPool = (object: ApiObject): AddressPool => {
  const modes = ['ipipMode', 'vxlanMode'].flatMap(key => {
    const mode = text(field(object.spec, key))
    return mode === undefined || mode === 'Never' ? [] : [`${key.slice(0, -4)} ${mode}`]
  })
  return {
    ...sourced(object),
    cidr: text(field(object.spec, 'cidr')) ?? '',
    natOutgoing: field(object.spec, 'natOutgoing') === true,
    encapsulation: modes.join(', ') || null,
  }
}
