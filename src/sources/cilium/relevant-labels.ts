import type { Tri } from '../../model/profile.ts'
import type { CiliumContext } from './context.ts'
import { counts, ignoring, including, type LabelPattern, readPatterns } from './label-patterns.ts'

/**
 * Whether a label counts at all, of a pod or, for policies for hosts, of a node: an identity and the endpoint of a host hold only
 * labels that pass a list. A selector over another one sees something without it. Setting `labels` adds to the built-in list.
 * Source: docs.cilium.io, "Limiting Identity-Relevant Labels"; pkg/labelsfilter, defaultLabelPrefixCfg; pkg/endpoint,
 * InitWithNodeLabels.
 */
export const isRelevant = (key: string, context: CiliumContext): Tri => {
  const { settings } = context
  const own = readPatterns(settings?.get('labels') ?? '', 'k8s')
  // A list in a file of its own replaces the built-in one.
  if ((settings?.get('label-prefix-file') ?? '') !== '' || own === null) return 'unknown'
  const isLimited = own.some(({ ignores }) => !ignores)
  const answers = new Set(builtInFor(key, context).map(list => counts(key, [...list, ...own], isLimited)))
  if (answers.size > 1) return 'unknown'
  if (answers.has(true)) return 'yes'
  // What the built-in list leaves out is seldom brought back, but it can be.
  return settings === null ? 'unknown' : 'no'
}

/**
 * Whether a node's label counts for `toNodes` and `fromNodes`: those have a list of their own, in setting `node-labels`, with
 * nothing built in. Source: pkg/labelsfilter, FilterNodeLabels; pkg/node/manager, nodeIdentityLabels.
 */
export const isRelevantOfNodes = (key: string, { settings }: CiliumContext): Tri => {
  const own = readPatterns(settings?.get('node-labels') ?? '', 'node')
  if (own === null) return 'unknown'
  const isLimited = own.some(({ ignores }) => !ignores)
  return counts(key, own, isLimited) ? 'yes' : 'no'
}

/** The lists that versions of the agent may have, as far as they differ about a key. */
const builtInFor = (key: string, { version }: CiliumContext): readonly (readonly LabelPattern[])[] => {
  let lists: readonly (readonly LabelPattern[])[] = [ALWAYS]
  for (const { pattern, from, surelyFrom } of SINCE) {
    if (pattern.lengthIn(key) === null) continue
    const minor = version === null ? null : version[0] > 1 ? Number.POSITIVE_INFINITY : version[1]
    const withIt = lists.map(list => [...list, pattern])
    if (minor !== null && minor < from) continue
    lists = minor !== null && minor >= surelyFrom ? withIt : [...lists, ...withIt]
  }
  return lists
}

const ALWAYS: readonly LabelPattern[] = [
  including('io\\.kubernetes\\.pod\\.namespace'),
  including('io\\.cilium\\.k8s\\.namespace\\.labels'),
  including('app\\.kubernetes\\.io'),
  ignoring('io\\.kubernetes'),
  ignoring('kubernetes\\.io'),
  ignoring('.*beta\\.kubernetes\\.io'),
  ignoring('k8s\\.io'),
  ignoring('pod-template-generation'),
  ignoring('pod-template-hash'),
  ignoring('controller-revision-hash'),
  ignoring('annotation.*'),
  ignoring('etcd_node'),
]

/**
 * Of 1.x. In between, the last number of the version decides, which is not looked at.
 * Source: cilium/cilium pull requests 31178, 31964, 38017 and 43725; release notes of 1.18.7 and 1.19.0.
 */
const SINCE: readonly { readonly pattern: LabelPattern; readonly from: number; readonly surelyFrom: number }[] = [
  { pattern: including('io\\.cilium\\.k8s\\.policy\\.cluster'), from: 14, surelyFrom: 16 },
  { pattern: including('io\\.cilium\\.k8s\\.policy\\.serviceaccount'), from: 18, surelyFrom: 18 },
  { pattern: ignoring('statefulset\\.kubernetes\\.io/pod-name'), from: 14, surelyFrom: 16 },
  { pattern: ignoring('apps\\.kubernetes\\.io/pod-index'), from: 14, surelyFrom: 16 },
  { pattern: ignoring('batch\\.kubernetes\\.io/job-completion-index'), from: 14, surelyFrom: 16 },
  { pattern: ignoring('batch\\.kubernetes\\.io/controller-uid'), from: 14, surelyFrom: 16 },
  { pattern: ignoring('controller-uid'), from: 14, surelyFrom: 16 },
  { pattern: ignoring('topology\\.kubernetes\\.io'), from: 16, surelyFrom: 19 },
]
