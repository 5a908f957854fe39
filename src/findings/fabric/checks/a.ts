import type { FabricCheck } from '../check.ts'
import { repliesDropped } from './a001-replies-dropped.ts'
import { inspectedOneWay } from './a002-inspected-one-way.ts'
import { inspectionDiffers } from './a003-inspection-differs.ts'

export const CHECKS_A: readonly FabricCheck[] = [repliesDropped, inspectedOneWay, inspectionDiffers]
