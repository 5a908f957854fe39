import { tunnelOf } from '../../inventory/exits.ts'
import { idOf } from '../../model/identity.ts'
import { type Check, hit } from '../check.ts'
import { pathOfContainer } from '../container-path.ts'

export const tunnel: Check = {
  id: 'PST-N015',
  title: 'Tunnel or VPN client',
  severity: 'high',
  why: 'A tunnel carries any traffic inside one permitted connection, in both directions, and often for the whole cluster. Filters on the way see one address on port 443.',
  remedy:
    'Remove it, or declare it as an exit with an owner, limit who may reach it, and limit where its outer connection goes.',
  references: ['https://attack.mitre.org/techniques/T1572/'],
  *run({ cluster }) {
    for (const workload of cluster.workloads) {
      const found = tunnelOf(workload)
      if (found === null) continue
      const routes = workload.shape.containers.flatMap(container =>
        container.env
          .filter(variable => /(_ROUTES|EXTRA_ARGS)$/.test(variable.name) && variable.value !== null)
          .map(variable => `${variable.name}=${variable.value}`),
      )
      yield hit(
        workload,
        `runs ${found.product}: ${found.evidence.join(', ')}${routes.length > 0 ? `; it offers ${routes.join(' ')}` : ''}`,
        `remove ${workload.ref.kind} \`${workload.ref.name}\` in \`${workload.namespace}\`, or declare it as an exit`,
        {
          at: found.container === null ? workload.shapePath : pathOfContainer(workload, found.container),
          witness: found.evidence[0] ?? null,
          path: [
            { hop: 'workload', id: idOf(workload.ref) },
            { hop: 'tunnel', id: found.product },
          ],
        },
      )
    }
  },
}
