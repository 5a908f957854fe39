import type { Node } from '../../model/cluster.ts'
import { at, field, list, text, texts } from '../../model/json.ts'
import { type ApiObject, sourced, statusOf } from './object.ts'

/** Source: k8s.io/api/core/v1, types NodeSpec, NodeStatus, NodeAddress. */
export const lowerNode = (object: ApiObject): Node => {
  const addresses = list(statusOf(object, 'addresses'))
  const ofType = (type: string): readonly string[] =>
    addresses.filter(entry => field(entry, 'type') === type).flatMap(entry => text(field(entry, 'address')) || [])
  const podRanges = texts(field(object.spec, 'podCIDRs'))
  const podRange = text(field(object.spec, 'podCIDR'))
  const info = statusOf(object, 'nodeInfo')
  return {
    ...sourced(object),
    providerId: text(field(object.spec, 'providerID')) ?? null,
    internalAddresses: ofType('InternalIP'),
    externalAddresses: ofType('ExternalIP'),
    podRanges: podRanges.length > 0 ? podRanges : podRange === undefined ? [] : [podRange],
    taints: list(field(object.spec, 'taints')).map(taint => ({
      key: text(field(taint, 'key')) ?? '',
      value: text(field(taint, 'value')) ?? null,
      effect: text(field(taint, 'effect')) ?? '',
    })),
    os: text(at(info, 'operatingSystem')) ?? object.labels.get('kubernetes.io/os') ?? null,
    kubeletVersion: text(at(info, 'kubeletVersion')) ?? null,
    kernelVersion: text(at(info, 'kernelVersion')) ?? null,
    osImage: text(at(info, 'osImage')) ?? null,
  }
}
