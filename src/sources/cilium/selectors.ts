import { EVERY, NONE, type Selector } from '../../model/rule.ts'
import type { CiliumContext } from './context.ts'
import { allOf, anyOf, notThat } from './expressions.ts'
import { CLUSTER_NAME, NAMESPACE_LABELS, POD_NAMESPACE, type Requirement, SERVICE_ACCOUNT } from './label-selector.ts'
import { isRelevant } from './relevant-labels.ts'

/** What a selector says of pods: their own labels, and those that Cilium gives each of them. */
export const podSelector = (requirements: readonly Requirement[], context: CiliumContext): Selector =>
  allOf(requirements.map(requirement => podPart(requirement, context)))

/** Sources of labels that no pod carries: of addresses, names, nodes, and of what is no pod. */
const NEVER_ON_PODS = ['reserved', 'cidr', 'cidrgroup', 'fqdn', 'node']

const podPart = (requirement: Requirement, context: CiliumContext): Selector => {
  const { source, key } = requirement
  if (NEVER_ON_PODS.includes(source)) return withoutLabel(requirement)
  if (source !== 'any' && source !== 'k8s')
    return { kind: 'unknown', why: `label \`${source}:${key}\` comes from a source that no document shows` }
  if (key === POD_NAMESPACE) return namespacePart(requirement)
  if (key === SERVICE_ACCOUNT) return label('account', '', requirement)
  if (key === CLUSTER_NAME) return label('cluster', '', requirement)
  if (key.startsWith(NAMESPACE_LABELS)) return label('namespace', key.slice(NAMESPACE_LABELS.length), requirement)
  switch (isRelevant(key, context)) {
    case 'yes':
      return label('pod', key, requirement)
    case 'no':
      return withoutLabel(requirement)
    case 'unknown':
      return { kind: 'unknown', why: `settings decide whether label \`${key}\` counts for policy` }
  }
}

const namespacePart = ({ operator, values }: Requirement): Selector => {
  const named = anyOf(values.map(name => ({ kind: 'namespace', name })))
  switch (operator) {
    case 'In':
      return named
    case 'NotIn':
      return notThat(named)
    case 'Exists':
      return EVERY
    case 'DoesNotExist':
      return NONE
  }
}

/** What the requirement says of something that has no such label. */
const withoutLabel = ({ operator }: Requirement): Selector =>
  operator === 'NotIn' || operator === 'DoesNotExist' ? EVERY : NONE

const label = (
  of: 'pod' | 'namespace' | 'node' | 'account' | 'cluster',
  key: string,
  { operator, values }: Requirement,
): Selector => ({ kind: 'label', of, requirement: { key, operator, values } })

/**
 * Nodes by their labels, as the subject of host policy. A node on its own counts as `reserved:host`.
 * Source: docs.cilium.io, "Host Policies"; setting `node-labels` limits which labels count.
 */
export const nodeSelector = (requirements: readonly Requirement[], context: CiliumContext): Selector => {
  const limited = (context.settings?.get('node-labels') ?? '') !== ''
  return allOf(
    requirements.map(requirement => {
      const { source, key } = requirement
      if (source === 'reserved' && key === 'host') return notThat(withoutLabel(requirement))
      if (!['any', 'k8s', 'node'].includes(source)) return withoutLabel(requirement)
      if (key === CLUSTER_NAME) return label('cluster', '', requirement)
      return limited
        ? { kind: 'unknown', why: `setting node-labels decides whether label \`${key}\` counts for policy` }
        : label('node', key, requirement)
    }),
  )
}
