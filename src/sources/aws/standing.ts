import { type Json, list } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { idIn, wordIn } from './item.ts'

/** Whether something lets packets pass. A state that is not known counts as up, with a fault: no way out may be left out. */
export interface Standing {
  readonly isUp: boolean
  readonly fault: string | null
}

/** `up`, `down`: states in lower case; endpoints write theirs in both cases. */
export const standingOf = (state: string | null, up: readonly string[], down: readonly string[]): Standing => {
  const word = state?.toLowerCase() ?? null
  if (word !== null && down.includes(word)) return { isUp: false, fault: null }
  if (word !== null && up.includes(word)) return { isUp: true, fault: null }
  return { isUp: true, fault: word === null ? 'its state is not told' : `its state \`${state}\` is not known` }
}

/**
 * The network that a gateway is attached to; null: to none. Who is being detached still counts.
 * Source: EC2 API Reference, InternetGatewayAttachment, VpcAttachment.
 */
export const attachedTo = (attachments: Json | undefined): string | null =>
  list(attachments)
    .filter(one => wordIn(one, 'State') !== 'detached')
    .flatMap(one => idIn('Vpcs', one, 'VpcId') ?? [])
    .sort(compareText)[0] ?? null
