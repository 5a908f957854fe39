import type { ConfigMap } from '../../model/cluster.ts'
import { sourcedOf } from '../../model/provenance.ts'
import type { ForwardProxyConfig } from '../../model/proxy.ts'

/**
 * An Envoy bootstrap that forwards to whatever name the client gives. Which clients a filter admits is not evaluated: a
 * bootstrap with one is read for its log only.
 * Source: envoyproxy.io, "HTTP dynamic forward proxy", "Access logging", "Role based access control".
 */
export const lowerEnvoy = (configMaps: readonly ConfigMap[]): readonly ForwardProxyConfig[] =>
  configMaps.flatMap(map =>
    [...map.data]
      .filter(([, text]) => text.includes('envoy.filters.http.dynamic_forward_proxy'))
      .map(([key, text]) => ({
        ...sourcedOf(map),
        product: 'envoy' as const,
        key,
        acls: new Map(),
        access: /envoy\.filters\.(http|network)\.(rbac|ext_authz|jwt_authn)/.test(text)
          ? []
          : [{ action: 'allow' as const, acls: [], written: 'dynamic_forward_proxy without an RBAC filter' }],
        accessLog: /\baccess_log["']?\s*:/.test(text) ? ('on' as const) : ('off' as const),
        accessLogSetting: 'no access_log',
        missingFiles: [],
      })),
  )
