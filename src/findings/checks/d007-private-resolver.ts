import { privateResolversOf } from '../../inventory/private-resolvers.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const privateResolver: Check = {
  id: 'PST-D007',
  title: 'Resolver of its own inside a workload',
  severity: 'medium',
  why: 'A resolver or an encrypted-DNS client beside the application asks names where the cluster neither logs nor limits them. Encrypted DNS looks like any other HTTPS connection.',
  remedy: 'Use the cluster’s resolver, and block the public encrypted resolvers.',
  references: ['https://www.rfc-editor.org/rfc/rfc8484', 'https://attack.mitre.org/techniques/T1572/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const { container, encrypted, image } of privateResolversOf(workload)) {
        yield hit(
          workload,
          encrypted === null
            ? `\`${container.name}\` is a resolver (\`${image}\`)`
            : `\`${container.name}\` is told to ask names encrypted (\`${encrypted}\`)`,
          `remove \`${container.name}\`, or what it is told, from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: pathOfContainer(workload, container),
            key: container.name,
            severity: encrypted === null ? null : 'high',
            witness: encrypted ?? image,
          },
        )
      }
    }
  },
}
