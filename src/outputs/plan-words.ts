import type { GuardrailResult, PlanResult, PlanWay } from '../model/plan.ts'
import type { Exit } from '../model/reach.ts'
import { count } from './count.ts'

/** Words that the terminal and a pull request share. Names in them are not escaped yet. */

/** What a platform or the plan calls it: ids begin with the platform and the kind. */
export const shortId = (id: string): string => id.slice(id.indexOf('/') + 1)

/** `14 subnets and 3 clusters` */
export const placesText = ({ from, clusters }: Pick<PlanWay, 'from' | 'clusters'>): string => {
  const subnets = from.filter(isSubnet).length
  const parts = [
    ...(subnets > 0 ? [count(subnets, 'subnet')] : []),
    ...(from.length > subnets ? [count(from.length - subnets, 'machine or interface', 'machines and interfaces')] : []),
    ...(clusters.length > 0 ? [count(clusters.length, 'cluster')] : []),
  ]
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '')
}

const isSubnet = (id: string): boolean => /^[a-z]+:subnet\//.test(id)

/** `nat nat-0ab as 203.0.113.7` */
export const wayOutText = ({ kind, id, sourceAddresses }: Exit): string => {
  const seen = sourceAddresses.length === 0 ? '' : ` as ${sourceAddresses.slice(0, 3).join(', ')}`
  return `${kind === 'unknown' ? 'a way that is not told' : kind}${id === null ? '' : ` ${shortId(id)}`}${seen}`
}

/** Few names, and how many more there are. */
export const fewOf = (names: readonly string[], most: number): string =>
  names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')

export const isOpenResult = ({ verdict, state }: GuardrailResult): boolean => verdict !== 'kept' && state === 'open'

/** Ways that lead out of the networks come first; what a new place has inside its own is shown last, and may be left out. */
export const leavesNetworks = ({ to }: PlanWay): boolean =>
  !['network', 'metadata', 'resolver', 'link-local', 'reserved', 'private'].includes(to.zone)

export const headlineOf = (result: PlanResult): string => {
  const open = result.guardrails.filter(isOpenResult)
  const broken = open.filter(({ verdict }) => verdict === 'broken').length
  const unresolved = open.length - broken
  const words = [
    ...(broken > 0 ? [`${count(broken, 'guardrail')} broken`] : []),
    ...(unresolved > 0 ? [`${unresolved} that cannot be decided`] : []),
  ]
  if (result.plans.length === 0) return 'No plan was judged'
  if (words.length > 0) return words.join(', ')
  return result.gained.length + result.lost.length === 0
    ? 'The plan opens nothing and closes nothing'
    : 'No guardrail is broken'
}

/** `3 changes: 4 ways gained, 1 lost, 0 not told` */
export const sumOf = ({ changes, gained, lost, unresolved }: PlanResult): string =>
  `${count(changes, 'change')}: ${count(gained.length, 'way')} gained, ${lost.length} lost, ${unresolved.length} not told`
