import type { ObjectRef } from './identity.ts'
import type { Sourced } from './provenance.ts'

/** What a pod runs as, and what of the host it shares: the part of a pod template that decides its ways out. */
export interface PodShape {
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
  readonly serviceAccount: string
  readonly hostNetwork: boolean
  readonly hostPID: boolean
  readonly hostIPC: boolean
  /** `windowsOptions.hostProcess` of the pod; a container's own setting is on the container. */
  readonly hostProcess: boolean
  readonly dnsPolicy: string
  readonly dns: DnsConfig | null
  readonly hostAliases: readonly { readonly ip: string; readonly hostnames: readonly string[] }[]
  readonly nodeSelector: ReadonlyMap<string, string>
  readonly tolerations: readonly Toleration[]
  readonly nodeName: string | null
  readonly os: string | null
  readonly runAsUser: number | null
  readonly runAsGroup: number | null
  readonly containers: readonly Container[]
  readonly volumes: readonly Volume[]
}

export interface DnsConfig {
  readonly nameservers: readonly string[]
  readonly searches: readonly string[]
}

export interface Toleration {
  readonly key: string | null
  readonly operator: string
  readonly value: string | null
  readonly effect: string | null
}

export interface Container {
  readonly role: 'init' | 'sidecar' | 'main' | 'ephemeral'
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  readonly args: readonly string[]
  /** Commands that hooks and probes run beside the main one. */
  readonly hooks: readonly (readonly string[])[]
  readonly env: readonly EnvVar[]
  /** Names of ConfigMaps and Secrets given whole as environment; a Secret's values are never read. */
  readonly envFrom: readonly { readonly kind: 'ConfigMap' | 'Secret'; readonly name: string; readonly prefix: string }[]
  readonly ports: readonly ContainerPort[]
  readonly mounts: readonly { readonly volume: string; readonly path: string; readonly readOnly: boolean }[]
  readonly devices: readonly string[]
  readonly privileged: boolean
  readonly capabilitiesAdded: readonly string[]
  readonly hostProcess: boolean
  readonly runAsUser: number | null
  readonly runAsGroup: number | null
}

export interface EnvVar {
  readonly name: string
  /** null when the value comes from elsewhere (a Secret, a field), or was dropped by a snapshot. */
  readonly value: string | null
  readonly from: { readonly kind: 'ConfigMap' | 'Secret' | 'field'; readonly name: string; readonly key: string } | null
}

export interface ContainerPort {
  readonly name: string | null
  readonly protocol: string
  readonly port: number
  /** 0 when not asked for. */
  readonly hostPort: number
  readonly hostIP: string | null
}

export interface Volume {
  readonly name: string
  readonly source:
    | { readonly kind: 'hostPath'; readonly path: string; readonly type: string | null }
    | { readonly kind: 'configMap'; readonly name: string }
    | { readonly kind: 'other'; readonly type: string }
}

export interface Pod extends Sourced {
  readonly uid: string | null
  readonly phase: string | null
  readonly node: string | null
  readonly addresses: readonly string[]
  readonly shape: PodShape
  readonly controlled: boolean
}

/**
 * The topmost owner that the estate knows or an ownerReference names. `shape` is the template (what the author
 * wrote); `pods` are what runs, with what admission added to it.
 */
export interface Workload extends Sourced {
  readonly namespace: string
  readonly shape: PodShape
  /** Where the shape stands in the document: `['spec', 'template', 'spec']`. */
  readonly shapePath: readonly (string | number)[]
  readonly replicas: number | null
  readonly pods: readonly Pod[]
  /** True when the object itself was not read and the owner is known only from its pods. */
  readonly inferred: boolean
}

export interface OwnerRef {
  readonly ref: ObjectRef
  readonly controller: boolean
}
