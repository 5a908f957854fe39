import type { ConfigMap } from '../../model/cluster.ts'

/** A ConfigMap with one file in it. For tests only. */
export const configMapOf = (key: string, text: string): ConfigMap => ({
  ref: { cluster: 'c', group: '', kind: 'ConfigMap', namespace: 'proxy', name: 'conf' },
  origin: { file: 'f', source: 0, start: 0, end: 0, line: 1, format: 'yaml', item: null },
  labels: new Map(),
  annotations: new Map(),
  data: new Map([[key, text]]),
})
