import type { Endpoint, EndpointPolicy } from '../../model/fabric.ts'
import { field, isObject, type Json } from '../../model/json.ts'
import { cloudObject, type Item, idIn, wordIn } from './item.ts'
import type { Lowered } from './lowered.ts'
import { standingOf } from './standing.ts'

/** Beside the gateways that some of them are. Source: EC2 API Reference, VpcEndpoint. */
export const endpointsIn = (item: Item): readonly Lowered<Endpoint>[] => {
  const { body } = item
  const object = cloudObject('VpcEndpoints', item)
  const [network, service, type] = [
    idIn('Vpcs', body, 'VpcId'),
    wordIn(body, 'ServiceName'),
    wordIn(body, 'VpcEndpointType'),
  ]
  const by = type === 'Gateway' ? 'target' : type === 'Interface' ? 'interface' : null
  const { isUp } = standingOf(wordIn(body, 'State'), [], ['deleted', 'failed', 'rejected', 'expired'])
  if (network === null || service === null || by === null || !isUp) return []
  return [{ id: object.id, item, value: { ...object, network, service, by, policy: policyIn(item) }, faults: [] }]
}

/**
 * The document stands there as text. Where there is none nothing is claimed: services of others have no policies.
 * Source: AWS PrivateLink Guide, “Control access to VPC endpoints using endpoint policies”, Default endpoint policy.
 */
const policyIn = ({ body, at }: Item): EndpointPolicy | null => {
  const read = policyOf(field(body, 'PolicyDocument'))
  if (read === null) return null
  const statements = asList(field(read, 'Statement'))
  // A denial may take back what is allowed: what is left of it is not worked out.
  if (statements.some(one => field(one, 'Effect') !== 'Allow')) return null
  return { isOpen: statements.some(opens), at: [...at, 'PolicyDocument'] }
}

const policyOf = (value: Json | undefined): Json | null => {
  if (isObject(value)) return value
  if (typeof value !== 'string') return null
  try {
    return JSON.parse(value) as Json
  } catch {
    return null
  }
}

const opens = (statement: Json): boolean =>
  isEverybody(field(statement, 'Principal')) &&
  asList(field(statement, 'Action')).includes('*') &&
  asList(field(statement, 'Resource')).includes('*') &&
  isNothing(field(statement, 'Condition'))

const isEverybody = (principal: Json | undefined): boolean =>
  principal === '*' || asList(field(principal, 'AWS')).includes('*')

const isNothing = (condition: Json | undefined): boolean =>
  condition === undefined || (isObject(condition) && Object.keys(condition).length === 0)

const asList = (value: Json | undefined): readonly Json[] =>
  Array.isArray(value) ? (value as readonly Json[]) : value === undefined || value === null ? [] : [value]
