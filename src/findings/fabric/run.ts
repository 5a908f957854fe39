import { ownNamed } from '../../inventory/owner.ts'
import type { Estate } from '../../model/cluster.ts'
import type { ExceptionDocument } from '../../model/exception.ts'
import type { CloudObject, Fabric } from '../../model/fabric.ts'
import type { Finding } from '../../model/finding.ts'
import { globMatches } from '../../model/glob.ts'
import { FABRIC_CHECKS } from '../catalogue.ts'
import { exceptionWhere } from '../exceptions.ts'
import type { FindOptions } from '../find-options.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { isNamed } from './approvals.ts'
import type { FabricCheck, FabricHit } from './check.ts'
import { type FabricView, fabricViewOf } from './view.ts'
import { NO_CLUSTER } from './words.ts'

/** What is wrong in the network under the clusters. Documents of clouds belong to no cluster, and so do these findings. */
export const fabricFindings = (estate: Estate, options: FindOptions): readonly Finding[] => {
  if (isEmpty(estate.fabric)) return []
  const view = fabricViewOf(estate, options.now.slice(0, 10))
  return FABRIC_CHECKS.flatMap(check => [...check.run(view)].map(hit => toFinding(check, hit, view, options)))
}

const isEmpty = ({ networks, subnets, tables, gateways, machines, managed }: Fabric): boolean =>
  [networks, subnets, tables, gateways, machines, managed].every(({ length }) => length === 0)

const toFinding = (check: FabricCheck, hit: FabricHit, view: FabricView, options: FindOptions): Finding => {
  const { object } = hit
  const fingerprint = fingerprintOf(check.id, NO_CLUSTER, object.id, hit.key)
  const exception = exceptionWhere(view.estate.exceptions, one => covers(one, check.id, object), options.now)
  return {
    id: check.id,
    fingerprint,
    title: check.title,
    severity: hit.severity ?? check.severity,
    state: exception !== null ? 'accepted' : options.baseline.has(fingerprint) ? 'baseline' : 'open',
    cluster: NO_CLUSTER,
    object: object.id,
    file: object.origin.file,
    line: options.lineOf(object.origin, hit.at),
    owner: hit.owner ?? ownerOf(object, view),
    why: hit.says,
    path: hit.path,
    witness: hit.witness,
    remedy: hit.remedy,
    references: check.references,
    exception,
  }
}

/** By its id, or the part of it that people write. Objects of clouds have no namespace and no kind that an exception could name. */
const covers = ({ findings, objects, match }: ExceptionDocument, finding: string, { id, name }: CloudObject): boolean =>
  findings.some(pattern => globMatches(pattern, finding)) &&
  (objects.length === 0 || isNamed(objects, id)) &&
  (match.clusters.length === 0 || match.clusters.some(pattern => globMatches(pattern, NO_CLUSTER))) &&
  match.namespaces.length === 0 &&
  match.kinds.length === 0 &&
  (match.names.length === 0 || isNamed(match.names, id) || isNamed(match.names, name))

/** Tags name somebody where the fleet’s own standard says so; else the environment of the network does. */
const ownerOf = (object: CloudObject, { estate, fabric, places, approvals }: FabricView): string | null => {
  const network = networkOf(object, places)
  for (const id of [object.id, ...(network === null ? [] : [network])]) {
    const labels = fabric.tags.get(id)
    const owner =
      estate.standard === null || labels === undefined
        ? null
        : ownNamed({ labels, annotations: new Map() }, estate.standard)
    if (owner !== null) return owner
  }
  const owners = network === null ? [] : approvals.environmentsOf(network).flatMap(({ owner }) => owner ?? [])
  const [only, ...more] = new Set(owners)
  return only !== undefined && more.length === 0 ? only : null
}

const networkOf = (object: CloudObject, { subnets, interfacesOf }: FabricView['places']): string | null => {
  if ('network' in object && typeof object.network === 'string') return object.network
  const subnet =
    'pinned' in object ? interfacesOf(object.id)[0]?.subnet : 'subnet' in object ? object.subnet : undefined
  return typeof subnet === 'string' ? (subnets.get(subnet)?.network ?? null) : object.id
}
