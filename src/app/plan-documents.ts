import type { SourceArgument } from '../sources/files/discover.ts'
import { type openFile, readFile } from '../sources/files/read.ts'
import { terraformReading } from '../sources/terraform/reading.ts'
import { isPlan, isTerraformOutput } from '../sources/terraform/recognise.ts'
import { findFiles } from './found-files.ts'
import { type PlanDocument, planDocument } from './plan-resources.ts'

export interface PlansRead {
  readonly plans: readonly PlanDocument[]
  /** Plans of which nothing counts: why stands in the diagnostics of the estate. */
  readonly refused: number
}

/** The plans among SOURCEs. What cannot be read is told where the estate is read. */
export const plansIn = (sources: readonly SourceArgument[], open: typeof openFile): PlansRead => {
  const plans: PlanDocument[] = []
  let refused = 0
  for (const file of findFiles(sources).files) {
    const { bytes } = open(file)
    if (bytes === null) continue
    try {
      for (const event of readFile(file, 0, bytes)) {
        if (event.kind !== 'document' || !isTerraformOutput(event.body) || !isPlan(event.body)) continue
        if (terraformReading(event).kind === 'refused') refused++
        else {
          const { start, end, line } = event.origin
          const lines = linesOfChanges(bytes.range(start, end).toString('utf8'), line ?? 1)
          const plan = planDocument(event, lines)
          if (plan !== null) plans.push(plan)
        }
      }
    } catch (error) {
      // A disk may fail at any read; the estate says so.
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    }
  }
  return { plans, refused }
}

/**
 * Where a plan tells of each change: the line of its `address` after `resource_changes`. Terraform writes one line, and people lay
 * it out before they keep it.
 */
export const linesOfChanges = (plan: string, first: number): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  const from = Math.max(0, plan.search(/"resource_changes"\s*:\s*\[/))
  let [line, at] = [first, 0]
  for (const match of plan.slice(from).matchAll(/"address"\s*:\s*("(?:[^"\\]|\\.)*")/g)) {
    const place = from + match.index
    for (let next = plan.indexOf('\n', at); next >= 0 && next < place; next = plan.indexOf('\n', at)) {
      line++
      at = next + 1
    }
    const address = unquoted(match[1] ?? '')
    if (address !== null && !found.has(address)) found.set(address, line)
  }
  return found
}

const unquoted = (text: string): string | null => {
  try {
    return String(JSON.parse(text))
  } catch {
    return null
  }
}
