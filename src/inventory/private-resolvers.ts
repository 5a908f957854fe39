import type { Container, Workload } from '../model/workload.ts'
import { commandLines } from './command-lines.ts'
import { isUserWorkload } from './identity.ts'
import { imageName } from './image.ts'

export interface PrivateResolver {
  readonly container: Container
  /** The URL or word by which it asks names encrypted; null for a plain resolver. */
  readonly encrypted: string | null
  readonly image: string
}

/** Resolvers and encrypted-DNS clients. Names: the projects’ published images. */
const RESOLVERS =
  /^(dnscrypt-proxy|dnsproxy|adguardhome|pihole|unbound|stubby|doh-client|dns-over-https|doh-proxy|routedns|blocky|smartdns|coredns|dnsmasq|bind9?|knot-resolver|powerdns|pdns-recursor|https-dns-proxy|dnsdist)(-(?!exporter|ui|admin|operator|controller|webhook)|$)/
/** Public resolvers over HTTPS or TLS, the path that RFC 8484 registers, and cloudflared's own word for it. */
const PUBLIC_DOH = new RegExp(
  [
    String.raw`\b(?:https|tls|quic|h3):\/\/(?:[a-z0-9-]+\.)*(?:dns\.google|cloudflare-dns\.com|one\.one\.one\.one|quad9\.net|nextdns\.io|doh\.opendns\.com|adguard-dns\.com|dns\.adguard\.com)(?=[:/"'\s]|$)`,
    String.raw`\b(?:https|tls|quic|h3):\/\/(?:1\.[01]\.[01]\.1|8\.8\.[48]\.[48]|9\.9\.9\.(?:9|10|11)|149\.112\.112\.112)(?=[:/"'\s]|$)`,
    String.raw`\bhttps:\/\/[^\s"']+\/dns-query\b`,
    String.raw`\bproxy-dns\b`,
  ].join('|'),
)

/** Containers of a user’s workload that answer or ask names by themselves. */
export const privateResolversOf = (workload: Workload): readonly PrivateResolver[] => {
  if (!isUserWorkload(workload)) return []
  return workload.shape.containers.flatMap(container => {
    const words = [...commandLines(container), ...container.env.flatMap(variable => variable.value ?? [])].join(' ')
    const encrypted = PUBLIC_DOH.exec(words)?.[0] ?? null
    if (encrypted === null && !RESOLVERS.test(imageName(container.image).base)) return []
    return [{ container, encrypted, image: container.image }]
  })
}
