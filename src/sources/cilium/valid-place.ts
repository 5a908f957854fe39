import type { Direction } from '../../model/rule.ts'
import type { CiliumContext } from './context.ts'

/** Where a rule stands, as far as that decides what it may hold. */
export interface RulePlace {
  readonly direction: Direction
  readonly action: 'allow' | 'deny'
  /** Host policy. */
  readonly nodes: boolean
  readonly context: CiliumContext
}

/** More than that many ports or types in one list are refused. Source: pkg/policy/api, maxPorts, maxICMPFields. */
export const MOST_ITEMS = 40
