import type { Machine, MetadataService } from '../../model/fabric.ts'
import { field, integer } from '../../model/json.ts'
import { compareText } from '../../model/order.ts'
import { cloudObject, type Item, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { tagsOf } from './tags.ts'

/** Source: EC2 API Reference, Instance, InstanceMetadataOptionsResponse. */
export const lowerInstance = (item: Item): Lowered<Machine> => {
  const object = cloudObject('Reservations', item)
  return {
    id: object.id,
    item,
    value: { ...object, clusters: clustersOf(item), metadata: metadataOf(item) },
    faults: [],
  }
}

/** Source: EKS User Guide, “Self-managed nodes”; eksctl-io/eksctl, pkg/apis/eksctl.io/v1alpha5, the tags of node groups. */
const CLUSTER_TAGS = ['aws:eks:cluster-name', 'eks:cluster-name', 'alpha.eksctl.io/cluster-name']
const OWNED = /^kubernetes\.io\/cluster\/(.+)$/

const clustersOf = (item: Item): readonly string[] => {
  const names = [...tagsOf(item.body)].flatMap(([key, value]) => {
    const [, name] = OWNED.exec(key) ?? []
    if (name !== undefined) return [name]
    return CLUSTER_TAGS.includes(key) && value !== '' ? [value] : []
  })
  return [...new Set(names)].sort(compareText)
}

/** What is missing here is not its default: an output always tells all three. */
const metadataOf = ({ body, at }: Item): MetadataService | null => {
  const options = field(body, 'MetadataOptions')
  const [tokens, endpoint] = [wordIn(options, 'HttpTokens'), wordIn(options, 'HttpEndpoint')]
  const hops = integer(field(options, 'HttpPutResponseHopLimit'))
  if (tokens === null || endpoint === null || hops === undefined) return null
  return {
    isOn: endpoint !== 'disabled',
    needsToken: tokens === 'required',
    hops,
    at: [...at, 'MetadataOptions'],
  }
}
