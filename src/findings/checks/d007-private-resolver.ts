import { isUserWorkload } from '../../inventory/identity.ts'
import { imageName } from '../../inventory/image.ts'
import { type Check, hit } from '../check.ts'

/** Resolvers and encrypted-DNS clients. Names: the projects’ published images. */
const RESOLVERS =
  /^(dnscrypt-proxy|dnsproxy|adguardhome|pihole|unbound|stubby|doh-client|dns-over-https|doh-proxy|routedns|blocky|smartdns|coredns|dnsmasq|bind9?|knot-resolver|powerdns)(-|$)/
const PUBLIC_DOH =
  /https:\/\/([a-z0-9.-]*\.)?(dns\.google|cloudflare-dns\.com|one\.one\.one\.one|dns\.quad9\.net|dns\.nextdns\.io|doh\.opendns\.com|dns\.adguard\.com|mozilla\.cloudflare-dns\.com)\b|https:\/\/(1\.1\.1\.1|1\.0\.0\.1|8\.8\.8\.8|8\.8\.4\.4|9\.9\.9\.9)\/(dns-query|resolve)|\/dns-query\b|\bproxy-dns\b/

export const privateResolver: Check = {
  id: 'PST-D007',
  title: 'Resolver of its own inside a workload',
  severity: 'medium',
  why: 'A resolver or an encrypted-DNS client beside the application asks names where the cluster neither logs nor limits them. Encrypted DNS looks like any other HTTPS connection.',
  remedy: 'Use the cluster’s resolver, and block the public encrypted resolvers.',
  references: ['https://www.rfc-editor.org/rfc/rfc8484', 'https://attack.mitre.org/techniques/T1572/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      if (!isUserWorkload(workload)) continue
      for (const container of workload.shape.containers) {
        const { base } = imageName(container.image)
        const words = [
          ...container.command,
          ...container.args,
          ...container.env.flatMap(variable => variable.value ?? []),
        ].join(' ')
        const encrypted = PUBLIC_DOH.exec(words)?.[0]
        if (encrypted === undefined && !RESOLVERS.test(base)) continue
        yield hit(
          workload,
          encrypted === undefined
            ? `\`${container.name}\` is a resolver (\`${base}\`)`
            : `\`${container.name}\` is told to ask names over HTTPS (\`${encrypted}\`)`,
          `remove it from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: workload.shapePath,
            key: container.name,
            severity: encrypted === undefined ? null : 'high',
            witness: encrypted ?? container.image,
          },
        )
      }
    }
  },
}
