import { bothFamilies } from '../../../sets/addresses.ts'
import { type FabricCheck, hitOn } from '../check.ts'
import { isWatched } from '../exits.ts'
import { isMost } from '../outward.ts'
import { named, severalOf, shortOf } from '../words.ts'
import { byProvider } from './s001-leaves-by-provider.ts'

export const halfPinned: FabricCheck = {
  id: 'PST-S002',
  title: 'Function or app that sends the internet past its own network',
  severity: 'medium',
  why: 'It is joined to a network and reaches what is private there, so that everybody takes it for one that leaves by that network. What it sends to the internet leaves by the provider all the same, unless somebody says that everything goes by the network.',
  remedy: 'Send everything by the network, not private ranges alone.',
  references: [
    'https://learn.microsoft.com/en-us/azure/app-service/overview-vnet-integration',
    'https://cloud.google.com/run/docs/configuring/vpc-direct-vpc',
    'https://cloud.google.com/run/docs/configuring/vpc-connectors',
  ],
  *run(view) {
    for (const workload of view.fabric.managed) {
      const { pinned, doubts } = workload
      if (doubts.length > 0 || bothFamilies.isEmpty(pinned)) continue
      const out = byProvider(view, workload)
      if (out === null || !isMost(out.addresses, view.outward.internet(out.family))) continue
      const subnets = view.places.interfacesOf(workload.id).map(({ subnet }) => ({ id: subnet }))
      const where = subnets.length === 0 ? '' : ` (${severalOf(subnets)})`
      yield hitOn(
        workload,
        `what it sends to private ranges goes by its network${where}, and what it sends to the internet by the provider`,
        `let ${named(workload)} send everything by its network`,
        {
          severity: isWatched(view) ? null : 'low',
          witness: `${workload.name ?? shortOf(workload.id)} -> ${out.packet}`,
          path: out.way.hops,
        },
      )
    }
  },
}
