import { matchesOne } from '../../intent/subjects.ts'
import type { Cluster, Estate } from '../../model/cluster.ts'
import { globMatches } from '../../model/glob.ts'
import { idOf } from '../../model/identity.ts'
import type { BaselineLogging, BaselinePolicy, Environment } from '../../model/intent.ts'
import { compareText } from '../../model/order.ts'
import type { Policy } from '../../model/policy.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { changeOf, differencesIn } from '../baseline-differences.ts'
import { type Check, type ClusterView, type Hit, hit, several } from '../check.ts'
import { HTTPS } from '../known-traffic.ts'
import { only } from '../rule-reach.ts'
import { namesOf } from '../signatures.ts'
import { flowLogsOff } from './t001-flow-logs-off.ts'
import { dnsLogOff } from './t002-dns-log-off.ts'
import { meshLogOff } from './t003-mesh-log-off.ts'
import { telemetryDisabled } from './t004-telemetry-disabled.ts'

export const baselineMissing: Check = {
  id: 'PST-I023',
  title: 'Cluster that lacks what its environment asks of every cluster, or has it otherwise',
  severity: 'medium',
  why: 'An environment says what each of its clusters must have. A cluster without it is the one that an attacker looks for: everybody believes that it is like the others.',
  remedy: 'Give the cluster what the others have, or change what the environment asks of all.',
  references: ['docs/intents.md'],
  *run(view) {
    for (const environment of view.estate.intents.environments) {
      // What cannot be read as it was meant asks for nothing: it has a finding of its own.
      if (environment.faults.length > 0 || !matchesOne(environment.clusters, view.cluster.name)) continue
      for (const policy of environment.baseline.policies) {
        yield* missingPolicy(view, environment, policy)
        yield* otherPolicy(view, environment, policy)
      }
      if (environment.baseline.nameAllowlisting) yield* openByAddress(view, environment)
      for (const log of environment.baseline.logging) yield* missingLog(view, environment, log)
    }
  },
}

const isMeant = (wanted: BaselinePolicy, { ref, inert }: Policy): boolean =>
  ref.kind === wanted.kind && globMatches(wanted.name, ref.name) && inert === null

/** The smallest change is to bring what another cluster of the environment has. */
function* missingPolicy(
  { cluster, estate }: ClusterView,
  environment: Environment,
  wanted: BaselinePolicy,
): Iterable<Hit> {
  if (cluster.unread.has('*')) return
  const there = cluster.policies.filter(policy => isMeant(wanted, policy))
  const namespaces =
    wanted.namespaces === null
      ? null
      : [...cluster.namespaces.keys()].filter(name => matchesOne(wanted.namespaces, name)).sort(compareText)
  const without =
    namespaces === null ? null : namespaces.filter(name => !there.some(policy => policy.ref.namespace === name))
  if (without === null ? there.length > 0 : without.length === 0) return
  const where = without === null ? '' : ` in ${several(without)}`
  const example = exampleIn(estate, environment, cluster, wanted)
  yield hit(
    environment,
    `there is no ${wanted.kind} \`${wanted.name}\`${where}`,
    example === null
      ? `add a ${wanted.kind} \`${wanted.name}\`, or take it out of Environment \`${environment.ref.name}\``
      : `bring \`${idOf(example.ref)}\` to this cluster, or take it out of Environment \`${environment.ref.name}\``,
    { at: wanted.at, key: `${wanted.kind} ${wanted.name} ${(without ?? []).join()}`, owner: environment.owner },
  )
}

/** It is there, and says something else than in other clusters. */
function* otherPolicy(
  { cluster, estate }: ClusterView,
  environment: Environment,
  wanted: BaselinePolicy,
): Iterable<Hit> {
  for (const difference of differencesIn(estate, environment, wanted, cluster)) {
    const { here } = difference
    const name = `${here.namespace ?? '-'}/${here.kind}/${here.name}`
    yield hit(
      environment,
      `\`${name}\` says something else here than in other clusters of the environment`,
      `${changeOf(difference)}, or take it out of Environment \`${environment.ref.name}\``,
      { at: wanted.at, key: `other ${name}`, owner: environment.owner },
    )
  }
}

const exampleIn = (
  { clusters }: Estate,
  environment: Environment,
  without: Cluster,
  wanted: BaselinePolicy,
): Policy | null =>
  clusters
    .filter(cluster => cluster !== without && matchesOne(environment.clusters, cluster.name))
    .flatMap(cluster => cluster.policies.find(policy => isMeant(wanted, policy)) ?? [])[0] ?? null

/** Names are asked for, and addresses are open. */
function* openByAddress(view: ClusterView, environment: Environment): Iterable<Hit> {
  const possible = view.possible()
  const internet = only(4, possible.zones.internet)
  if (bothFamilies.isEmpty(internet)) return
  const open = possible.signatures.filter(signature => possible.mostly(signature, internet, HTTPS))
  if (open.length === 0) return
  const names = namesOf(open)
  yield hit(
    environment,
    `${several(names)} may reach the web by any address, and the environment asks for lists of names`,
    `limit ${several(names)} to names, or change \`nameAllowlisting\` of Environment \`${environment.ref.name}\``,
    { at: ['spec', 'baseline', 'nameAllowlisting'], key: 'nameAllowlisting', owner: environment.owner },
  )
}

const LOG_CHECKS: Readonly<Record<BaselineLogging, readonly Check[]>> = {
  dns: [dnsLogOff],
  policy: [flowLogsOff],
  flow: [flowLogsOff],
  'mesh-access': [meshLogOff, telemetryDisabled],
}

function* missingLog(view: ClusterView, environment: Environment, log: BaselineLogging): Iterable<Hit> {
  const hits = LOG_CHECKS[log].flatMap(check => [...check.run(view)])
  const [first] = hits
  if (first === undefined) return
  yield hit(
    environment,
    `its ${log} log is not kept: ${first.says}`,
    `${first.remedy} (Environment \`${environment.ref.name}\`)`,
    {
      at: ['spec', 'baseline', 'logging'],
      key: `logging ${log}`,
      owner: environment.owner,
    },
  )
}
