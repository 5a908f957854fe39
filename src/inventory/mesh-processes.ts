import type { MeshGap, MeshReason } from '../model/mesh.ts'
import type { DocumentPath } from '../model/provenance.ts'
import type { Doubt } from '../model/rule.ts'
import type { Container, Workload } from '../model/workload.ts'
import { ANYWHERE, EVERY_TCP } from './mesh-boxes.ts'
import type { MeshMember, MeshSubject } from './mesh-member.ts'

type Sidecar = Extract<MeshMember, { kind: 'sidecar' }>

/**
 * Containers whose packets no rule redirects: those that run as the proxy’s own user, and init containers that run before the
 * rules are there. Rules are written by an init container of the mesh, which comes last unless the proxy is a native sidecar, or
 * by the CNI plugin before any container.
 * Source: istio.io, "Application Requirements"; istio/istio, `reorderPod`; linkerd.io, "Iptables Reference".
 */
export const processGaps = (subject: MeshSubject, member: Sidecar): readonly MeshGap[] => {
  const { workload, shape } = subject
  const user = member.product === 'istio' ? 1337 : 2102
  const asProxy = shape.containers
    .filter(({ name, runAsUser }) => !OF_MESH.has(name) && (runAsUser ?? shape.runAsUser) === user)
    .map((container): MeshGap => {
      const says = `\`${container.name}\` runs as user ${user}, whose traffic is left alone`
      return whole(reasonOf(workload, container, says), null)
    })
  return [...asProxy, ...early(subject, member)]
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
