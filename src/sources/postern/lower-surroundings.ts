import {
  type ApprovedExit,
  BASELINE_LOGGING,
  type EgressPattern,
  type Environment,
  type PrivateEndpointDocument,
  type ResolverDocument,
} from '../../model/intent.ts'
import { field, type Json, list, text, textMap, texts } from '../../model/json.ts'
import type { Addresses } from '../../sets/addresses.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'
import { dateIn, type Faults, faultsIn, globsIn, readAddresses, readNames, sayIn } from './parts.ts'

const flagIn = (value: Json | undefined, key: string): boolean | null => {
  const written = field(value, key)
  return typeof written === 'boolean' ? written : null
}

const addressesIn = (object: ApiObject, faults: Faults): Addresses =>
  readAddresses(field(object.spec, 'addresses'), ['spec', 'addresses'], faults)

export const lowerApprovedExit = (object: ApiObject): ApprovedExit => {
  const faults = faultsIn(object)
  const { spec } = object
  return {
    ...sourced(object),
    faults,
    addresses: addressesIn(object, faults),
    ids: texts(field(spec, 'ids')),
    names: texts(field(spec, 'names')),
    tags: textMap(field(spec, 'tags')),
    environment: sayIn(spec, 'environment'),
    inspectsTls: flagIn(spec, 'inspectsTLS'),
    owner: sayIn(spec, 'owner'),
  }
}

export const lowerEnvironment = (object: ApiObject): Environment => {
  const { spec } = object
  const baseline = field(spec, 'baseline')
  return {
    ...sourced(object),
    faults: faultsIn(object),
    clusters: texts(field(spec, 'clusters')),
    networks: texts(field(spec, 'networks')),
    tiers: texts(field(spec, 'tiers')),
    defaultRouteTables: texts(field(spec, 'defaultRouteTables')),
    meshes: list(field(spec, 'meshes')).map(texts),
    baseline: {
      policies: list(field(baseline, 'policies')).map((policy, i) => ({
        kind: text(field(policy, 'kind')) ?? '',
        name: text(field(policy, 'name')) ?? '',
        namespaces: globsIn(policy, 'namespaces'),
        at: ['spec', 'baseline', 'policies', i],
      })),
      nameAllowlisting: field(baseline, 'nameAllowlisting') === true,
      logging: BASELINE_LOGGING.filter(one => texts(field(baseline, 'logging')).includes(one)),
    },
    owner: sayIn(spec, 'owner'),
  }
}

export const lowerPrivateEndpoint = (object: ApiObject): PrivateEndpointDocument => {
  const faults = faultsIn(object)
  const { spec } = object
  return {
    ...sourced(object),
    faults,
    service: sayIn(spec, 'service'),
    names: readNames(field(spec, 'names'), ['spec', 'names'], faults),
    addresses: addressesIn(object, faults),
    ids: texts(field(spec, 'ids')),
    environment: sayIn(spec, 'environment'),
  }
}

export const lowerResolver = (object: ApiObject): ResolverDocument => {
  const faults = faultsIn(object)
  const { spec } = object
  return {
    ...sourced(object),
    faults,
    addresses: addressesIn(object, faults),
    clusters: globsIn(spec, 'clusters'),
    logs: flagIn(spec, 'logs'),
    filters: flagIn(spec, 'filters'),
  }
}

export const lowerEgressPattern = (object: ApiObject): EgressPattern => {
  const { spec } = object
  const pattern = text(field(spec, 'pattern'))
  return {
    ...sourced(object),
    faults: faultsIn(object),
    pattern: pattern === 'centralised' || pattern === 'per-cluster' ? pattern : null,
    clusters: globsIn(spec, 'clusters'),
    environment: sayIn(spec, 'environment'),
    via: texts(field(spec, 'via')),
    decision: sayIn(spec, 'decision'),
    reviewBy: dateIn(spec, 'reviewBy'),
    owner: sayIn(spec, 'owner'),
  }
}
