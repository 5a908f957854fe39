import type { MeshGap, MeshReason } from '../model/mesh.ts'
import type { DocumentPath } from '../model/provenance.ts'
import type { Doubt } from '../model/rule.ts'
import type { Container, PodShape, Workload } from '../model/workload.ts'
import { ANYWHERE, EVERY_TCP } from './mesh-boxes.ts'
import type { MeshMember, MeshSubject } from './mesh-member.ts'

type Sidecar = Extract<MeshMember, { kind: 'sidecar' }>

/**
 * Containers whose packets no rule redirects: those that run as the proxy’s own user or group, and init containers that run before the
 * rules are there. Rules are written by an init container of the mesh, which comes last unless the proxy is a native sidecar, or
 * by the CNI plugin before any container.
 * Source: istio.io, "Application Requirements"; istio/istio, `reorderPod`; linkerd.io, "Iptables Reference".
 */
export const processGaps = (subject: MeshSubject, member: Sidecar): readonly MeshGap[] => {
  const { workload, shape } = subject
  const asProxy = shape.containers.flatMap((container): readonly MeshGap[] => {
    const owner = OF_MESH.has(container.name) ? null : proxyOwner(shape, container, member.product)
    if (owner === null) return []
    const says = `\`${container.name}\` runs as ${owner}, whose traffic is left alone`
    return [whole(reasonOf(workload, container, says), null)]
  })
  return [...asProxy, ...early(subject, member)]
}

/**
 * By which of its owners a process of the container passes for the proxy; null: by none. The first group counts alone: rules look
 * at no supplementary one. Linkerd’s rules know the user.
 * Source: istio/istio, tools/istio-iptables, `--uid-owner` and `--gid-owner`; iptables-extensions(8), owner.
 */
export const proxyOwner = (shape: PodShape, container: Container, product: Sidecar['product']): string | null => {
  const user = container.runAsUser ?? shape.runAsUser
  if (product !== 'istio') return user === 2102 ? 'user 2102' : null
  if (user === 1337) return 'user 1337'
  return (container.runAsGroup ?? shape.runAsGroup) === 1337 ? 'group 1337' : null
}

const early = ({ workload, shape, pods }: MeshSubject, { product, proxy }: Sidecar): readonly MeshGap[] => {
  const inits = shape.containers.filter(({ role, name }) => role === 'init' && !OF_MESH.has(name))
  if (inits.length === 0) return []
  const order = shape.containers.filter(({ role }) => role === 'init' || role === 'sidecar')
  const writer = order.findIndex(({ name }) => name === (product === 'istio' ? 'istio-init' : 'linkerd-init'))
  return inits.flatMap((container): readonly MeshGap[] => {
    const because = reasonOf(workload, container, `\`${container.name}\` runs before its traffic is captured`)
    if (writer >= 0) return order.indexOf(container) < writer ? [whole(because, null)] : []
    // Rules that are there before any container do not hang on the order.
    if (pods.length > 0 && proxy !== null) return []
    const maybe = reasonOf(workload, container, `\`${container.name}\` may run before its traffic is captured`)
    return [whole(maybe, EARLY)]
  })
}

/** What a container of it could do against the capture, if it were made to. */
export const processWays = ({ workload, shape }: MeshSubject): readonly MeshReason[] =>
  shape.containers
    .filter(({ name }) => !OF_MESH.has(name))
    .flatMap(container => {
      const capability = container.capabilitiesAdded.find(name => REWRITES.has(name.replace(/^CAP_/, '')))
      const can = container.privileged ? 'is privileged' : capability === undefined ? null : `has ${capability}`
      return can === null
        ? []
        : [reasonOf(workload, container, `way around: \`${container.name}\` ${can}, and can take the capture away`)]
    })

const REWRITES = new Set(['NET_ADMIN', 'ALL'])
const OF_MESH = new Set([
  'istio-proxy',
  'istio-init',
  'istio-validation',
  'enable-core-dump',
  'linkerd-proxy',
  'linkerd-init',
  'linkerd-network-validator',
])

const whole = (because: MeshReason, doubt: Doubt | null): MeshGap => ({
  addresses: ANYWHERE,
  traffic: EVERY_TCP,
  doubt,
  because,
})

/** One that admission added stands in no template. */
const reasonOf = (workload: Workload, container: Container, says: string): MeshReason => {
  const list =
    container.role === 'main' ? 'containers' : container.role === 'ephemeral' ? 'ephemeralContainers' : 'initContainers'
  const own = workload.shape.containers.filter(({ role }) =>
    list === 'initContainers' ? role === 'init' || role === 'sidecar' : role === container.role,
  )
  const index = own.findIndex(({ name }) => name === container.name)
  const at: DocumentPath = index < 0 ? workload.shapePath : [...workload.shapePath, list, index]
  return { of: workload, at, says }
}

const EARLY: Doubt = {
  level: 'unknown',
  why: 'whether init containers run before their traffic is captured hangs on how sidecars are injected',
  settledBy: 'a running pod',
}
