import type { Attachment, AttachmentEnd } from '../../model/fabric.ts'
import { compareText } from '../../model/order.ts'
import type { Collected } from './collect.ts'
import { attachmentIdOf } from './firewalls.ts'
import { cloudObject, compareItems, idFor } from './item.ts'
import { content, DIFFERS, type Lowered, type Merged, merge } from './lowered.ts'
import { standingOf } from './standing.ts'
import { transitAssociationsIn } from './transit-associations.ts'
import type { AttachmentFact } from './transit-fact.ts'

/**
 * Attachments, from all that is said of each. One that is only named, in a route or an association, is taken for what that says;
 * nobody counts it as an object that was read.
 */
export const lowerAttachments = (
  facts: readonly AttachmentFact[],
  collected: Collected,
): { readonly read: Merged<Attachment>; readonly all: readonly Attachment[] } => {
  const associationOf = transitAssociationsIn(collected)
  const firewalls = firewallsByAttachment(collected)
  const told = [...Map.groupBy(facts, ({ id }) => id).values()].flatMap(sidesOf)
  const sides = told.filter(side => !isGuess(side) || !told.some(other => !isGuess(other) && isSameEnd(side, other)))
  const lowered = sides.map(side => ({ side, lowered: lowerSide(side, associationOf, firewalls) }))
  const read = merge(lowered.filter(({ side }) => side.some(fact => fact.isObject)).map(one => one.lowered))
  const named = lowered
    .filter(({ side }) => side.every(fact => !fact.isObject))
    .flatMap(one => (one.lowered.value === null ? [] : [one.lowered.value]))
  const all = [...read.values, ...named].toSorted(
    (a, b) => compareText(a.id, b.id) || compareText(a.hub ?? '', b.hub ?? ''),
  )
  const ids = new Map(lowered.map(one => [one.lowered.id, idFor('TransitGatewayAttachments', one.lowered.item.id)]))
  const notes = read.notes.map(note => ({ ...note, object: ids.get(note.object ?? '') ?? note.object }))
  return { read: { ...read, notes }, all }
}

/** Of two transit gateways that are joined each has a side, maybe of the same id. What names no transit gateway is of the only one. */
const sidesOf = (same: readonly AttachmentFact[]): readonly (readonly AttachmentFact[])[] => {
  const hubs = [...new Set(same.flatMap(({ hub }) => hub ?? []))]
  if (hubs.length < 2) return [same]
  return hubs.map(hub => same.filter(fact => fact.hub === hub))
}

const isGuess = (side: readonly AttachmentFact[]): boolean => side.every(fact => fact.isGuess)

/** Both are of one transit gateway, and lead to one other. */
const isSameEnd = ([a]: readonly AttachmentFact[], others: readonly AttachmentFact[]): boolean =>
  others.some(b => b.type === 'peering' && a?.hub === b.hub && a?.resource === b.resource)

/** States that let nothing pass. Source: EC2 API Reference, TransitGatewayAttachment, `state`. */
const DOWN =
  'initiating initiatingrequest pendingacceptance rollingback pending deleting deleted failed rejected rejecting failing'.split(
    ' ',
  )
const UP = ['available', 'modifying']

const lowerSide = (
  side: readonly AttachmentFact[],
  associationOf: ReturnType<typeof transitAssociationsIn>,
  firewalls: ReadonlyMap<string, string>,
): Lowered<Attachment> => {
  const sorted = side.toSorted((a, b) => Number(b.isObject) - Number(a.isObject) || compareItems(a.item, b.item))
  const [first] = sorted as [AttachmentFact]
  const hub = sorted.find(fact => fact.hub !== null)?.hub ?? null
  const id = idFor('TransitGatewayAttachments', first.id)
  const differs = TOLD.some(key => new Set(sorted.flatMap(fact => told(fact, key))).size > 1)
  const oneOf = <K extends keyof AttachmentFact>(key: K): AttachmentFact[K] =>
    (sorted.find(fact => fact[key] !== null) ?? first)[key]
  const state = oneOf('state')
  const standing = first.isObject ? standingOf(state, UP, DOWN) : { isUp: true, fault: null }
  // That no table names it says nothing of an id that is a guess.
  const table = associationOf(
    isGuess(side) ? null : hub,
    sorted.flatMap(fact => fact.table ?? []),
  )
  const to = endOf(
    {
      ...first,
      type: oneOf('type'),
      resource: oneOf('resource'),
      place: oneOf('place'),
      other: oneOf('other'),
    },
    firewalls,
  )
  return {
    // Sides of one id are two objects.
    id: hub === null || to.kind !== 'hub' ? id : `${id} of ${hub}`,
    item: { ...first.item, id: first.id },
    value: differs
      ? null
      : {
          ...cloudObject('TransitGatewayAttachments', { ...first.item, id: first.id }),
          account: oneOf('account'),
          hub: hub === null ? null : idFor('TransitGateways', hub),
          to,
          table,
          isUp: standing.isUp,
        },
    faults: [
      ...(differs ? [DIFFERS] : []),
      ...(standing.fault === null ? [] : [standing.fault]),
      ...(to.kind === 'unknown' ? [to.why] : []),
      ...(table.kind === 'unknown' ? [table.why] : []),
    ],
  }
}

/** What has to be the same wherever it is told. */
const TOLD = ['state', 'type', 'resource', 'place'] as const

const told = (fact: AttachmentFact, key: (typeof TOLD)[number]): readonly string[] =>
  fact[key] === null ? [] : [content(fact[key])]

/** What lies behind lines and tunnels is on-premises. Source: EC2 API Reference, TransitGatewayAttachment, `resourceType`. */
const endOf = (
  { id, type, resource, place, other }: AttachmentFact,
  firewalls: ReadonlyMap<string, string>,
): AttachmentEnd => {
  switch (type) {
    case 'vpc':
      if (resource === null) return unclear(`which VPC \`${id}\` is of is not told`)
      return {
        kind: 'network',
        network: idFor('Vpcs', resource),
        subnets: place === null ? null : place.subnets.map(one => idFor('Subnets', one)),
        byFlow: place?.byFlow ?? true,
      }
    case 'peering':
      if (resource === null) return unclear(`which transit gateway \`${id}\` leads to is not told`)
      return {
        kind: 'hub',
        hub: idFor('TransitGateways', resource),
        attachment: other === null ? null : idFor('TransitGatewayAttachments', other),
      }
    case 'vpn':
    case 'vpn-concentrator':
    case 'direct-connect-gateway':
    case 'client-vpn':
      return { kind: 'on-premises' }
    case 'network-function': {
      const firewall = firewalls.get(id)
      return firewall === undefined
        ? unclear(`which firewall \`${id}\` leads to was not read`)
        : { kind: 'firewall', id: firewall }
    }
    default:
      return unclear(`where an attachment of the type \`${type ?? ''}\` leads is not evaluated`)
  }
}

/**
 * Firewalls that hang on a transit gateway name their attachment. Every flow keeps its zone there, as in appliance mode.
 * Source: Network Firewall Developer Guide, “Considerations for transit gateway-attached firewalls”.
 */
const firewallsByAttachment = (collected: Collected): ReadonlyMap<string, string> =>
  new Map(
    collected.in('Firewall').flatMap(item => {
      const attachment = attachmentIdOf(item)
      return attachment === null ? [] : [[attachment, idFor('Firewall', item.id)] as const]
    }),
  )

const unclear = (why: string): AttachmentEnd => ({
  kind: 'unknown',
  why,
  settledBy: 'the output of `describe-transit-gateway-attachments`, or a probe',
})
