import { parentPort, workerData } from 'node:worker_threads'
import { meshMemberOf } from '../inventory/cluster-mesh.ts'
import { policyProfileOf } from '../inventory/policy-profile.ts'
import { itemTexts } from '../outputs/json.ts'
import type { FoundFiles } from './found-files.ts'
import { loadFound } from './load.ts'
import { type ClusterReach, type FleetQuestion, speaksOfFleet } from './reach-fleet.ts'
import { hasUnknown, reachAsked } from './reach-question.ts'
import { packed } from './texts.ts'
import { answerTasks } from './workers.ts'

/** A thread of `reachOfFleet`: reads one cluster after the other, and keeps nothing of the last. */
const { question, indent } = workerData as FleetQuestion

answerTasks(
  parentPort,
  (found: FoundFiles): { readonly answer: ClusterReach; readonly moved: readonly ArrayBuffer[] } => {
    const loaded = loadFound(found)
    const { estate } = loaded
    const result = reachAsked(loaded, question)
    const { workloads, classes = [], coverage, diagnostics } = result
    const textOf = itemTexts(indent)
    const written = {
      workloads: packed(workloads, ({ id, variant }) => ({ id, variant }), textOf),
      classes: packed(classes, ({ id }) => ({ id, variant: null }), textOf),
    }
    return {
      answer: {
        ...written,
        coverage,
        diagnostics,
        hasUnknown: hasUnknown(result),
        members: estate.clusters.map(cluster => meshMemberOf(cluster, policyProfileOf(cluster, question.profile))),
        environments: estate.intents.environments,
        speaksOfFleet: speaksOfFleet(estate),
      },
      moved: [written.workloads.bytes.buffer, written.classes.bytes.buffer],
    }
  },
)
