import { UsageError } from './flags.ts'
import type { Io } from './io.ts'

export const snapshotVerb = async (_argv: readonly string[], _io: Io): Promise<number> => {
  throw new UsageError('not yet')
}
