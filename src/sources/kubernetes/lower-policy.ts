import { field, isObject, list, text, texts } from '../../model/json.ts'
import type { Policy } from '../../model/policy.ts'
import { EVERYTHING, selectorMatches } from '../../model/selector.ts'
import { type ApiObject, lowerSelector, selectorText, sourced } from './object.ts'

const EVERYWHERE = /^(0\.0\.0\.0|::)\/0$/

/**
 * A policy of a dialect that is not evaluated, as far as it selects: whether being selected closes egress is unknown.
 * Source: cloud.google.com/kubernetes-engine, "Control Pod egress traffic using FQDN network policies".
 */
export const lowerForeignPolicy = (object: ApiObject): Policy => {
  const namespace = object.ref.namespace ?? 'default'
  const selector = lowerSelector(field(object.spec, 'podSelector')) ?? EVERYTHING
  return {
    ...sourced(object),
    dialect: 'other',
    namespace,
    specs: [
      {
        subject: {
          text: selectorText(selector),
          podLabelsOnly: false,
          matches: pod => pod.namespace === namespace && selectorMatches(selector, pod.labels),
        },
        isolatesEgress: 'unknown',
        isolatesIngress: false,
        allowsAllEgress: null,
        opensEverything: false,
        selectsNodes: false,
      },
    ],
    inert: null,
  }
}

/**
 * NetworkPolicy, networking.k8s.io/v1. Without policyTypes a policy affects ingress, and egress only where it has
 * egress rules: the API server stores `egress: []` without policyTypes as Ingress only, so an empty list does not
 * count. A missing podSelector selects every pod of the namespace.
 * Source: k8s.io/api/networking/v1, NetworkPolicySpec.policyTypes; pkg/apis/networking/v1/defaults.go.
 */
export const lowerNetworkPolicy = (object: ApiObject): Policy => {
  const { spec } = object
  const namespace = object.ref.namespace ?? 'default'
  const egress = list(field(spec, 'egress'))
  const written = texts(field(spec, 'policyTypes'))
  const types = written.length > 0 ? written : egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
  const selector = lowerSelector(field(spec, 'podSelector')) ?? EVERYTHING
  const allowAll = egress.findIndex(
    rule => isObject(rule) && list(field(rule, 'to')).length === 0 && list(field(rule, 'ports')).length === 0,
  )
  return {
    ...sourced(object),
    dialect: 'kubernetes',
    namespace,
    specs: [
      {
        subject: {
          text: selectorText(selector),
          podLabelsOnly: false,
          matches: pod => pod.namespace === namespace && selectorMatches(selector, pod.labels),
        },
        isolatesEgress: types.includes('Egress'),
        isolatesIngress: types.includes('Ingress'),
        allowsAllEgress: types.includes('Egress') && allowAll >= 0 ? allowAll : null,
        opensEverything:
          types.includes('Egress') &&
          egress.some(rule => {
            const to = list(field(rule, 'to'))
            return (
              to.length === 0 || to.some(peer => EVERYWHERE.test(text(field(field(peer, 'ipBlock'), 'cidr')) ?? ''))
            )
          }),
        selectsNodes: false,
      },
    ],
    inert: null,
  }
}
