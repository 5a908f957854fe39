import { parentPort, workerData } from 'node:worker_threads'
import { meshMemberOf } from '../inventory/cluster-mesh.ts'
import { policyProfileOf } from '../inventory/policy-profile.ts'
import { itemsRenderer } from '../outputs/rendered.ts'
import type { FoundFiles } from './found-files.ts'
import { loadFound } from './load.ts'
import { type ClusterReach, type FleetQuestion, hasFabric, speaksOfFleet } from './reach-fleet.ts'
import { hasUnknown, reachAsked } from './reach-question.ts'
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
    const render = itemsRenderer(indent)
    const texts = { workloads: render(workloads), classes: render(classes) }
    return {
      answer: {
        workloads: texts.workloads.bytes,
        classes: { ids: classes.map(({ id }) => id), ...texts.classes },
        coverage,
        diagnostics,
        hasUnknown: hasUnknown(result),
        members: estate.clusters.map(cluster => meshMemberOf(cluster, policyProfileOf(cluster, question.profile))),
        environments: estate.intents.environments,
        speaksOfFleet: speaksOfFleet(estate),
        hasFabric: hasFabric(estate),
      },
      moved: [texts.workloads.bytes.buffer, texts.classes.bytes.buffer],
    }
  },
)
