import type { Attachment, HubTable, Network } from '../../model/fabric.ts'
import type { FabricView } from '../fabric/view.ts'

/** Two networks of which one sends to the other over a hub. */
export interface HubPair {
  readonly from: string
  readonly to: string
  readonly hub: string
  /** Ids of what lets it: the hub, its table, both attachments. */
  readonly ids: readonly string[]
  /** Not null: whether it does is not told, and why. */
  readonly open: { readonly why: string; readonly settledBy: string } | null
}

/** What tables of hubs let networks send to each other, whatever the tables of the networks say. */
export const hubPairsIn = ({ fabric, places }: FabricView): readonly HubPair[] =>
  fabric.attachments.flatMap((attachment): readonly HubPair[] => {
    const { hub, to, table } = attachment
    if (hub === null || to.kind !== 'network' || !attachment.isUp || table.kind === 'none') return []
    const id = table.kind === 'table' ? table.id : table.likely
    const open = table.kind === 'unknown' ? { why: table.why, settledBy: table.settledBy } : null
    const routes = id === null ? undefined : places.hubTables.get(id)
    const sender: Sender = { attachment, network: to.network, hub, open }
    if (routes === undefined) return open === null ? [] : reachedPerhaps(sender, places.attachmentsOf(hub), open)
    return alongRoutes(sender, routes, places.attachmentsOf(hub), fabric.networks)
  })

interface Sender {
  readonly attachment: Attachment
  readonly network: string
  readonly hub: string
  readonly open: HubPair['open']
}

const alongRoutes = (
  sender: Sender,
  table: HubTable,
  others: readonly Attachment[],
  networks: readonly Network[],
): readonly HubPair[] =>
  table.routes.flatMap(({ next }) => {
    if (next.kind === 'nowhere') return []
    if (next.kind === 'unknown')
      return networks.length < 2
        ? []
        : reachedPerhaps(sender, others, { why: next.why, settledBy: next.settledBy }, table.id)
    return next.ids.flatMap(id => {
      const other = others.find(one => one.id === id)
      return other === undefined ? [] : reached(sender, other, sender.open, table.id)
    })
  })

const reachedPerhaps = (
  sender: Sender,
  others: readonly Attachment[],
  open: NonNullable<HubPair['open']>,
  table: string | null = null,
): readonly HubPair[] => others.flatMap(other => reached(sender, other, open, table))

const reached = (
  { attachment, network, hub }: Sender,
  other: Attachment,
  open: HubPair['open'],
  table: string | null,
): readonly HubPair[] => {
  if (other.to.kind !== 'network' || other.to.network === network) return []
  const ids = [hub, attachment.id, other.id, ...(table === null ? [] : [table])]
  return [{ from: network, to: other.to.network, hub, ids, open }]
}
