import type { ObjectRef } from './identity.ts'
import type { Sourced } from './provenance.ts'

export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount'
  readonly name: string
  /** Only for service accounts. */
  readonly namespace: string | null
}

/** One rule of a role; `*` stands as written. */
export interface AccessRule {
  readonly groups: readonly string[]
  readonly resources: readonly string[]
  readonly names: readonly string[]
  readonly verbs: readonly string[]
}

/** A RoleBinding or ClusterRoleBinding with the rules of the role it names. */
export interface RoleBinding extends Sourced {
  /** null: in every namespace. */
  readonly namespace: string | null
  readonly role: ObjectRef
  /** null when the role was not read: what it grants is unknown. */
  readonly rules: readonly AccessRule[] | null
  readonly subjects: readonly Subject[]
}

/** What a rule of admission may look at: ways onto the host, and ways in from outside. */
export type Controlled =
  | 'hostNetwork'
  | 'hostPID'
  | 'hostIPC'
  | 'privileged'
  | 'capabilities'
  | 'hostPath'
  | 'hostPort'
  | 'nodePorts'
  | 'loadBalancers'
  | 'externalIPs'

/** The kind of new object that shows it. */
export type Admitted = 'pods' | 'services'

export const admittedBy = (what: Controlled): Admitted =>
  what === 'nodePorts' || what === 'loadBalancers' || what === 'externalIPs' ? 'services' : 'pods'

/** What is known of a namespace. `read` false: its labels are unknown but for the name that the server writes. */
export interface NamespaceFacts {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly read: boolean
}

/** Which new objects of a namespace are judged. Unknown: some of them, or nobody can tell; `why` says what decides. */
export type Judged =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string }

/**
 * Something that judges objects at admission. `denies ⊆ truth ⊆ denies ∪ mayDeny`: what `denies` names is refused in
 * every object that is judged, whatever else the object says.
 */
export interface AdmissionControl extends Sourced {
  readonly engine: 'ValidatingAdmissionPolicy' | 'Kyverno' | 'Gatekeeper' | 'webhook'
  /** What it looks at. */
  readonly controls: readonly Controlled[]
  readonly denies: readonly Controlled[]
  readonly mayDeny: readonly Controlled[]
  /** null where the input cannot tell, for one because a webhook's rules live in the server behind it. */
  readonly enforces: boolean | null
  /** Why it enforces nothing, or why that is not known: goes on after the control's name. */
  readonly why: string | null
  /** What has to change before it denies anything. */
  readonly lacks: 'action' | 'binding' | 'parameters' | null
  /** How it acts: `Deny`, `Audit`, `Warn`, `Enforce`, `deny`, `dryrun`, `no binding`. */
  readonly action: string
  readonly judges: (namespace: NamespaceFacts, what: Admitted) => Judged
  /** What it judges passes while its engine does not answer. */
  readonly failOpen: boolean
  /** The engine behind a webhook, where its name tells. */
  readonly serves: 'Kyverno' | 'Gatekeeper' | null
}
