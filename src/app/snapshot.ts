import { type SnapshotWritten, writeSnapshot } from '../sources/kubernetes/snapshot/write.ts'
import { collectLive, type LiveRequest, type Progress } from './load-live.ts'

/** Reads live clusters into a folder that every verb reads. What was written is in the answer, gaps among it. */
export const snapshot = (
  directory: string,
  request: LiveRequest,
  now: string,
  progress: Progress,
): Promise<SnapshotWritten> => writeSnapshot(directory, collectLive(request, progress), now)
