import { withPlainKeys } from './cilium-identity.ts'
import { labelsOf, nameOf, namespaceOf, ofKind } from './estate.ts'
import { type Address, readAddress } from './ip.ts'
import { at, isObject, list, text } from './json.ts'
import { selects } from './labels.ts'
import type { Question } from './question.ts'
import { every, some, tri } from './three.ts'
import type { Json, Tri } from './types.ts'

/** The endpoints of the Service `kubernetes`, on a node or outside; unknown without them. */
export const isApiserver = (question: Question): Tri => {
  const { peer, objects } = question
  if (peer.kind === 'pod') return 'no'
  const known = endpointAddresses(objects, 'default', 'kubernetes')
  return known.length === 0 ? 'unknown' : tri(known.some(address => isSame(address, peer.address)))
}

/** CIDRs mean what is outside; pods and nodes only if `policy-cidr-match-mode` says so. */
export const isInCidr = (question: Question, inside: Tri): Tri => {
  const { peer, platform } = question
  if (peer.kind === 'pod') return every([tri(platform.ciliumCidrMatchesPods), inside])
  return peer.kind === 'node' ? every([tri(platform.ciliumCidrMatchesNodes), inside]) : inside
}

/**
 * A Service with a selector stands for its pods (from 1.17 on), one without for the addresses of its endpoints, as CIDRs. A
 * selector of Services goes before a name; without a namespace, any. Only allow rules are resolved.
 * Source: docs.cilium.io, "Services based"; cilium, pkg/policy/k8s/service.go, processRule.
 */
export const isService = (question: Question, entry: Json): Tri => {
  const { peer, objects } = question
  const selector = at(entry, 'k8sServiceSelector')
  const named = at(entry, 'k8sService')
  const wanted = text(at(selector ?? named, 'namespace')) ?? ''
  return some(
    ofKind(objects, '', 'Service')
      .filter(service => wanted === '' || namespaceOf(service) === wanted)
      .map(service => {
        const namespace = namespaceOf(service)
        const chosen =
          selector === undefined
            ? tri(nameOf(service) === text(at(named, 'serviceName')))
            : selects(withPlainKeys(at(selector, 'selector') ?? null), labelsOf(service))
        const pods = at(service, 'spec', 'selector')
        if (isObject(pods) && Object.keys(pods).length > 0) {
          const candidate = peer.kind === 'pod' && peer.live && peer.namespace === namespace
          return every([chosen, candidate ? selects({ matchLabels: pods }, peer.labels) : 'no'])
        }
        const addresses = endpointAddresses(objects, namespace, nameOf(service))
        return every([chosen, isInCidr(question, tri(addresses.some(address => isSame(address, peer.address))))])
      }),
  )
}

/** Of EndpointSlices, found by their label, and of Endpoints, found by name. */
const endpointAddresses = (objects: readonly Json[], namespace: string, service: string): readonly Address[] => {
  const slices = ofKind(objects, 'discovery.k8s.io', 'EndpointSlice')
    .filter(slice => namespaceOf(slice) === namespace)
    .filter(slice => at(slice, 'metadata', 'labels', 'kubernetes.io/service-name') === service)
    .flatMap(slice => list(at(slice, 'endpoints')))
    .flatMap(endpoint => list(at(endpoint, 'addresses')))
  const endpointsObjects = ofKind(objects, '', 'Endpoints')
    .filter(candidate => namespaceOf(candidate) === namespace && nameOf(candidate) === service)
    .flatMap(candidate => list(at(candidate, 'subsets')))
    .flatMap(subset => list(at(subset, 'addresses')))
    .map(entry => at(entry, 'ip'))
  return [...slices, ...endpointsObjects].flatMap(written => readAddress(text(written) ?? '') ?? [])
}

const isSame = (a: Address, b: Address | null): boolean => b !== null && a.family === b.family && a.bits === b.bits
