import type { Sourced } from './provenance.ts'

/** A forward proxy's access rules as its configuration file gives them, first match wins. */
export interface ForwardProxyConfig extends Sourced {
  readonly product: 'squid' | 'tinyproxy' | 'envoy'
  /** Key in the ConfigMap's data. */
  readonly key: string
  readonly acls: ReadonlyMap<string, ProxyAcl>
  readonly access: readonly ProxyAccess[]
  /** `off`: nothing is written; `on` is also Squid's default. */
  readonly accessLog: 'on' | 'off'
  /** The words that decide it: `access_log none`, `LogLevel Critical`. */
  readonly accessLogSetting: string
  /** Referenced files that are not in the ConfigMap: the list is then empty, and nobody is told. */
  readonly missingFiles: readonly string[]
}

export interface ProxyAcl {
  readonly type: string
  readonly values: readonly string[]
}

export interface ProxyAccess {
  readonly action: 'allow' | 'deny'
  /** ACL names, all of which must hold; `!` in front negates. */
  readonly acls: readonly string[]
  /** As its configuration says it, or what is missing there. */
  readonly written: string
}
