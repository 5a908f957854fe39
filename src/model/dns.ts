import type { Sourced } from './provenance.ts'

/** How a cluster's resolver is told to answer: which zones it sends where, and whether it keeps a query log. */
export interface ResolverConfig extends Sourced {
  readonly product: 'coredns' | 'node-local-dns' | 'kube-dns'
  readonly zones: readonly ResolverZone[]
}

export interface ResolverZone {
  /** `.` for everything; without a trailing dot otherwise. */
  readonly zone: string
  readonly bind: readonly string[]
  readonly forwards: readonly Forward[]
  /** `partial`: only some answers are logged. */
  readonly log: 'on' | 'partial' | 'off'
  /** Object that says so, when it is not the resolver's own (`coredns-custom`), and the key in its data. */
  readonly from: Sourced
  readonly key: string
}

export interface Forward {
  /** The names sent there: `.` or a zone. */
  readonly zone: string
  /** Addresses, names, or `/etc/resolv.conf`: as written, without scheme and port. */
  readonly upstreams: readonly string[]
  readonly protocol: 'dns' | 'dns-tcp' | 'dot' | 'doh'
}
