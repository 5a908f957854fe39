import type { Tri } from '../../model/profile.ts'
import type { CiliumContext } from './context.ts'

/**
 * Whether a pod's label counts at all. An identity holds only labels that pass a list of prefixes; a selector over another
 * label sees a pod without it. The longest prefix that includes is held against the shortest that leaves out; setting
 * `labels` adds prefixes, and one that includes turns the list into what is included and nothing else.
 * Source: docs.cilium.io, "Limiting Identity-Relevant Labels"; pkg/labelsfilter, filterLabels, defaultLabelPrefixCfg.
 */
export const isRelevant = (key: string, context: CiliumContext): Tri => {
  const own = tokensOf(context.settings?.get('labels') ?? '')
  // A list in a file of its own replaces the built-in one.
  if ((context.settings?.get('label-prefix-file') ?? '') !== '' || own === null) return 'unknown'
  let included = 0
  let ignored = 0
  for (const { prefix, ignore } of [...BUILT_IN, ...own]) {
    if (!key.startsWith(prefix)) continue
    if (!ignore) included = Math.max(included, prefix.length)
    else ignored = ignored === 0 ? prefix.length : Math.min(ignored, prefix.length)
  }
  const beta = key.lastIndexOf('beta.kubernetes.io')
  if (beta >= 0) ignored = ignored === 0 ? beta + 18 : Math.min(ignored, beta + 18)
  const listed = own.some(({ ignore }) => !ignore)
  return (!listed && ignored === 0) || included > ignored ? 'yes' : 'no'
}

interface Prefix {
  readonly prefix: string
  readonly ignore: boolean
}

const including = (prefix: string): Prefix => ({ prefix, ignore: false })
const ignoring = (prefix: string): Prefix => ({ prefix, ignore: true })

/** Of version 1.18. Labels that only tell replicas apart are left out since 1.16; nobody selects on them for policy. */
const BUILT_IN: readonly Prefix[] = [
  including('io.kubernetes.pod.namespace'),
  including('io.cilium.k8s.namespace.labels'),
  including('app.kubernetes.io'),
  including('io.cilium.k8s.policy.cluster'),
  ignoring('io.kubernetes'),
  ignoring('kubernetes.io'),
  ignoring('statefulset.kubernetes.io/pod-name'),
  ignoring('apps.kubernetes.io/pod-index'),
  ignoring('batch.kubernetes.io/job-completion-index'),
  ignoring('k8s.io'),
  ignoring('pod-template-generation'),
  ignoring('pod-template-hash'),
  ignoring('controller-revision-hash'),
  ignoring('annotation'),
  ignoring('etcd_node'),
]

/** null where a token is a regular expression that is more than a prefix, or speaks of another source. */
const tokensOf = (setting: string): readonly Prefix[] | null => {
  const prefixes: Prefix[] = []
  for (const token of setting.split(/[\s,]+/).filter(part => part !== '')) {
    const [, source = '', mark, pattern = ''] = /^(?:([^:]*):)?(!?)(.*)$/.exec(token) ?? []
    if (source === 'reserved') continue
    const prefix = pattern.replaceAll('\\.', '.').replace(/\.\*$/, '')
    // A dot alone means any character; as a prefix of label keys it is a dot.
    if ((source !== '' && source !== 'k8s') || !/^[\w./-]+$/.test(prefix)) return null
    prefixes.push({ prefix, ignore: mark === '!' })
  }
  return prefixes
}
