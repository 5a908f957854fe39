import { type AdmissionControl, admittedBy, type Controlled, type NamespaceFacts } from '../model/access.ts'
import type { Cluster, Namespace } from '../model/cluster.ts'

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

/** What admission policies do about new objects of a namespace that show one thing. */
export type Denial =
  | { readonly kind: 'denied'; readonly control: AdmissionControl }
  | { readonly kind: 'unknown'; readonly control: AdmissionControl; readonly why: string }
  | { readonly kind: 'admitted' }

export const denialOf = (cluster: Cluster, namespace: NamespaceFacts, what: Controlled): Denial => {
  let doubt: Denial = { kind: 'admitted' }
  for (const control of cluster.admission) {
    const certain = control.denies.includes(what)
    if (!certain && !control.mayDeny.includes(what)) continue
    const judged = control.judges(namespace, admittedBy(what))
    if (judged.kind === 'none') continue
    if (certain && judged.kind === 'all') return { kind: 'denied', control }
    if (doubt.kind === 'admitted') {
      const why = judged.kind === 'unknown' ? judged.why : (control.why ?? 'it is not evaluated in full')
      doubt = { kind: 'unknown', control, why }
    }
  }
  return doubt
}

/** A namespace that somebody may make: what holds only for some names or labels does not hold there. */
export const NEW_NAMESPACE: NamespaceFacts = { name: '', labels: new Map(), read: true }

export const factsOf = (namespace: Namespace): NamespaceFacts => ({
  name: namespace.ref.name,
  labels: namespace.labels,
  read: namespace.read,
})

/** What stands between a new host-network pod and this namespace. */
export interface HostGate {
  /**
   * `closed`: something denies it, whatever else the pod says; `open`: nothing that was read does, and `invited` where
   * Pod Security is told to admit everything; `unknown`: the labels were not read, or a policy may deny it.
   */
  readonly state: 'closed' | 'invited' | 'open' | 'unknown'
  readonly because: string
}

const GATES = new WeakMap<Namespace, HostGate>()

/** A namespace belongs to one cluster, and most checks of access ask for all of them. */
export const hostGateOf = (cluster: Cluster, namespace: Namespace): HostGate => {
  const known = GATES.get(namespace)
  if (known !== undefined) return known
  const gate = judgeGate(cluster, namespace)
  GATES.set(namespace, gate)
  return gate
}

const judgeGate = (cluster: Cluster, namespace: Namespace): HostGate => {
  const { enforce } = podSecurityOf(namespace)
  if (enforce === 'baseline' || enforce === 'restricted')
    return { state: 'closed', because: `Pod Security enforces \`${enforce}\`` }
  const denial = denialOf(cluster, factsOf(namespace), 'hostNetwork')
  if (denial.kind === 'denied')
    return { state: 'closed', because: `${denial.control.engine} \`${denial.control.ref.name}\` denies it` }
  if (!namespace.read) return { state: 'unknown', because: 'the namespace’s labels were not read' }
  if (denial.kind === 'unknown') {
    const { control, why } = denial
    return {
      state: 'unknown',
      because: `Pod Security does not stop it, and whether ${control.engine} \`${control.ref.name}\` denies it is unknown: ${why}`,
    }
  }
  if (enforce === 'privileged')
    return { state: 'invited', because: 'Pod Security enforces `privileged`, which admits everything' }
  const opaque = opaqueWebhook(cluster, namespace)
  const beyond = opaque === undefined ? '' : `; what webhook \`${opaque.ref.name}\` denies is not known`
  return { state: 'open', because: `no Pod Security level is enforced and no admission policy denies it${beyond}` }
}

/** A webhook that sees new pods and whose rules are nowhere in the input: its own, or those of an engine it serves. */
const opaqueWebhook = (cluster: Cluster, namespace: Namespace): AdmissionControl | undefined =>
  cluster.admission.find(
    ({ engine, serves, judges }) =>
      engine === 'webhook' &&
      (serves === null || !cluster.admission.some(control => control.engine === serves)) &&
      judges(factsOf(namespace), 'pods').kind !== 'none',
  )
