import type { Json, JsonObject } from '../../../model/json.ts'

/** What one request came to. Trouble is a value: nothing here throws. */
export type Reply =
  | {
      readonly kind: 'reply'
      readonly status: number
      readonly retryAfterSeconds: number | null
      readonly body: Json | undefined
    }
  | Failure

/**
 * No answer: `network` and `timeout` may pass, the others will not by themselves. `login` is the kubeconfig's own
 * authentication (an exec plugin, a file that is not there), `tls` a certificate, `protocol` an answer nobody can read.
 */
export interface Failure {
  readonly kind: 'failed'
  readonly reason: 'network' | 'timeout' | 'tls' | 'login' | 'protocol'
  /** One line, ready for a message. */
  readonly message: string
}

/** Reads a path of one API server. */
export interface Connection {
  /** The server's address, as the kubeconfig has it. */
  readonly server: string
  /** GET and nothing else: there is no way to say another verb. */
  readonly get: (path: string, timeoutMilliseconds: number) => Promise<Reply>
  readonly close: () => void
}

/** A request after all its attempts. */
export type Outcome =
  | { readonly kind: 'ok'; readonly body: JsonObject }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | Failure
