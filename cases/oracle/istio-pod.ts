import { nameOf, namespaceOf, ofKind } from './estate.ts'
import type { Json } from './types.ts'

export const podObject = (
  objects: readonly Json[],
  pod: { readonly namespace: string; readonly name: string },
): Json | undefined =>
  ofKind(objects, '', 'Pod').find(one => nameOf(one) === pod.name && namespaceOf(one) === pod.namespace)
