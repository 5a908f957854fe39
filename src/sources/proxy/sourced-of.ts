import type { Sourced } from '../../model/provenance.ts'

/** What `Sourced` wants of a ConfigMap, without its data. */
export const sourcedOf = ({ ref, origin, labels, annotations }: Sourced): Sourced => ({
  ref,
  origin,
  labels,
  annotations,
})
