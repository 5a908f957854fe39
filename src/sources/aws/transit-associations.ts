import type { Association } from '../../model/fabric.ts'
import { at, field, text } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { idFor, wordIn } from './item.ts'
import { DIFFERS } from './lowered.ts'
import { MORE_FOLLOWS } from './schema.ts'
import type { TableFact } from './transit-fact.ts'
import { ASSOCIATION_KEYS } from './transit-mentions.ts'

/**
 * The table that an attachment is associated with; `hub` as AWS writes it. The default table is where an attachment begins, and
 * anybody may have changed it since: it is what is likely, not what is.
 * Source: EC2 API Reference, TransitGatewayOptions; Amazon VPC Transit Gateways, “Transit gateway route tables”, “Policy tables”.
 */
export const transitAssociationsIn = (
  collected: Collected,
): ((hub: string | null, told: readonly TableFact[]) => Association) => {
  const policed = new Set(
    collected.in('TransitGatewayPolicyTables').flatMap(({ body }) => wordIn(body, 'TransitGatewayId') ?? []),
  )
  const likely = defaultTablesIn(collected, 'Association')
  const hasAll = hubsWithAllAssociations(collected)
  return (hub, told) => {
    const tables = new Set(told.flatMap(one => (one.kind === 'table' ? [one.id] : [])))
    const unclear = told.find(one => one.kind === 'unclear')
    const [table] = tables
    const isNone = told.some(({ kind }) => kind === 'none')
    if (unclear !== undefined) return open(unclear.why)
    if (tables.size > 1 || (table !== undefined && isNone)) return open(DIFFERS)
    if (table !== undefined) return { kind: 'table', id: idFor('TransitGatewayRouteTables', table) }
    if (isNone || (hub !== null && hasAll.has(hub)))
      return hub !== null && policed.has(hub) ? open('it may be associated with a policy table') : { kind: 'none' }
    const usual = likely.get(hub ?? '')
    return open('the table that it is associated with was not read', usual)
  }
}

const open = (why: string, likely: string | null = null): Association => ({
  kind: 'unknown',
  likely: likely === null ? null : idFor('TransitGatewayRouteTables', likely),
  why: `of an attachment of a transit gateway ${why}`,
  settledBy: 'the output of `describe-transit-gateway-attachments`',
})

/** The table that attachments come to be associated with, or propagate to, by themselves. */
export const defaultTablesIn = (
  collected: Collected,
  what: 'Association' | 'Propagation',
): ReadonlyMap<string, string> =>
  new Map(
    collected.in('TransitGateways').flatMap(({ id, body }) => {
      const table = text(at(body, 'Options', `${what}DefaultRouteTableId`)) ?? ''
      const isOn = text(at(body, 'Options', `DefaultRouteTable${what}`)) === 'enable'
      return isOn && table !== '' ? [[id, table] as const] : []
    }),
  )

/** Of which each table was read with its associations. */
const hubsWithAllAssociations = (collected: Collected): ReadonlySet<string> => {
  if (collected.cut.has('TransitGatewayRouteTables')) return new Set()
  const read = new Set(
    collected.hubTables.flatMap(({ id, body }) =>
      ASSOCIATION_KEYS.some(key => Array.isArray(field(body, key))) &&
      MORE_FOLLOWS.every(key => wordIn(body, key) === null)
        ? [id]
        : [],
    ),
  )
  const tables = Map.groupBy(collected.in('TransitGatewayRouteTables'), ({ body }) => wordIn(body, 'TransitGatewayId'))
  return new Set(
    [...tables].flatMap(([hub, all]) => (hub !== null && all.every(({ id }) => read.has(id)) ? [hub] : [])),
  )
}
