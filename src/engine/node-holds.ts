import type { Node } from '../model/cluster.ts'
import type { Selector } from '../model/rule.ts'
import { type ClusterName, clusterHolds, holdsFor } from './label-holds.ts'

/** Whether a selector holds for a node of a cluster; null where a part could not be read. */
export const nodeHolds = (selector: Selector, node: Node, clusterName: ClusterName): boolean | null => {
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

const and = (a: boolean | null, b: boolean | null): boolean | null =>
  a === false || b === false ? false : a === null || b === null ? null : true
const or = (a: boolean | null, b: boolean | null): boolean | null =>
  a === true || b === true ? true : a === null || b === null ? null : false
