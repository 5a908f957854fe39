/**
 * Label selectors, `metav1.LabelSelector`: matchLabels and matchExpressions, all of which must hold. The empty
 * selector matches everything. Source: k8s.io/apimachinery/pkg/apis/meta/v1, type LabelSelector.
 */

export interface LabelRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  readonly values: readonly string[]
}

export interface LabelSelector {
  readonly requirements: readonly LabelRequirement[]
}

export const EVERYTHING: LabelSelector = { requirements: [] }

export const selectorMatches = (selector: LabelSelector, labels: ReadonlyMap<string, string>): boolean =>
  selector.requirements.every(requirement => requirementHolds(requirement, labels))

const requirementHolds = (
  { key, operator, values }: LabelRequirement,
  labels: ReadonlyMap<string, string>,
): boolean => {
  const value = labels.get(key)
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    // An absent key satisfies NotIn: the API's own reading.
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
  }
}
