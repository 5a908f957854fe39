import { keyOf } from '../model/identity.ts'
import type { Allowance, EgressIntent, IntentDocuments } from '../model/intent.ts'
import type { PodShape, Workload } from '../model/workload.ts'
import { printAddresses } from '../sets/address-text.ts'
import { type Addresses, bothFamilies } from '../sets/addresses.ts'
import { type NamePattern, printNamePattern } from '../sets/name-pattern.ts'
import { portRange } from '../sets/port-set.ts'
import { TCP, UDP } from '../sets/protocol.ts'
import { portTraffic, type Traffic, unionOfTraffics } from '../sets/traffic.ts'
import { matchesOne, speaksOf } from './subjects.ts'

/** One entry of an intent that holds on a day, for whom the intent speaks of. */
export interface Declaration {
  readonly intent: EgressIntent
  readonly allowance: Allowance
}

/** What is declared for one subject toward places outside its cluster. */
export interface Declared {
  readonly declarations: readonly Declaration[]
  readonly addresses: readonly { readonly addresses: Addresses; readonly traffic: Traffic }[]
  readonly names: readonly { readonly patterns: readonly NamePattern[]; readonly traffic: Traffic }[]
}

/** Past its last day an entry declares nothing. `today`: `2027-02-01`. */
export const holdsOn = ({ expires }: Allowance, today: string): boolean => expires === null || today <= expires

export const declarationsFor = (
  { intents }: IntentDocuments,
  workload: Workload,
  shape: PodShape,
  today: string,
): readonly Declaration[] =>
  intents
    .filter(({ from }) => speaksOf(from, workload, shape))
    .flatMap(intent => intent.allow.filter(one => holdsOn(one, today)).map(allowance => ({ intent, allowance })))

/**
 * Declarations add up. A private endpoint stands for its names and addresses; whoever may ask for a name may ask an approved
 * resolver for it: those of `Resolver` documents, and `ownResolvers`, the cluster’s.
 */
export const declaredBy = (
  declarations: readonly Declaration[],
  documents: IntentDocuments,
  cluster: string,
  ownResolvers: Addresses,
): Declared => {
  const asked = declarations.map(({ allowance }) => withEndpoint(allowance, documents))
  const resolvers = documents.resolvers
    .filter(({ clusters }) => matchesOne(clusters, cluster))
    .map(({ addresses }) => addresses)
    .reduce(bothFamilies.union, ownResolvers)
  const asksNames = asked.some(({ names }) => names.length > 0)
  return {
    declarations,
    addresses: [
      ...asked.flatMap(({ addresses, traffic }) => (bothFamilies.isEmpty(addresses) ? [] : [{ addresses, traffic }])),
      ...(asksNames ? [{ addresses: resolvers, traffic: DNS }] : []),
    ],
    names: asked.flatMap(({ names, traffic }) => (names.length === 0 ? [] : [{ patterns: names, traffic }])),
  }
}

export const withEndpoint = (allowance: Allowance, { endpoints }: IntentDocuments): Allowance => {
  const endpoint = endpoints.find(({ ref }) => ref.name === allowance.privateEndpoint)
  return endpoint === undefined
    ? allowance
    : {
        ...allowance,
        names: [...allowance.names, ...endpoint.names],
        addresses: bothFamilies.union(allowance.addresses, endpoint.addresses),
      }
}

/** Equal texts for subjects of whom the same is declared. */
export const declarationsKey = (declarations: readonly Declaration[]): string =>
  declarations.map(({ intent, allowance }) => `${keyOf(intent.ref)} ${allowance.at.join('.')}`).join('|')

/** Source: RFC 1035, section 4.2. */
export const DNS: Traffic = unionOfTraffics(
  [TCP, UDP].flatMap(protocol => {
    const port = portRange(53)
    return port.kind === 'read' ? [portTraffic(protocol as typeof TCP, port.value)] : []
  }),
)

/** Where an entry leads, as texts. */
export const placesOf = ({ names, addresses, services, workloads, privateEndpoint }: Allowance): readonly string[] => [
  ...names.map(printNamePattern),
  ...printAddresses(addresses),
  ...services.map(service => `svc:${service}`),
  ...workloads,
  ...(privateEndpoint === null ? [] : [`endpoint ${privateEndpoint}`]),
]
