import { placeOf } from '../../inventory/address.ts'
import { type Check, hit, several } from '../check.ts'

export const hostAliases: Check = {
  id: 'PST-D004',
  title: 'Public name pinned to an address in the pod',
  severity: 'medium',
  why: 'A hostAlias answers before any resolver does: the name in the log and in the certificate is the trusted one, the address is somebody’s choice. Name-based policy never learns it, and reviewers read only the name.',
  remedy: 'Remove the alias and let DNS answer.',
  references: ['https://kubernetes.io/docs/tasks/network/customize-hosts-file-for-pods/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      for (const [index, alias] of workload.shape.hostAliases.entries()) {
        const place = placeOf(alias.ip)
        const names = alias.hostnames.filter(
          // A name of the cluster that leads to a public address is no name of the cluster any more.
          name =>
            (place === 'public' && /\.svc(\.cluster\.local)?$/.test(name)) ||
            (name.includes('.') && !/\.(local|internal|svc|test|localhost)$/.test(name)),
        )
        if (names.length === 0 || place === 'loopback' || place === 'private') continue
        yield hit(
          workload,
          `${several(names)} ${names.length === 1 ? 'is' : 'are'} pinned to ${alias.ip}, whatever DNS says`,
          `remove the alias for ${alias.ip} from ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\``,
          {
            at: [...workload.shapePath, 'hostAliases', index],
            key: alias.ip,
            witness: `${names[0]} = ${alias.ip}`,
          },
        )
      }
    }
  },
}
