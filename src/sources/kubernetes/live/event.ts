import type { Gap } from '../../../model/coverage.ts'
import type { JsonObject } from '../../../model/json.ts'

/** What a live read gives, in the order in which it comes: documents of several clusters are interleaved. */
export type LiveEvent =
  | { readonly kind: 'cluster'; readonly cluster: string; readonly context: string }
  /** `version` as the API server writes it: `v1.32.13`. */
  | { readonly kind: 'version'; readonly cluster: string; readonly version: string }
  | {
      readonly kind: 'document'
      readonly cluster: string
      readonly context: string
      /** `pods`, `networkpolicies.networking.k8s.io`. */
      readonly resource: string
      /** `apiVersion` and `kind` filled in, redacted. */
      readonly body: JsonObject
    }
  | { readonly kind: 'gap'; readonly gap: Gap }

export interface LiveProgress {
  readonly cluster: string
  readonly context: string
  /** The resource that was just asked for. */
  readonly resource: string
  /** Resources read, of `total`. */
  readonly done: number
  readonly total: number
  /** Objects read so far in this cluster. */
  readonly objects: number
}
