import type { Json, JsonObject } from '../../model/json.ts'
import { type Item, wordIn } from './item.ts'

/** What one document says of an attachment of a transit gateway. null: it does not say. Ids are as AWS writes them. */
export interface AttachmentFact {
  readonly id: string
  readonly hub: string | null
  readonly item: Item
  /** An object of that document; otherwise it is only named there. */
  readonly isObject: boolean
  /** Its id is the other side’s, which may be another here. */
  readonly isGuess: boolean
  readonly account: string | null
  readonly state: string | null
  readonly type: string | null
  /** What is attached: a VPC, a VPN connection, another transit gateway. */
  readonly resource: string | null
  readonly place: {
    readonly subnets: readonly string[]
    readonly byFlow: boolean
    readonly propagatesV6: boolean
  } | null
  /** The attachment at the other transit gateway. */
  readonly other: string | null
  readonly table: TableFact | null
}

export type TableFact =
  | { readonly kind: 'table'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly why: string }

export const NOTHING = {
  isGuess: false,
  account: null,
  state: null,
  type: null,
  resource: null,
  place: null,
  other: null,
  table: null,
}

/** `tgw-peering` is what peerings were called. */
export const typeIn = (body: JsonObject): string | null => {
  const type = wordIn(body, 'ResourceType')
  return type === 'tgw-peering' ? 'peering' : type
}

export const tableFact = (id: string | null, association: Json): TableFact => {
  const state = wordIn(association, 'State') ?? 'associated'
  if (state === 'disassociated') return { kind: 'none' }
  if (id === null) return { kind: 'unclear', why: 'its association names no route table' }
  if (state !== 'associated') return { kind: 'unclear', why: `its association with \`${id}\` is \`${state}\`` }
  return { kind: 'table', id }
}
