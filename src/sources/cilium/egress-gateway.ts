import type { EgressGatewayPolicy } from '../../model/dialects.ts'
import { field, isObject, type Json, list, text, texts } from '../../model/json.ts'
import type { Selector } from '../../model/rule.ts'
import { EVERYTHING } from '../../model/selector.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { type AnyCidr, readCidr } from '../../sets/cidr.ts'
import { type ApiObject, lowerSelector, sourced } from '../kubernetes/object.ts'
import { selectorOf } from '../kubernetes/rule-parts.ts'
import type { CiliumContext } from './context.ts'
import { allOf } from './expressions.ts'
import { readSelector } from './label-selector.ts'
import { podSelector } from './selectors.ts'

/**
 * CiliumEgressGatewayPolicy: pods that one of the selectors names leave for the destinations, but for the excluded ones, through a
 * gateway node. `egressGateway`, in newer versions also `egressGateways`.
 * Source: docs.cilium.io, "Egress Gateway"; pkg/k8s/apis/cilium.io/v2, type CiliumEgressGatewayPolicySpec.
 */
export const lowerEgressGateway = (object: ApiObject, context: CiliumContext): EgressGatewayPolicy => {
  const { spec } = object
  const gateways = [field(spec, 'egressGateway'), ...list(field(spec, 'egressGateways'))].filter(isObject)
  const destinations = texts(field(spec, 'destinationCIDRs'))
  const excluded = texts(field(spec, 'excludedCIDRs'))
  return {
    ...sourced(object),
    product: 'cilium',
    nodeSelectors: gateways.map(gateway => lowerSelector(field(gateway, 'nodeSelector')) ?? EVERYTHING),
    egressAddresses: gateways.flatMap(gateway => text(field(gateway, 'egressIP')) ?? []),
    destinations,
    subject: { kind: 'any', of: list(field(spec, 'selectors')).map(one => subjectOf(one, context)) },
    routes: addressesOfCidrs(destinations.flatMap(cidrOf), excluded.flatMap(cidrOf)),
  }
}

const subjectOf = (selector: Json, context: CiliumContext): Selector => {
  const pods = field(selector, 'podSelector')
  const namespaces = lowerSelector(field(selector, 'namespaceSelector'))
  return allOf([
    ...(isObject(pods) ? [podsOf(pods, context)] : []),
    ...(namespaces === null ? [] : [selectorOf('namespace', namespaces)]),
    ...(field(selector, 'nodeSelector') === undefined
      ? []
      : [{ kind: 'unknown', why: 'the node that a pod runs on decides whether it is routed' } as const]),
  ])
}

const podsOf = (selector: Json, context: CiliumContext): Selector => {
  const read = readSelector(selector)
  return read.kind === 'read'
    ? podSelector(read.value, context)
    : { kind: 'unknown', why: `a selector of the egress gateway ${read.why}` }
}

const cidrOf = (written: string): readonly AnyCidr[] => {
  const read = readCidr(written)
  return read.kind === 'read' ? [read.value] : []
}
