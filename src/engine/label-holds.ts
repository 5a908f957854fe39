import type { LabelRequirement } from '../model/selector.ts'

/** Whether one requirement holds, asked of one value. */

/** The name by which policies tell a cluster from others; where it was not read, a name that it does not have. */
export type ClusterName = string | { readonly not: string }

export const holdsFor = ({ operator, values }: LabelRequirement, value: string): boolean =>
  operator === 'In' ? values.includes(value) : operator === 'NotIn' ? !values.includes(value) : operator === 'Exists'

/** Whether a requirement holds for a cluster by its name; null where that hangs on a name that was not read. */
export const clusterHolds = (requirement: LabelRequirement, name: ClusterName): boolean | null => {
  if (typeof name === 'string') return holdsFor(requirement, name)
  const { operator, values } = requirement
  if (operator === 'Exists' || operator === 'DoesNotExist') return operator === 'Exists'
  return values.every(value => value === name.not) ? operator === 'NotIn' : null
}
