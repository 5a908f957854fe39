import type { EgressNetwork, EgressRoute } from '../../model/dialects.ts'
import { field, integer, list, text, texts } from '../../model/json.ts'
import { type ApiObject, sourced } from '../kubernetes/object.ts'

/**
 * Linkerd’s EgressNetwork, and the Gateway API’s routes as far as their parent is one: traffic outside that no route speaks of
 * is let through or refused by the proxy. Source: linkerd.io reference, "EgressNetwork".
 */
export const lowerEgressNetworks = (objects: readonly ApiObject[]): readonly EgressNetwork[] =>
  objects
    .filter(object => object.ref.group === GROUP)
    .map(object => {
      const networks = field(object.spec, 'networks')
      return {
        ...sourced(object),
        namespace: object.ref.namespace ?? 'default',
        policy: POLICIES.get(text(field(object.spec, 'trafficPolicy')) ?? '') ?? ('unknown' as const),
        networks:
          networks === undefined || networks === null
            ? null
            : list(networks).map(network => ({
                cidr: text(field(network, 'cidr')) ?? '',
                except: texts(field(network, 'except')),
              })),
      }
    })

export const lowerEgressRoutes = (objects: readonly ApiObject[]): readonly EgressRoute[] =>
  objects.flatMap(object => {
    const kind = ROUTES.get(object.ref.kind)
    const namespace = object.ref.namespace ?? 'default'
    const parents = list(field(object.spec, 'parentRefs'))
      .filter(parent => text(field(parent, 'kind')) === 'EgressNetwork' && text(field(parent, 'group')) === GROUP)
      .map(parent => ({
        namespace: text(field(parent, 'namespace')) ?? namespace,
        name: text(field(parent, 'name')) ?? '',
        port: integer(field(parent, 'port')) ?? null,
      }))
    if (kind === undefined || parents.length === 0) return []
    return [{ ...sourced(object), kind, parents, hostnames: texts(field(object.spec, 'hostnames')) }]
  })

const GROUP = 'policy.linkerd.io'
const POLICIES: ReadonlyMap<string, 'allow' | 'deny'> = new Map([
  ['Allow', 'allow'],
  ['Deny', 'deny'],
])
const ROUTES: ReadonlyMap<string, EgressRoute['kind']> = new Map([
  ['HTTPRoute', 'http'],
  ['GRPCRoute', 'http'],
  ['TLSRoute', 'tls'],
  ['TCPRoute', 'tcp'],
])
