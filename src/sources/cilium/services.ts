import { field, type Json, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt, Peer } from '../../model/rule.ts'
import { selectorMatches } from '../../model/selector.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { addressBlock } from './blocks.ts'
import { type CiliumContext, type CiliumService, since } from './context.ts'
import { scoped } from './endpoints.ts'
import { POD_NAMESPACE, readSelector } from './label-selector.ts'
import { anywhere, NOWHERE, nowhereBecause, perhaps, type Reached, surely, together } from './reached.ts'

/**
 * One item of `toServices`. A Service without selector means the addresses of its endpoints, as blocks. One with a selector
 * means, since 1.17, the pods that the selector chooses, whether they are ready or not; before, nothing. A namespace left
 * out is any. A selector wins over a name. Source: docs.cilium.io, "Services based"; pkg/policy/k8s, processRule.
 */
export const servicePeer = (item: Json, at: DocumentPath, context: CiliumContext): Reached => {
  const chosen = servicesOf(item, context)
  if (chosen === null)
    return anywhere({ level: 'unknown', why: 'the Service selector cannot be read', settledBy: 'a selector in order' })
  const reached = together(chosen.map(service => reach(service, context)))
  if (!context.complete) return together([reached, anywhere(missing)])
  return chosen.length > 0 ? reached : nowhereBecause(at, 'no Service is meant by it: it matches nothing')
}

const missing: Doubt = {
  level: 'unknown',
  why: 'Services and endpoints that it means may stand in documents that were not given',
  settledBy: 'the Services and EndpointSlices of the cluster',
}

const servicesOf = (item: Json, context: CiliumContext): readonly CiliumService[] | null => {
  const selector = field(item, 'k8sServiceSelector') ?? null
  const service = selector ?? field(item, 'k8sService') ?? null
  const namespace = text(field(service, 'namespace')) ?? ''
  const here = context.services.filter(other => namespace === '' || other.namespace === namespace)
  if (selector === null) return here.filter(other => other.ref.name === text(field(service, 'serviceName')))
  const read = readSelector(field(selector, 'selector'))
  // The source of a key says nothing here: a Service's labels are Kubernetes labels.
  return read.kind === 'refused'
    ? null
    : here.filter(other => selectorMatches({ requirements: read.value }, other.labels))
}

const reach = (service: CiliumService, context: CiliumContext): Reached => {
  if (service.selector === null || service.selector.size === 0) return addressesOf(service)
  const requirements = [...service.selector, [POD_NAMESPACE, service.namespace] as const].map(([key, value]) => ({
    source: 'k8s',
    key,
    operator: 'In' as const,
    values: [value],
    plain: true,
  }))
  const pods: Peer = { kind: 'pods', selector: scoped(requirements, null, context) }
  switch (since(context, 17)) {
    case 'yes':
      return surely(pods)
    case 'no':
      return NOWHERE
    case 'unknown':
      return perhaps([pods], {
        level: 'unknown',
        why: 'toServices reaches pods behind a selector only from 1.17 on',
        settledBy: 'the version of Cilium',
      })
  }
}

const addressesOf = (service: CiliumService): Reached => {
  const read = service.endpoints.map(({ address }) => addressBlock(address))
  const blocks = read.flatMap(reading => (reading.kind === 'read' ? [reading.value] : []))
  const refused = read.flatMap(reading => (reading.kind === 'refused' ? [reading.why] : []))
  return together([
    blocks.length === 0 ? NOWHERE : surely({ kind: 'block', addresses: addressesOfCidrs(blocks) }),
    ...refused.map(why =>
      anywhere({ level: 'unknown', why, settledBy: 'an endpoint address that all readers take alike' }),
    ),
  ])
}
