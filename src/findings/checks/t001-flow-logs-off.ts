import type { Cluster } from '../../model/cluster.ts'
import { idOf } from '../../model/identity.ts'
import type { Sourced } from '../../model/provenance.ts'
import { type Check, hit } from '../check.ts'

export const flowLogsOff: Check = {
  id: 'PST-T001',
  title: 'Dataplane that keeps no flow log',
  severity: 'medium',
  why: 'Without a log of connections nobody can say what left, who sent it, or whether a policy ever stopped anything. After an incident the answer is gone.',
  remedy: 'Switch on the dataplane’s own flow log and export it.',
  references: [
    'https://docs.cilium.io/en/stable/observability/hubble/',
    'https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy-logging',
    'https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html',
  ],
  *run({ cluster, inventory }) {
    if (inventory.controls.flowLogs.some(log => log.state === 'on')) return
    for (const log of inventory.controls.flowLogs) {
      if (log.state === 'on' || log.state === 'unknown' || log.object === null) continue
      const object = objectOf(cluster, log.object)
      if (object === null) continue
      const setting = cluster.flowLogging.find(candidate => candidate === object)
      const denied = setting?.logsDenied === true
      const partial = setting !== undefined && (denied || setting.logsAllowed)
      const says = partial
        ? `${log.source} keeps ${denied ? 'denied' : 'allowed'} connections only`
        : `no connection is kept: ${log.source} ${log.source.endsWith('s') ? 'are' : 'is'} off`
      yield hit(object, says, `switch on ${log.source} in ${object.ref.kind} \`${object.ref.name}\``, {
        at: ['spec'],
        key: log.source,
        witness: `${log.source}: ${log.state}`,
      })
    }
  },
}

const objectOf = (cluster: Cluster, id: string): Sourced | null =>
  [...cluster.configMaps.values(), ...cluster.calico.felix, ...cluster.workloads, ...cluster.flowLogging].find(
    object => idOf(object.ref) === id,
  ) ?? null
