import type { LiveProgress } from './event.ts'
import { oneLine } from './one-line.ts'

/**
 * One line of progress over all clusters, at most `columns` wide. Whether and where it is drawn is for the command
 * line to say: only on a terminal. `latest` holds the last word of each cluster.
 */
export const progressLine = (latest: readonly LiveProgress[], columns: number): string => {
  const sum = (of: (progress: LiveProgress) => number): number =>
    latest.reduce((total, progress) => total + of(progress), 0)
  const [done, total, objects] = [sum(entry => entry.done), sum(entry => entry.total), sum(entry => entry.objects)]
  const share = total === 0 ? 0 : Math.floor((done / total) * WIDTH)
  const bar = `[${'#'.repeat(share)}${'.'.repeat(WIDTH - share)}]`
  const finished = latest.filter(entry => entry.done >= entry.total).length
  const clusters = latest.length === 1 ? '' : ` ${finished}/${latest.length} clusters`
  const reading = latest.find(entry => entry.done < entry.total)
  const now = reading === undefined ? '' : ` ${oneLine(reading.cluster, 40)}: ${oneLine(reading.resource, 60)}`
  return `${bar}${clusters} ${grouped(objects)} objects${now}`.slice(0, Math.max(0, columns))
}

const WIDTH = 20

/** `12345` → `12,345`, in every locale the same. */
const grouped = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
