import { can } from '../../src/app/can.ts'
import { inPlace, type LoadedEstate } from '../../src/app/load.ts'
import type { Answer } from '../../src/model/answer.ts'
import { profileNamed } from '../../src/profiles/profiles.ts'
import { locator } from '../../src/sources/files/locate.ts'
import { readingOf } from '../../src/sources/kubernetes/testing/estate-of.ts'
import { at } from '../oracle/json.ts'
import type { Json } from '../oracle/types.ts'

/** Documents as the program reads them, from memory: file names and contents, of one cluster `c`. */
export const loaded = (files: Readonly<Record<string, string>>): LoadedEstate => {
  const { estate, bytesOf } = readingOf(files)
  return { estate: inPlace(estate), lineOf: locator(bytesOf) }
}

/** One question about YAML documents; `cni` is a profile's name, absent: the estate's own. */
/** Objects that were generated, as the program reads them. */
export const loadedObjects = (items: readonly unknown[]): LoadedEstate =>
  loaded({ 'x.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })

/** The first pod of them that policies of pods may select, as a sender; null where none is there. */
export const senderIn = (objects: readonly Json[]): string | null => {
  const pod = objects.find(one => at(one, 'kind') === 'Pod' && at(one, 'spec', 'hostNetwork') !== true)
  return pod === undefined ? null : `${at(pod, 'metadata', 'namespace')}/Pod/${at(pod, 'metadata', 'name')}`
}

export const ask = (yaml: string, from: string, to: string, cni: string | null = null): Answer =>
  can(loaded({ 'x.yaml': yaml }), from, to, { profile: cni === null ? null : profileNamed(cni), compat: null })

/** A pod that nobody owns, with an address and named TCP ports. */
export const pod = (
  name: string,
  options: {
    readonly namespace?: string
    readonly labels?: string
    readonly ip?: string
    readonly node?: string
    readonly ports?: readonly { readonly name: string; readonly port: number; readonly protocol?: string }[]
    readonly host?: boolean
    readonly phase?: string
  } = {},
): string => {
  const ports = (options.ports ?? []).map(
    port => `{name: ${port.name}, containerPort: ${port.port}, protocol: ${port.protocol ?? 'TCP'}}`,
  )
  const status = options.ip === undefined ? '' : `podIPs: [{ip: "${options.ip}"}], podIP: "${options.ip}", `
  return `
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${options.namespace ?? 'default'}, labels: {${options.labels ?? `app: ${name}`}}}
spec:
  hostNetwork: ${options.host ?? false}
  ${options.node === undefined ? '' : `nodeName: ${options.node}`}
  containers: [{name: c, image: x, ports: [${ports.join(', ')}]}]
status: {${status}phase: ${options.phase ?? 'Running'}}
`
}

export const namespace = (name: string, labels = ''): string => `
---
apiVersion: v1
kind: Namespace
metadata: {name: ${name}, labels: {kubernetes.io/metadata.name: ${name}${labels === '' ? '' : `, ${labels}`}}}
`

export const node = (name: string, ip: string, labels = ''): string => `
---
apiVersion: v1
kind: Node
metadata: {name: ${name}, labels: {kubernetes.io/hostname: ${name}${labels === '' ? '' : `, ${labels}`}}}
spec: {podCIDRs: [10.244.0.0/16]}
status: {addresses: [{type: InternalIP, address: ${ip}}]}
`

/** A NetworkPolicy with its spec as flow YAML. */
export const networkPolicy = (spec: string, name = 'p', inNamespace = 'default'): string => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${inNamespace}}
spec: ${spec}
`

/** Cilium's policies with their spec as flow YAML: of the namespace `default`, and of the cluster. */
export const ciliumPolicy = (spec: string, name = 'p'): string =>
  ciliumDocument('CiliumNetworkPolicy', `name: ${name}, namespace: default`, spec)
export const clusterwidePolicy = (spec: string, name = 'p'): string =>
  ciliumDocument('CiliumClusterwideNetworkPolicy', `name: ${name}`, spec)

const ciliumDocument = (kind: string, metadata: string, spec: string): string => `
---
apiVersion: cilium.io/v2
kind: ${kind}
metadata: {${metadata}}
spec: ${spec}
`
