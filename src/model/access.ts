import type { ObjectRef } from './identity.ts'
import type { Sourced } from './provenance.ts'
import type { LabelSelector } from './selector.ts'

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

/**
 * Something that judges pods at admission. `enforces` is null where the input cannot tell (a webhook's own
 * configuration lives elsewhere).
 */
export interface AdmissionControl extends Sourced {
  readonly engine: 'ValidatingAdmissionPolicy' | 'Kyverno' | 'Gatekeeper' | 'webhook'
  readonly controls: readonly (
    | 'hostNetwork'
    | 'privileged'
    | 'capabilities'
    | 'hostPath'
    | 'hostPID'
    | 'hostPort'
    | 'services'
  )[]
  readonly enforces: boolean | null
  /** How it acts: `Deny`, `Audit`, `Warn`, `Enforce`, `deny`, `dryrun`, `no binding`. */
  readonly action: string
  readonly namespaceSelector: LabelSelector | null
  readonly excludedNamespaces: readonly string[]
  readonly includedNamespaces: readonly string[]
  readonly failOpen: boolean
}
