import { at, field, type Json, list, text, texts } from '../../model/json.ts'
import type { PodMatcher, Policy } from '../../model/policy.ts'
import { EVERYTHING, selectorMatches } from '../../model/selector.ts'
import { type ApiObject, lowerSelector, selectorText, sourced } from '../kubernetes/object.ts'

/**
 * AdminNetworkPolicy, BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy (v1alpha2) of
 * policy.networking.k8s.io. None of them isolates by being there: egress is closed only where a rule denies it all.
 * Source: sigs.k8s.io/network-policy-api, apis/v1alpha1 and v1alpha2.
 */
export const lowerAdminPolicy = (object: ApiObject): Policy => {
  const rules = list(field(object.spec, 'egress'))
  const allowsAll = rules.findIndex(
    rule => ['Allow', 'Accept'].includes(text(field(rule, 'action')) ?? '') && coversEverything(rule),
  )
  const deniesAll = rules.some(rule => text(field(rule, 'action')) === 'Deny' && coversEverything(rule))
  return {
    ...sourced(object),
    dialect: 'policy-api',
    namespace: null,
    specs: [
      {
        subject: subjectOf(field(object.spec, 'subject')),
        isolatesEgress: deniesAll,
        isolatesIngress: false,
        allowsAllEgress: allowsAll >= 0 ? allowsAll : null,
        opensEverything: rules.some(
          rule =>
            ['Allow', 'Accept'].includes(text(field(rule, 'action')) ?? '') &&
            list(field(rule, 'to')).some(peer =>
              texts(field(peer, 'networks')).some(range => /^(0\.0\.0\.0|::)\/0$/.test(range)),
            ),
        ),
        selectsNodes: false,
      },
    ],
    inert: null,
  }
}

const coversEverything = (rule: Json): boolean =>
  list(field(rule, 'ports')).length === 0 &&
  list(field(rule, 'protocols')).length === 0 &&
  list(field(rule, 'to')).some(peer => texts(field(peer, 'networks')).includes('0.0.0.0/0'))

const subjectOf = (subject: Json | undefined): PodMatcher => {
  const namespaces = lowerSelector(field(subject, 'namespaces'))
  if (namespaces) {
    return {
      text: `namespaces ${selectorText(namespaces)}`,
      podLabelsOnly: false,
      matches: pod => selectorMatches(namespaces, pod.namespaceLabels),
    }
  }
  const inNamespaces = lowerSelector(at(subject, 'pods', 'namespaceSelector')) ?? EVERYTHING
  const pods = lowerSelector(at(subject, 'pods', 'podSelector'))
  if (!pods) return { text: 'nothing readable', podLabelsOnly: false, matches: () => 'unknown' }
  return {
    text: `pods ${selectorText(pods)} in namespaces ${selectorText(inNamespaces)}`,
    podLabelsOnly: inNamespaces.requirements.length === 0 && pods.requirements.length > 0,
    matches: pod => selectorMatches(inNamespaces, pod.namespaceLabels) && selectorMatches(pods, pod.labels),
  }
}
