import { EVERY, NONE, type Selector } from '../../model/rule.ts'
import { type CiliumContext, isOn } from './context.ts'
import { allOf, anyOf, notThat } from './expressions.ts'
import { CLUSTER_NAME, NAMESPACE_LABELS, POD_NAMESPACE, type Requirement, SERVICE_ACCOUNT } from './label-selector.ts'
import { isRelevant, isRelevantOfNodes } from './relevant-labels.ts'

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
  // Without it no policy of a namespace would select anything.
  if (key === POD_NAMESPACE) return namespacePart(requirement)
  switch (isRelevant(key, context)) {
    case 'yes':
      return podLabel(requirement)
    case 'no':
      return withoutLabel(requirement)
    case 'unknown':
      return undecided(key)
  }
}

const podLabel = (requirement: Requirement): Selector => {
  const { key } = requirement
  if (key === SERVICE_ACCOUNT) return label('account', '', requirement)
  if (key === CLUSTER_NAME) return label('cluster', '', requirement)
  return key.startsWith(NAMESPACE_LABELS)
    ? label('namespace', key.slice(NAMESPACE_LABELS.length), requirement)
    : label('pod', key, requirement)
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

const undecided = (key: string): Selector => ({
  kind: 'unknown',
  why: `version and settings decide whether label \`${key}\` counts for policy`,
})

/**
 * Nodes by their labels, as the subject of host policy. The endpoint of a host has `reserved:host`, and labels of its node as a
 * pod has its own: those that the same list lets pass. Where nodes have identities of their own for `toNodes`, what that adds
 * to it is not documented.
 * Source: docs.cilium.io, "Host Policies"; pkg/endpoint, InitWithNodeLabels.
 */
export const hostSelector = (requirements: readonly Requirement[], context: CiliumContext): Selector => {
  const hasNodeIdentity = isOn(context, 'enable-node-selector-labels', false)
  return allOf(
    requirements.map(requirement => {
      const { source, key } = requirement
      if (source === 'reserved' && key === 'host') return notThat(withoutLabel(requirement))
      if (!['any', 'k8s', 'node'].includes(source)) return withoutLabel(requirement)
      if (key === CLUSTER_NAME) return undecided(key)
      const relevant = source === 'node' ? 'no' : isRelevant(key, context)
      if (relevant === 'yes') return label('node', key, requirement)
      return relevant === 'unknown' || hasNodeIdentity !== 'no' ? undecided(key) : withoutLabel(requirement)
    }),
  )
}

/**
 * Nodes by their labels, as the other end: with a list of labels of its own.
 * Source: docs.cilium.io, "Node based"; pkg/node/manager, nodeIdentityLabels.
 */
export const nodeSelector = (requirements: readonly Requirement[], context: CiliumContext): Selector =>
  allOf(
    requirements.map(requirement => {
      const { source, key } = requirement
      if (source === 'reserved' && key === 'remote-node') return notThat(withoutLabel(requirement))
      if (!['any', 'k8s', 'node'].includes(source)) return withoutLabel(requirement)
      if (key === CLUSTER_NAME) return label('cluster', '', requirement)
      const relevant = isRelevantOfNodes(key, context)
      if (relevant === 'unknown') return undecided(key)
      return relevant === 'yes' ? label('node', key, requirement) : withoutLabel(requirement)
    }),
  )
