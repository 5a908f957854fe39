import type { CloudObject } from '../../model/fabric.ts'
import { field } from '../../model/json.ts'
import { type Item, idFor, wordIn } from './item.ts'
import { COLLECTIONS, type CollectionName, SINGLES } from './schema.ts'

/** The parts of an ARN. Source: AWS IAM User Guide, “Amazon Resource Names (ARNs)”. */
export interface Arn {
  readonly service: string
  readonly region: string
  readonly account: string
  /** With its kind before it: `firewall/edge`, `function:mail`. */
  readonly resource: string
}

export const readArn = (text: string): Arn | null => {
  const [arn, partition, service = '', region = '', account = '', ...resource] = text.split(':')
  if (arn !== 'arn' || !partition || service === '' || resource.join('') === '') return null
  return { service, region, account, resource: resource.join(':') }
}

/** What has no id but an ARN. */
export const isKnownByArn = (collection: CollectionName): boolean => /arn$/i.test(COLLECTIONS[collection].key)

/**
 * `ACCOUNT/REGION/NAME`, of services and tasks with the name of their cluster before it, which older ARNs lack; of rule groups with their
 * kind, since one of each kind may have the same name. null: no ARN. Source: Service Authorization Reference, the resource types of AWS
 * Lambda, Amazon ECS, Amazon EKS and AWS Network Firewall.
 */
export const idOfArn = (collection: CollectionName, text: string, clusterArn: string | null = null): string | null => {
  const arn = readArn(text)
  if (arn === null) return null
  const name = nameIn(collection, arn, clusterArn)
  return name === '' ? null : `${arn.account}/${arn.region}/${name}`
}

const nameIn = (collection: CollectionName, { resource }: Arn, clusterArn: string | null): string => {
  switch (collection) {
    case 'Functions':
      return resource.replace(/^function:/, '').replace(/:\$LATEST$/, '')
    case 'RuleGroupResponse':
      return resource.replace(/^(state(?:ful|less))-rulegroup\//, '$1/')
    case 'services':
    case 'tasks': {
      const own = resource.slice(resource.indexOf('/') + 1)
      return own.includes('/') || clusterArn === null ? own : `${lastOf(clusterArn)}/${own}`
    }
    default:
      return resource.slice(resource.indexOf('/') + 1)
  }
}

export const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)

/** The id of the object that a field names by its ARN; null where it names nothing. */
export const idOfArnIn = (
  collection: CollectionName,
  body: Parameters<typeof wordIn>[0],
  key: string,
): string | null => {
  const text = wordIn(body, key)
  const id = text === null ? null : idOfArn(collection, text)
  return id === null ? null : idFor(collection, id)
}

/** As `cloudObject`, of what its ARN tells account and region of. */
export const arnObject = (collection: CollectionName, item: Item, nameKey: string): CloudObject => {
  const own = SINGLES.includes(collection) ? field(item.body, collection) : item.body
  const arn = readArn(wordIn(own, COLLECTIONS[collection].key) ?? '')
  return {
    id: idFor(collection, item.id),
    name: wordIn(own, nameKey),
    account: arn === null || arn.account === '' ? null : arn.account,
    region: arn === null || arn.region === '' ? null : arn.region,
    origin: item.origin,
    at: item.at,
  }
}
