import type { ManagedWorkload, NetworkInterface } from '../../model/fabric.ts'
import { at, field, type Json, list, text } from '../../model/json.ts'
import type { Doubt } from '../../model/rule.ts'
import { type Addresses, bothFamilies } from '../../sets/addresses.ts'
import type { AnyCidr } from '../../sets/cidr.ts'
import { type Collected, cloudObject, type Fault, type GcpItem } from './collect.ts'
import { idFor, idIn, type Link, readLink } from './links.ts'
import { setOfTexts } from './ranges.ts'
import { type Who, wordsIn } from './who.ts'

/** How a service is joined to a network. */
export interface Joined {
  /** A subnet that it stands in itself, or the connector that it uses. */
  readonly by: { readonly kind: 'subnet'; readonly id: string } | { readonly kind: 'connector'; readonly id: string }
  readonly who: Who
}

/** A workload, and the interfaces by which it sends before their place is known. */
export interface Serverless {
  readonly item: GcpItem
  readonly workload: ManagedWorkload
  readonly joined: readonly Joined[]
}

interface Access {
  readonly connector: string | null
  readonly egress: string | null
  /** Texts of `network`, `subnetwork` and `tags`. */
  readonly interfaces: readonly Json[]
  readonly account: string | null
  /** Not null: what is set cannot be read. */
  readonly fault: string | null
}

/**
 * What goes to private addresses goes by the network that a service is joined to, everything else only where it is set so; without a
 * network everything leaves by Google’s own addresses. Source: Cloud Run, “Direct VPC egress with a VPC network”, “VPC with connectors”;
 * Cloud Functions, “Configure network settings”.
 */
export const serverlessIn = (
  collected: Collected,
): { readonly all: readonly Serverless[]; readonly faults: readonly Fault[] } => {
  const faults: Fault[] = []
  const all = [...collected.in('run'), ...collected.in('function')].map((item): Serverless => {
    const access = accessIn(item)
    const joined = joinedBy(access, item.link)
    const { pinned, why } = pinnedBy(access, joined)
    const doubts: readonly Doubt[] =
      why === null ? [] : [{ level: 'unknown', why, settledBy: 'the document of the service, read again' }]
    if (why !== null) faults.push({ id: item.id, why })
    return {
      item,
      workload: {
        ...cloudObject(item),
        kind: item.id.startsWith('gcp:function/') ? 'function' : 'container',
        pinned,
        doubts,
      },
      joined,
    }
  })
  return { all, faults }
}

const accessIn = ({ id, body }: GcpItem): Access => {
  if (id.startsWith('gcp:function/')) {
    // Of the second generation under a field of its own; the first writes them beside the name.
    const config = field(body, 'serviceConfig') ?? body
    const direct = list(field(config, 'directVpcNetworkInterface'))
    return {
      connector: text(field(config, 'vpcConnector')) ?? null,
      egress: text(field(config, 'vpcConnectorEgressSettings')) ?? text(field(config, 'directVpcEgress')) ?? null,
      interfaces: direct,
      account: text(field(config, 'serviceAccountEmail')) ?? null,
      fault: null,
    }
  }
  if (field(body, 'apiVersion') !== undefined) return knativeAccess(body)
  const template = field(body, 'template')
  // A job holds the template of its tasks within that of its executions.
  const inner = field(template, 'template') ?? template
  const access = field(inner, 'vpcAccess')
  return {
    connector: text(field(access, 'connector')) ?? null,
    egress: text(field(access, 'egress')) ?? null,
    interfaces: list(field(access, 'networkInterfaces')),
    account: text(field(inner, 'serviceAccount')) ?? null,
    fault: null,
  }
}

const knativeAccess = (body: Json): Access => {
  const notes = at(body, 'spec', 'template', 'metadata', 'annotations')
  const written = text(field(notes, 'run.googleapis.com/network-interfaces'))
  const interfaces = written === undefined ? [] : parsed(written)
  return {
    connector: text(field(notes, 'run.googleapis.com/vpc-access-connector')) ?? null,
    egress: text(field(notes, 'run.googleapis.com/vpc-access-egress')) ?? null,
    interfaces: interfaces ?? [],
    account: text(at(body, 'spec', 'template', 'spec', 'serviceAccountName')) ?? null,
    fault: interfaces === null ? 'its interfaces cannot be read' : null,
  }
}

/** An annotation holds a list, as JSON. */
const parsed = (written: string): readonly Json[] | null => {
  try {
    const value = JSON.parse(written) as Json
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

/** Where only a network is named, the subnet is called like it. Source: Cloud Run, “Direct VPC egress with a VPC network”. */
const joinedBy = ({ connector, interfaces, account }: Access, near: Link): readonly Joined[] => {
  const direct = interfaces.flatMap((one): readonly Joined[] => {
    const network = text(field(one, 'network'))
    const written = text(field(one, 'subnetwork')) ?? network?.split('/').at(-1)
    const from = network === undefined ? null : readLink(network, 'networks', near)
    const id = idIn(written, 'subnetworks', { ...near, project: from?.project ?? near.project })
    const tags = wordsIn(field(one, 'tags'))
    return id === null ? [] : [{ by: { kind: 'subnet', id }, who: { tags, account } }]
  })
  if (direct.length > 0 || connector === null) return direct
  const id = idIn(connector, 'connectors', near)
  return id === null ? [] : [{ by: { kind: 'connector', id }, who: { tags: [], account: null } }]
}

/** Source: Cloud Run, “VPC with connectors”: RFC 1918, RFC 6598 and the two domains of private access. */
export const PRIVATE_RANGES: Addresses = setOfTexts(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '199.36.153.4/30',
  '199.36.153.8/30',
)

const pinnedBy = (
  { connector, egress, interfaces, fault }: Access,
  joined: readonly Joined[],
): { readonly pinned: Addresses; readonly why: string | null } => {
  if (fault !== null) return { pinned: bothFamilies.empty, why: fault }
  if (connector === null && interfaces.length === 0) return { pinned: bothFamilies.empty, why: null }
  if (joined.length === 0) return { pinned: bothFamilies.full, why: 'the network that it is joined to cannot be read' }
  const word = (egress ?? 'private-ranges-only')
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/^vpc-egress-/, '')
  if (ALL.includes(word)) return { pinned: bothFamilies.full, why: null }
  if (PRIVATE.includes(word)) return { pinned: PRIVATE_RANGES, why: null }
  return { pinned: bothFamilies.full, why: `what it sends by its network (\`${egress}\`) is not evaluated` }
}

const ALL = ['all-traffic', 'all']
const PRIVATE = [
  'private-ranges-only',
  'unspecified',
  'vpc-connector-egress-settings-unspecified',
  'direct-vpc-egress-unspecified',
]

/**
 * An interface of it that stands for however many there are: what address one has is told by nobody. In a subnet of both families it
 * has both. `ranges`: of the subnet that it stands in itself. Source: Cloud Run, “Direct VPC egress with a VPC network”, IPv6.
 */
export const pseudoInterface = (
  { item }: Serverless,
  index: number,
  ranges: readonly AnyCidr[] = [],
): Omit<NetworkInterface, 'filters' | 'table' | 'subnet'> => {
  const { project, place, name } = item.link
  return {
    ...cloudObject(item, { id: idFor('interface', project, place, name, `vpc${index}`), name: null }),
    of: item.id,
    addresses: [],
    untold: ranges.some(({ family }) => family === 6) ? [4, 6] : [4],
    publicAddresses: [],
    forwards: false,
    balancers: [],
  }
}
