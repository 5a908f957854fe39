import type { Workload } from '../model/workload.ts'
import { isUserWorkload } from './identity.ts'
import { imageName } from './image.ts'

export interface PrivateResolver {
  readonly container: string
  /** The URL or word by which it asks names encrypted; null for a plain resolver. */
  readonly encrypted: string | null
  readonly image: string
}

/** Resolvers and encrypted-DNS clients. Names: the projects’ published images. */
const RESOLVERS =
  /^(dnscrypt-proxy|dnsproxy|adguardhome|pihole|unbound|stubby|doh-client|dns-over-https|doh-proxy|routedns|blocky|smartdns|coredns|dnsmasq|bind9?|knot-resolver|powerdns)(-|$)/
const PUBLIC_DOH =
  /https:\/\/([a-z0-9.-]*\.)?(dns\.google|cloudflare-dns\.com|one\.one\.one\.one|dns\.quad9\.net|dns\.nextdns\.io|doh\.opendns\.com|dns\.adguard\.com|mozilla\.cloudflare-dns\.com)\b|https:\/\/(1\.1\.1\.1|1\.0\.0\.1|8\.8\.8\.8|8\.8\.4\.4|9\.9\.9\.9)\/(dns-query|resolve)|\/dns-query\b|\bproxy-dns\b/

/** Containers of a user’s workload that answer or ask names by themselves. */
export const privateResolversOf = (workload: Workload): readonly PrivateResolver[] => {
  if (!isUserWorkload(workload)) return []
  return workload.shape.containers.flatMap(container => {
    const words = [
      ...container.command,
      ...container.args,
      ...container.env.flatMap(variable => variable.value ?? []),
    ].join(' ')
    const encrypted = PUBLIC_DOH.exec(words)?.[0] ?? null
    if (encrypted === null && !RESOLVERS.test(imageName(container.image).base)) return []
    return [{ container: container.name, encrypted, image: container.image }]
  })
}
