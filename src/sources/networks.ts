import type { CoverageNote, Diagnostic, SupportState } from '../model/coverage.ts'
import type { Fabric } from '../model/fabric.ts'
import type { PlannedChange } from '../model/plan.ts'
import type { Supplied } from './aws/collect.ts'
import { awsFabric } from './aws/fabric.ts'
import { isAwsOutput } from './aws/recognise.ts'
import { azureFabric } from './azure/fabric.ts'
import { isAzureOutput } from './azure/recognise.ts'
import type { RawDocument } from './files/read.ts'
import { gcpFabric } from './gcp/fabric.ts'
import { isGcpOutput } from './gcp/recognise.ts'
import { joinedFabrics } from './joined-fabrics.ts'
import { terraformReading } from './terraform/reading.ts'
import { isTerraformOutput } from './terraform/recognise.ts'

/** Which of the two networks a plan speaks of is meant: the one that is there, or the one that it makes. */
export type PlanTime = 'before' | 'after'

export interface NetworksRead {
  readonly fabric: Fabric
  /** What plans change, whichever network is meant. */
  readonly planned: readonly PlannedChange[]
  readonly notes: readonly CoverageNote[]
  readonly diagnostics: readonly Diagnostic[]
  readonly counts: Readonly<Record<SupportState, number>>
}

/** Ids of Azure and of Google Cloud tell whose an object is; what the AWS command line prints is known by its lists. */
const cloudOf = (body: RawDocument['body']): 'aws' | 'azure' | 'gcp' | null =>
  isAzureOutput(body) ? 'azure' : isGcpOutput(body) ? 'gcp' : isAwsOutput(body) ? 'aws' : null

/** Whether a document speaks of networks under clusters. It belongs to no cluster, and hangs together with others of its kind. */
export const isOfNetworks = ({ body }: Pick<RawDocument, 'body'>): boolean =>
  cloudOf(body) !== null || isTerraformOutput(body)

/** All documents of networks together, whoever wrote them. Errors: none, whatever they hold. */
export const networksIn = (documents: readonly RawDocument[], when: PlanTime): NetworksRead => {
  const supplied: Supplied[] = []
  const planned: PlannedChange[] = []
  const diagnostics: Diagnostic[] = []
  const outputs = documents.filter(document => !isTerraformOutput(document.body))
  for (const document of documents.filter(one => isTerraformOutput(one.body))) {
    const reading = terraformReading(document)
    if (reading.kind === 'refused') diagnostics.push(reading.diagnostic)
    else if (reading.kind === 'state') supplied.push(reading.after)
    else {
      supplied.push(reading[when])
      planned.push(...reading.changes.map(change => ({ ...change, file: document.origin.file })))
    }
  }
  const byCloud = Map.groupBy(outputs, ({ body }) => cloudOf(body))
  const readings = [
    awsFabric(byCloud.get('aws') ?? [], supplied),
    ...(byCloud.has('azure') ? [azureFabric(byCloud.get('azure') ?? [])] : []),
    ...(byCloud.has('gcp') ? [gcpFabric(byCloud.get('gcp') ?? [])] : []),
  ] as const
  const notes = readings.flatMap(one => one.notes)
  return {
    fabric: joinedFabrics(readings.map(({ fabric }) => fabric) as [Fabric, ...Fabric[]]),
    planned,
    // What has nothing to do with networks is counted, not told.
    notes: notes.filter(({ state }) => state !== 'ignorable'),
    diagnostics: [...diagnostics, ...readings.flatMap(one => one.diagnostics)],
    counts: readings.map(({ counts }) => counts).reduce(addedCounts),
  }
}

type Counts = NetworksRead['counts']

const addedCounts = (a: Counts, b: Counts): Counts => ({
  understood: a.understood + b.understood,
  ignorable: a.ignorable + b.ignorable,
  partly: a.partly + b.partly,
  notImplemented: a.notImplemented + b.notImplemented,
  unrecognised: a.unrecognised + b.unrecognised,
})
