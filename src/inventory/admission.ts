import type { AdmissionControl } from '../model/access.ts'
import type { Cluster, Namespace } from '../model/cluster.ts'
import { selectorMatches } from '../model/selector.ts'

export interface PodSecurity {
  readonly enforce: string | null
  readonly audit: string | null
  readonly warn: string | null
}

/** Source: kubernetes.io, "Pod Security Admission", namespace labels. */
export const podSecurityOf = (namespace: Namespace): PodSecurity => {
  const level = (mode: string): string | null => namespace.labels.get(`pod-security.kubernetes.io/${mode}`) ?? null
  return { enforce: level('enforce'), audit: level('audit'), warn: level('warn') }
}

/** Does an admission policy of its own act on pods of this namespace? */
export const appliesTo = (control: AdmissionControl, namespace: Namespace): boolean => {
  const { name } = namespace.ref
  if (control.excludedNamespaces.some(pattern => globMatches(pattern, name))) return false
  if (control.includedNamespaces.length > 0 && !control.includedNamespaces.some(pattern => globMatches(pattern, name)))
    return false
  return control.namespaceSelector === null || selectorMatches(control.namespaceSelector, namespace.labels)
}

/** What stands between a new host-network pod and this namespace. */
export interface HostGate {
  /** `closed`: something denies it; `open`: nothing does; `unknown`: a webhook that cannot be looked into might. */
  readonly state: 'closed' | 'open' | 'unknown'
  readonly because: string
}

export const hostGateOf = (cluster: Cluster, namespace: Namespace): HostGate => {
  const { enforce } = podSecurityOf(namespace)
  if (enforce === 'baseline' || enforce === 'restricted')
    return { state: 'closed', because: `Pod Security enforces \`${enforce}\`` }
  const active = cluster.admission.filter(control => appliesTo(control, namespace))
  const denying = active.find(control => control.enforces === true && control.controls.includes('hostNetwork'))
  if (denying !== undefined) return { state: 'closed', because: `${denying.engine} \`${denying.ref.name}\` denies it` }
  if (!namespace.read) return { state: 'unknown', because: 'the namespace’s labels were not read' }
  if (enforce === 'privileged')
    return { state: 'open', because: 'Pod Security enforces `privileged`, which admits everything' }
  return { state: 'open', because: 'no Pod Security level is enforced and no admission policy denies it' }
}

/** `*` is any run of characters. */
export const globMatches = (pattern: string, text: string): boolean => {
  if (!pattern.includes('*')) return pattern === text
  const parts = pattern.split('*')
  const [first = '', ...rest] = parts
  const last = rest.pop() ?? ''
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false
  let at = first.length
  for (const part of rest) {
    const found = text.indexOf(part, at)
    if (found < 0 || found + part.length > text.length - last.length) return false
    at = found + part.length
  }
  return true
}
