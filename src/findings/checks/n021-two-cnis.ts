import { isSystemNamespace } from '../../inventory/add-ons.ts'
import { arePartners, cnisOf, type FoundCni } from '../../inventory/cni.ts'
import { type Check, hit } from '../check.ts'

/** The evidence without its cluster, which the finding names already. */
const withinCluster = ({ evidence }: FoundCni): string => evidence.replace(/^[^/ ]+\/(?=[^/]+\/[^/]+\/)/, '')

export const twoCnis: Check = {
  id: 'PST-N021',
  title: 'Two network plugins at once',
  severity: 'high',
  why: 'Each plugin enforces policy for the pods it wired and for no others. After a half-finished migration it depends on the age of a pod which rules hold for it.',
  remedy: 'Finish the migration: remove one plugin and restart the pods that it wired.',
  references: ['https://docs.cilium.io/en/stable/installation/k8s-install-migration/'],
  *run({ cluster }) {
    const cnis = cnisOf(cluster)
    for (const [index, one] of cnis.entries()) {
      for (const other of cnis.slice(index + 1)) {
        if (arePartners(cluster, one.name, other.name)) continue
        const daemon = cluster.workloads.find(
          workload =>
            isSystemNamespace(workload.namespace) &&
            other.evidence.endsWith(`${workload.namespace}/${workload.ref.kind}/${workload.ref.name}`),
        )
        const object =
          daemon ?? [...cluster.configMaps.values()].find(map => other.evidence.endsWith(`/ConfigMap/${map.ref.name}`))
        if (object === undefined) continue
        yield hit(
          object,
          `${one.name} (${withinCluster(one)}) and ${other.name} (${withinCluster(other)}) both run here, and neither is set up on top of the other`,
          `remove ${object.ref.kind} \`${object.ref.name}\`, or ${one.name}`,
          {
            key: `${one.name}+${other.name}`,
            witness: `${one.name}, ${other.name}`,
          },
        )
      }
    }
  },
}
