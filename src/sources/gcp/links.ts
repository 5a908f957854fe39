import { type Json, text } from '../../model/json.ts'

/** Where an object stands and what it is called. */
export interface Link {
  /** null: of an organisation or a folder. */
  readonly project: string | null
  /** A region or a zone; null: global. */
  readonly place: string | null
  readonly collection: string
  readonly name: string
}

/** What each collection of the API is called in ids. */
const NOUNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    networks: 'network',
    subnetworks: 'subnet',
    firewalls: 'firewall',
    routes: 'route',
    routers: 'router',
    addresses: 'address',
    instances: 'instance',
    vpnTunnels: 'vpn-tunnel',
    vpnGateways: 'vpn-gateway',
    targetVpnGateways: 'target-vpn-gateway',
    interconnectAttachments: 'interconnect',
    forwardingRules: 'forwarding-rule',
    firewallPolicies: 'firewall-policy',
    policyBasedRoutes: 'policy-route',
    services: 'run',
    jobs: 'run',
    functions: 'function',
    connectors: 'connector',
    clusters: 'cluster',
    gateways: 'gateway',
    projects: 'project',
  }),
)

/**
 * Links are written whole, with either host and any version, from `projects/` on, from the place on, or as a name alone; what is
 * left out is that of the object that they stand in. Source: Compute Engine API, “Resource names and links”.
 */
export const readLink = (written: string, collection: string, near: Link | null = null): Link | null => {
  const steps = written.split('/').filter(step => step !== '')
  const from = steps.indexOf('projects')
  const project = from < 0 ? (near?.project ?? null) : (steps[from + 1] ?? null)
  const rest = from < 0 ? afterHost(steps) : steps.slice(from + 2)
  if (rest.length === 0) return null
  const [first, second, third, fourth] = rest
  if (rest.length === 1)
    return { project, place: near === null ? null : placeOf(near, collection), collection, name: first as string }
  if (first === 'global' && second !== undefined && third !== undefined)
    return { project, place: null, collection: second, name: third }
  if (!PLACES.includes(first as string) || second === undefined || third === undefined || fourth === undefined)
    return null
  // What is below another object, as a version of a service, is named by its last two steps.
  return { project: project, place: second === 'global' ? null : second, collection: third, name: fourth }
}

const PLACES = ['regions', 'zones', 'locations']
const GLOBAL = ['networks', 'firewalls', 'routes']

const afterHost = (steps: readonly string[]): readonly string[] => {
  const at = steps.findIndex(step => step === 'global' || PLACES.includes(step))
  return at < 0 ? (steps.length === 1 ? steps : []) : steps.slice(at)
}

const placeOf = ({ place }: Link, collection: string): string | null => (GLOBAL.includes(collection) ? null : place)

export const idOf = ({ project, place, collection, name }: Link): string =>
  idFor(NOUNS.get(collection) ?? collection, project, place, name)

export const idFor = (noun: string, ...parts: readonly (string | null)[]): string =>
  `gcp:${noun}/${parts.filter(part => part !== null && part !== '').join('/')}`

/** The id of what a field names; null where it names nothing that can be read. */
export const idIn = (written: Json | undefined, collection: string, near: Link | null): string | null => {
  const word = text(written)
  const link = word === undefined || word === '' ? null : readLink(word, collection, near)
  return link === null || link.collection !== collection ? null : idOf(link)
}

/** Zones are called like their region, with a letter more. Source: Compute Engine, “Regions and zones”. */
export const regionOf = (place: string | null): string | null =>
  place === null ? null : (/^([a-z]+-[a-z]+\d+)(?:-[a-z])?$/.exec(place)?.[1] ?? place)
