import { field, text } from '../../model/json.ts'
import type { Collected, Fault, GcpItem } from './collect.ts'
import { idFor, idIn } from './links.ts'
import type { SubnetFacts } from './networks.ts'
import { rangeOf } from './ranges.ts'
import type { Who } from './who.ts'

/** Where the machines of a connector stand, which services send by. */
export interface Connector {
  readonly item: GcpItem
  readonly network: string
  readonly subnet: string
  /** A subnet of its own that no output shows; null: it stands in one that somebody made. */
  readonly hidden: SubnetFacts | null
  readonly who: Who
}

/**
 * Its machines have two tags, one of all connectors and one of its own.
 * Source: Serverless VPC Access API, projects.locations.connectors; “Serverless VPC Access”, Network tags.
 */
export const connectorsIn = (
  collected: Collected,
): { readonly all: ReadonlyMap<string, Connector>; readonly faults: readonly Fault[] } => {
  const all = new Map<string, Connector>()
  const faults: Fault[] = []
  for (const item of collected.in('connector')) {
    const { body, link } = item
    const subnet = field(body, 'subnet')
    const project = text(field(subnet, 'projectId')) ?? link.project
    const named = text(field(subnet, 'name'))
    const network = idIn(field(body, 'network'), 'networks', { ...link, project })
    const range = rangeOf(field(body, 'ipCidrRange'))
    const who = { tags: ['vpc-connector', `vpc-connector-${link.place}-${link.name}`], account: null }
    const tied = named === undefined ? null : idFor('subnet', project, link.place, named)
    if (tied !== null) all.set(item.id, { item, network: network ?? '', subnet: tied, hidden: null, who })
    else if (network !== null && range !== null) {
      const hidden: SubnetFacts = {
        item,
        network,
        region: link.place,
        primary: [range],
        secondary: new Map(),
        ranges: [range],
        // No output tells: it counts as on.
        hasPrivateAccess: true,
        isHybrid: false,
        faults: [],
      }
      all.set(item.id, { item, network, subnet: item.id, hidden, who })
    } else faults.push({ id: item.id, why: 'where it stands is not told' })
  }
  return { all, faults }
}
