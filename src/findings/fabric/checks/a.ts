import type { FabricCheck } from '../check.ts'
import { repliesDropped } from './a001-replies-dropped.ts'

export const CHECKS_A: readonly FabricCheck[] = [repliesDropped]
