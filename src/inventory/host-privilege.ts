import type { Cluster } from '../model/cluster.ts'
import type { ExceptionDocument } from '../model/exception.ts'
import { idOf } from '../model/identity.ts'
import type { HostPrivilegedWorkload } from '../model/inventory.ts'
import type { Standard } from '../model/standard.ts'
import type { Container, Workload } from '../model/workload.ts'
import { addOnOf, isSystemNamespace, type Privilege } from './add-ons.ts'
import { hostExceptionOf } from './exceptions.ts'
import { whatHostPathGives } from './host-paths.ts'
import { imageName } from './image.ts'
import { ownerOf } from './owner.ts'
import { nodesOf } from './placement.ts'

/**
 * Capabilities that let a container change what the network or the kernel does for others.
 * Source: capabilities(7).
 */
export const STRONG_CAPABILITIES = [
  'ALL',
  'NET_ADMIN',
  'NET_RAW',
  'SYS_ADMIN',
  'BPF',
  'SYS_MODULE',
  'SYS_PTRACE',
  'DAC_READ_SEARCH',
  'SYS_RAWIO',
  'PERFMON',
]

/** What a workload takes from its host, whoever runs it. */
export interface HostUse {
  readonly workload: Workload
  readonly containers: readonly Container[]
  readonly privileged: readonly Container[]
  readonly capabilities: readonly { readonly container: Container; readonly added: readonly string[] }[]
  readonly hostPaths: readonly { readonly path: string; readonly gives: string; readonly volume: number }[]
  readonly hostPorts: readonly { readonly container: Container; readonly port: Container['ports'][number] }[]
  readonly ephemeral: readonly { readonly pod: Workload['pods'][number]; readonly container: Container }[]
  readonly hostProcess: boolean
  readonly uses: ReadonlySet<Privilege>
  /** Uses that its being a known add-on does not explain; equal to `uses` for everything else. */
  readonly unexplained: ReadonlySet<Privilege>
  readonly addOn: string | null
}

/** Set-up containers that a mesh's injector adds to each pod; they run before the workload and are the mesh's own. */
const isMeshSetup = (container: Container): boolean =>
  !container.privileged &&
  container.capabilitiesAdded.every(name => name === 'NET_ADMIN' || name === 'NET_RAW') &&
  ['proxyv2', 'proxy-init', 'proxy'].includes(imageName(container.image).base) &&
  /^(istio-init|istio-validation|istio-proxy|linkerd-init|linkerd-proxy)$/.test(container.name)

export const hostUseOf = (workload: Workload): HostUse => {
  const { shape } = workload
  const written = new Set(shape.containers.map(container => container.name))
  // Admission may add containers to pods that the template does not have.
  const added = uniqueByName(
    workload.pods
      .flatMap(pod => pod.shape.containers)
      .filter(container => container.role !== 'ephemeral' && !written.has(container.name)),
  )
  const containers = [...shape.containers, ...added].filter(
    container => container.role !== 'ephemeral' && !isMeshSetup(container),
  )
  const privileged = containers.filter(container => container.privileged)
  const capabilities = containers.flatMap(container => {
    const strong = container.capabilitiesAdded.filter(name => STRONG_CAPABILITIES.includes(name))
    return strong.length > 0 ? [{ container, added: strong }] : []
  })
  const hostPaths = shape.volumes.flatMap((volume, index) => {
    if (volume.source.kind !== 'hostPath') return []
    const mounts = containers.flatMap(container => container.mounts.filter(mount => mount.volume === volume.name))
    // What nobody mounts is given to nobody.
    if (mounts.length === 0) return []
    const readOnly = mounts.every(mount => mount.readOnly)
    const gives = whatHostPathGives(volume.source.path, readOnly)
    return gives === null ? [] : [{ path: volume.source.path, gives, volume: index }]
  })
  const hostPorts = shape.hostNetwork
    ? []
    : containers.flatMap(container =>
        container.ports.filter(port => port.hostPort > 0).map(port => ({ container, port })),
      )
  const ephemeral = workload.pods.flatMap(pod =>
    pod.shape.containers.filter(container => container.role === 'ephemeral').map(container => ({ pod, container })),
  )
  const uses = new Set<Privilege>()
  if (shape.hostNetwork) uses.add('hostNetwork')
  if (shape.hostPID) uses.add('hostPID')
  if (shape.hostIPC) uses.add('hostIPC')
  if (privileged.length > 0) uses.add('privileged')
  if (capabilities.length > 0) uses.add('capabilities')
  if (hostPaths.length > 0) uses.add('hostPath')
  if (hostPorts.length > 0) uses.add('hostPort')
  const hostProcess = shape.hostProcess || containers.some(container => container.hostProcess)
  if (hostProcess) uses.add('hostProcess')
  const addOn = addOnOf(workload)
  return {
    workload,
    containers,
    privileged,
    capabilities,
    hostPaths,
    hostPorts,
    ephemeral,
    hostProcess,
    uses,
    unexplained: new Set([...uses].filter(use => !addOn?.expects.includes(use))),
    addOn: addOn?.name ?? null,
  }
}

const uniqueByName = (containers: readonly Container[]): readonly Container[] => [
  ...new Map(containers.map(container => [container.name, container])).values(),
]

/** Every workload that takes something from its host, known add-ons among them. */
export const hostPrivileged = (
  cluster: Cluster,
  uses: readonly HostUse[],
  standard: Standard | null,
  exceptions: readonly ExceptionDocument[],
): readonly HostPrivilegedWorkload[] => {
  const ordinary = uses.filter(use => use.uses.size === 0 && !isSystemNamespace(use.workload.namespace))
  const inNamespace = new Map<string, number>()
  const onNode = new Map<string, Set<HostUse>>()
  for (const use of ordinary) {
    inNamespace.set(use.workload.namespace, (inNamespace.get(use.workload.namespace) ?? 0) + 1)
    for (const node of nodesOf(use.workload, cluster.nodes) ?? []) {
      const there = onNode.get(node) ?? new Set()
      onNode.set(node, there.add(use))
    }
  }
  const neighbours = (nodes: readonly string[]): number => {
    const all = new Set<HostUse>()
    for (const node of nodes) for (const use of onNode.get(node) ?? []) all.add(use)
    return all.size
  }
  return uses
    .filter(use => use.uses.size > 0 || use.ephemeral.length > 0)
    .map(use => {
      const { workload } = use
      const nodes = nodesOf(workload, cluster.nodes)
      return {
        id: idOf(workload.ref),
        owner: ownerOf(workload, cluster, standard, workload.shape)?.owner ?? null,
        managed: use.addOn !== null && use.unexplained.size === 0,
        addOn: use.addOn,
        hostNetwork: workload.shape.hostNetwork,
        hostPID: workload.shape.hostPID,
        hostIPC: workload.shape.hostIPC,
        privileged: use.privileged.map(container => container.name),
        capabilities: use.capabilities.map(({ container, added }) => ({ container: container.name, added })),
        hostPaths: use.hostPaths.map(({ path, gives }) => ({ path, gives })),
        ephemeral: use.ephemeral.map(({ pod, container }) => `${pod.ref.name}/${container.name}`),
        hostProcess: use.hostProcess,
        pods: workload.pods.length,
        nodes: nodes ?? [],
        sharesNamespaceWith: inNamespace.get(workload.namespace) ?? 0,
        sharesNodesWith: nodes === null ? null : neighbours(nodes),
        exception: hostExceptionOf(exceptions, workload.ref),
      }
    })
}
