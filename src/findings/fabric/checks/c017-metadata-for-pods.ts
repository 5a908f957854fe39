import { poolsOf } from '../../../intent/node-pools.ts'
import type { Machine, MetadataService } from '../../../model/fabric.ts'
import { compareText } from '../../../model/order.ts'
import { type FabricCheck, type FabricHit, hitOn } from '../check.ts'
import type { NodeThere } from '../nodes.ts'
import { nodeHop, shortOf } from '../words.ts'

export const metadataForPods: FabricCheck = {
  id: 'PST-C017',
  title: 'Machine identity that pods may take',
  severity: 'medium',
  why: 'The metadata service hands out the credentials of the node to whoever asks from it. Without a token any forged request gets them, and with a token that travels more than one hop every pod does, unless policy keeps it away.',
  remedy: 'Ask for tokens, and let answers go one hop; give pods an identity of their own.',
  references: [
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
    'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
  ],
  *run({ nodes, fabric }) {
    const machines = new Map(fabric.machines.map(one => [one.id, one]))
    const weak = nodes.flatMap((node): readonly Weak[] => {
      const machine = machines.get(node.interfaces[0].of ?? '')
      const metadata = machine?.metadata ?? null
      return machine === undefined || metadata?.isOn !== true || (metadata.needsToken && metadata.hops <= 1)
        ? []
        : [{ node, machine, metadata }]
    })
    for (const same of Map.groupBy(weak, keyOf).values()) yield told(same)
  },
}

interface Weak {
  readonly node: NodeThere
  readonly machine: Machine
  readonly metadata: MetadataService
}

/** Machines of one pool are made from one template: one finding for all of them that say the same. */
const keyOf = ({ node, metadata: { needsToken, hops } }: Weak): string =>
  JSON.stringify([node.cluster, node.node === null ? [] : poolsOf(node.node), needsToken, hops > 1])

const told = (same: readonly Weak[]): FabricHit => {
  const [{ node, machine, metadata }] = same.toSorted((a, b) => compareText(a.machine.id, b.machine.id)) as [Weak]
  const { needsToken, hops, at } = metadata
  const settings = [
    ...(needsToken ? [] : ['`HttpTokens` to `required`']),
    ...(hops <= 1 ? [] : ['`HttpPutResponseHopLimit` to 1']),
  ]
  const others = same.length - 1
  const whom = others === 0 ? 'it' : `it, like ${others} ${others === 1 ? 'other' : 'others'} of its pool,`
  return hitOn(
    machine,
    needsToken
      ? `${whom} lets answers with a token go ${hops} hops, as far as its pods`
      : `${whom} answers without a token, so that its pods and every forged request get what it has`,
    `for \`${shortOf(machine.id)}\` and those like it: set ${settings.join(' and ')}`,
    {
      at,
      severity: needsToken ? 'low' : null,
      witness: `HttpTokens: ${needsToken ? 'required' : 'optional'}, HttpPutResponseHopLimit: ${hops}`,
      path: [nodeHop(node)],
    },
  )
}
