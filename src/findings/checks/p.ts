import type { Check } from '../check.ts'
import { prunedField } from './p001-pruned-field.ts'

export const CHECKS_P: readonly Check[] = [prunedField]
