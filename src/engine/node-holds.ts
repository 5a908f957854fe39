import type { Node } from '../model/cluster.ts'
import type { Selector } from '../model/rule.ts'
import { type ClusterName, clusterHolds, holdsFor } from './label-holds.ts'

/** Whether a selector holds for a node of a cluster, or for one whose name alone is known; null where a part was not read. */
export const nodeHolds = (selector: Selector, node: Node | string, clusterName: ClusterName): boolean | null => {
  const inner = (of: Selector): boolean | null => nodeHolds(of, node, clusterName)
  switch (selector.kind) {
    case 'all':
      return selector.of.map(inner).reduce<boolean | null>(and, true)
    case 'any':
      return selector.of.map(inner).reduce<boolean | null>(or, false)
    case 'not': {
      const holds = inner(selector.of)
      return holds === null ? null : !holds
    }
    case 'label': {
      if (selector.of === 'cluster') return clusterHolds(selector.requirement, clusterName)
      if (selector.of !== 'node') return false
      if (selector.requirement.key === '') return holdsFor(selector.requirement, nameOf(node))
      if (typeof node === 'string') return null
      const value = node.labels.get(selector.requirement.key)
      const { operator } = selector.requirement
      return value === undefined
        ? operator === 'NotIn' || operator === 'DoesNotExist'
        : holdsFor(selector.requirement, value)
    }
    case 'namespace':
      return false
    case 'unknown':
      return null
  }
}

export const nameOf = (node: Node | string): string => (typeof node === 'string' ? node : node.ref.name)

const and = (a: boolean | null, b: boolean | null): boolean | null =>
  a === false || b === false ? false : a === null || b === null ? null : true
const or = (a: boolean | null, b: boolean | null): boolean | null =>
  a === true || b === true ? true : a === null || b === null ? null : false
