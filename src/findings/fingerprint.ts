import { hash } from 'node:crypto'

/** File, line, text, severity and order are not in it: a finding keeps its fingerprint when files move. */
export const fingerprintOf = (id: string, cluster: string, object: string, key: string): string =>
  hash('sha256', JSON.stringify([id, cluster, object, key]), 'hex').slice(0, 32)
