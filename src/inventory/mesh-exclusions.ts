import type { Cluster } from '../model/cluster.ts'
import type { HostImport } from '../model/dialects.ts'
import type { Tri } from '../model/profile.ts'
import type { Doubt } from '../model/rule.ts'
import { imageName } from './image.ts'
import { runsControlPlane } from './mesh.ts'
import { oncePerCluster } from './mesh-once.ts'

/**
 * Hosts that a Sidecar takes out of what it imports: `~namespace/host`, and `~/host` of every namespace. Istio reads them so
 * since 1.31. Before, a namespace that begins with `~` is refused with the whole document, and `~` alone is one that nobody
 * has, so that `~/*` imports nothing; what it takes from others beside it no text says since.
 * Source: istio.io, "Istio 1.31.0 Change Notes", Traffic Management; istio/istio, pull request 60581, and before it
 * pkg/config/validation, `ValidateNamespaceSlashWildcardHostname`.
 */
export interface ClearImports {
  /** What is certain to be imported, in the words of 1.31. */
  readonly imports: readonly HostImport[]
  readonly doubts: readonly Doubt[]
  /** The control plane may not take the document: then another one counts. */
  readonly mayBeRefused: boolean
}

export const clearImports = (imports: readonly HostImport[], cluster: Cluster): ClearImports => {
  const takesOut = takesHostsOut(cluster)
  const written = imports.flatMap(({ hosts }) => hosts.filter(isExclusion))
  const refused = written.find(host => !NOBODY.test(host) && !(takesOut === 'yes' && OF_A_NAMESPACE.test(host)))
  if (refused !== undefined) return { imports: [], doubts: [mayRefuse(refused)], mayBeRefused: true }
  const doubts: Doubt[] = []
  const clear = imports.map(({ hosts, port }) => {
    const said = hosts.filter(host => !isExclusion(host))
    if (takesOut === 'no') return { hosts: said, port }
    if (said.length > 0 && hosts.includes(NOTHING)) {
      doubts.push(MIXED)
      return { hosts: [], port }
    }
    if (takesOut === 'unknown' && said.length > 0 && said.length < hosts.length) doubts.push(BY_VERSION)
    return { hosts, port }
  })
  return { imports: clear, doubts, mayBeRefused: false }
}

const NOTHING = '~/*'
const NOBODY = /^~\//
const OF_A_NAMESPACE = /^~[a-z0-9]([-a-z0-9]*[a-z0-9])?\//

const isExclusion = (host: string): boolean => host.startsWith('~')

/** Which of several control planes counts does not matter where all are alike. */
const takesHostsOut = oncePerCluster((cluster): Tri => {
  const since = cluster.workloads
    .filter(runsControlPlane)
    .flatMap(({ shape }) => shape.containers.map(({ image }) => imageName(image)))
    .filter(({ base }) => base === 'pilot')
    .map(({ tag }) => isSince131(tag))
  const [first, ...others] = since
  return first === undefined || others.some(other => other !== first) ? 'unknown' : first
})

const isSince131 = (tag: string | null): Tri => {
  const read = /^v?1\.(\d+)(?:[.-]|$)/.exec(tag ?? '')
  return read === null ? 'unknown' : Number(read[1]) >= 31 ? 'yes' : 'no'
}

const VERSION = 'the version of the control plane, as the image of its Deployment has it'

const BY_VERSION: Doubt = {
  level: 'unknown',
  why: 'the Sidecar takes hosts out of what it imports by `~`, which Istio reads so since 1.31 only',
  settledBy: VERSION,
}
const MIXED: Doubt = {
  level: 'unknown',
  why: 'the Sidecar imports nothing (`~/*`) and something in one list, and what that leaves is not documented since Istio 1.31',
  settledBy: 'a list without `~/*`',
}
const mayRefuse = (host: string): Doubt => ({
  level: 'unknown',
  why: `the Sidecar takes \`${host}\` out of what it imports, and Istio refuses such a document as a whole unless it is 1.31 or newer`,
  settledBy: VERSION,
})
