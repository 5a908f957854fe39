import { field, isObject, text } from '../../../model/json.ts'
import { oneLine } from './one-line.ts'
import type { Connection, Outcome, Reply } from './reply.ts'

/** How to wait. Both come from outside, so that a test neither waits nor guesses. */
export interface Pace {
  readonly sleep: (milliseconds: number) => Promise<void>
  /** In [0, 1). Spreads the attempts of several readers; no result depends on it. */
  readonly random: () => number
}

export interface Patience {
  readonly attempts: number
  readonly timeoutMilliseconds: number
}

/** First contact: a cluster that does not answer should be said to be unreachable soon. */
export const FIRST_CONTACT: Patience = { attempts: 3, timeoutMilliseconds: 15_000 }
export const READING: Patience = { attempts: 6, timeoutMilliseconds: 90_000 }

const FIRST_PAUSE = 500
const LONGEST_PAUSE = 30_000
/** Beyond this a `Retry-After` is cut: the attempts are bounded, and so is the wait. */
const LONGEST_ASKED = 120_000

/**
 * Asks until there is an answer that asking again will not change. Asked again: 429 (after the time it names), 5xx
 * but 501, a connection that broke or stayed silent.
 */
export const getWithRetry = async (
  connection: Connection,
  path: string,
  patience: Patience,
  pace: Pace,
): Promise<Outcome> => {
  for (let attempt = 1; ; attempt++) {
    const reply = await connection.get(path, patience.timeoutMilliseconds)
    if (attempt >= patience.attempts || !mayPass(reply)) return outcomeOf(reply)
    const asked = reply.kind === 'reply' && reply.retryAfterSeconds !== null ? reply.retryAfterSeconds * 1000 : 0
    const usual = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)) * (0.5 + pace.random() / 2)
    await pace.sleep(Math.max(Math.min(asked, LONGEST_ASKED), Math.round(usual)))
  }
}

const mayPass = (reply: Reply): boolean => {
  if (reply.kind === 'failed') return reply.reason === 'network' || reply.reason === 'timeout'
  return reply.status === 429 || (reply.status >= 500 && reply.status !== 501)
}

const outcomeOf = (reply: Reply): Outcome => {
  if (reply.kind === 'failed') return reply
  if (reply.status === 200) {
    if (isObject(reply.body)) return { kind: 'ok', body: reply.body }
    return { kind: 'failed', reason: 'protocol', message: 'the answer is no JSON object' }
  }
  return {
    kind: 'refused',
    status: reply.status,
    message: oneLine(text(field(reply.body, 'message')) ?? `status ${reply.status}`),
  }
}
