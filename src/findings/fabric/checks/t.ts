import type { FabricCheck } from '../check.ts'
import { noFlowLog } from './t007-no-flow-log.ts'
import { partialFlowLog } from './t008-partial-flow-log.ts'

/** Beside those of clusters. */
export const FABRIC_CHECKS_T: readonly FabricCheck[] = [noFlowLog, partialFlowLog]
