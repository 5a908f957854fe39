import { calicoOfKind } from './calico-endpoints.ts'
import { nameOf, ofKind } from './estate.ts'
import { readAddress } from './ip.ts'
import { at, list, text } from './json.ts'
import type { Json } from './types.ts'

/**
 * The host endpoints that packets of a node may meet: `*` for every interface that has none of its own, and those for one
 * interface, which count where they expect all addresses of the node, and may count where they do not.
 * Source: calico, felix/dataplane/linux/endpoint_mgr.go, resolveHostEndpoints; docs.tigera.io, Host endpoint.
 */
export interface Way {
  /** null: an interface that no endpoint is for. */
  readonly host: Json | null
  readonly isWhole: boolean
  /** `*` beside an endpoint that is certainly the way: for the interfaces of pods, tunnels and the loopback. */
  readonly rest: Json | null
}

/** One of these, and nobody can tell which; empty where the node has no endpoint. */
export const waysAt = (objects: readonly Json[], node: string): readonly Way[] => {
  const mine = calicoOfKind(objects, 'HostEndpoint').filter(host => text(at(host, 'spec', 'node')) === node)
  const sorted = mine.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  const whole = sorted.find(host => at(host, 'spec', 'interfaceName') === '*') ?? null
  const names = new Set<string>()
  const single = sorted.filter(host => {
    const name = text(at(host, 'spec', 'interfaceName')) || `of ${nameOf(host)}`
    if (name === '*' || names.has(name)) return false
    names.add(name)
    return true
  })
  const complete = single.filter(host => expectsAll(objects, node, host))
  if (complete.length > 0) return complete.map(host => ({ host, isWhole: false, rest: whole }))
  if (whole === null && single.length === 0) return []
  return [
    ...single.map(host => ({ host, isWhole: false, rest: null })),
    { host: whole, isWhole: whole !== null, rest: null },
  ]
}

const expectsAll = (objects: readonly Json[], node: string, host: Json): boolean => {
  const object = ofKind(objects, '', 'Node').find(one => nameOf(one) === node)
  const own = list(at(object, 'status', 'addresses'))
    .filter(one => /^(Internal|External)IP$/.test(text(at(one, 'type')) ?? ''))
    .map(one => bitsOf(at(one, 'address')))
  const expected = new Set(list(at(host, 'spec', 'expectedIPs')).map(bitsOf))
  return own.length > 0 && own.every(bits => expected.has(bits))
}

const bitsOf = (address: Json | undefined): string => {
  const read = readAddress(text(address) ?? '')
  return read === null ? 'none' : `${read.family} ${read.bits}`
}

/** Whether pods of other nodes are behind a tunnel, as interfaces with names of their own see it. */
export const areTunnelled = (objects: readonly Json[]): readonly boolean[] => {
  const modes = calicoOfKind(objects, 'IPPool').map(pool =>
    [at(pool, 'spec', 'ipipMode'), at(pool, 'spec', 'vxlanMode')].map(mode => text(mode) ?? 'Never'),
  )
  const each = modes.map(([ipip, vxlan]) =>
    ipip === 'CrossSubnet' || vxlan === 'CrossSubnet'
      ? 'some'
      : ipip === 'Always' || vxlan === 'Always'
        ? 'all'
        : 'none',
  )
  if (each.length > 0 && each.every(mode => mode === 'all')) return [true]
  return each.length > 0 && each.every(mode => mode === 'none') ? [false] : [true, false]
}
