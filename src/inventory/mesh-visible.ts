import type { HostImport } from '../model/dialects.ts'

/** Whether a host of a namespace is told to the proxies of another, by those who export it. Empty `exportTo`: by default. */
export const isExported = (
  exportTo: readonly string[],
  byDefault: readonly string[],
  owner: string,
  reader: string,
): boolean => {
  const said = exportTo.length > 0 ? exportTo : byDefault
  if (said.length === 0) return true
  return said.some(to => to === '*' || to === reader || (to === '.' && owner === reader))
}

/** Of a host that a proxy knows: the port that it knows of it alone, or all. */
export type Known =
  | { readonly kind: 'unknown to it' }
  | { readonly kind: 'known'; readonly ports: readonly number[] | 'all' }

/**
 * Whether a proxy imports it: by hosts of its namespace, or else by those of `*`, which some versions before 1.14 did not ask
 * for a namespace that is named; and not where `~` takes it out, of one namespace or of all.
 * Source: istio/istio, pilot/pkg/model, `selectServices`, `matchingService`; istio.io, "Istio 1.31.0 Change Notes".
 */
export const isImported = (
  imports: readonly HostImport[] | null | 'unknown',
  host: string,
  owner: string,
  reader: string,
): Known => {
  if (imports === null || imports === 'unknown') return { kind: 'known', ports: 'all' }
  const ports: number[] = []
  for (const { hosts, port } of imports) {
    const names = (...namespaces: readonly string[]): boolean =>
      hosts.some(text => {
        const slash = text.indexOf('/')
        const written = text.slice(0, Math.max(slash, 0))
        return namespaces.includes(written === '.' ? reader : written) && isWithin(host, text.slice(slash + 1))
      })
    if (!names(owner, '*') || names(`~${owner}`, '~')) continue
    if (port === null) return { kind: 'known', ports: 'all' }
    ports.push(port)
  }
  return ports.length === 0 ? { kind: 'unknown to it' } : { kind: 'known', ports }
}

/** Whether every name of one host, which may begin with `*`, is one of the other. */
const isWithin = (host: string, other: string): boolean => {
  if (other === '*' || other === host) return true
  return other.startsWith('*') && host.replace(/^\*/, '').endsWith(other.slice(1))
}
