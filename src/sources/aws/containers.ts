import type { ManagedWorkload, NetworkInterface } from '../../model/fabric.ts'
import { at, field, type Json } from '../../model/json.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { readAddress } from '../../sets/cidr.ts'
import { arnObject, idOfArn } from './arns.ts'
import type { Collected } from './collect.ts'
import { interfacesOfTask, runningTasks, serviceOfTask } from './container-tasks.ts'
import type { Placed } from './functions.ts'
import { type Item, idFor, wordIn } from './item.ts'
import { DIFFERS, differing, type Lowered } from './lowered.ts'
import { familiesIn, idsIn, sendingInto } from './managed-interfaces.ts'

/**
 * Services whose tasks have interfaces of their own. Where tasks run, their interfaces tell more than the settings: only a subnet
 * without any has one that stands for those that are to come. `known`: the subnets of interfaces that were read, by their owner.
 * Source: ECS API Reference, Service, AwsVpcConfiguration; ECS Developer Guide, “Amazon ECS task networking options for Fargate”.
 */
export const servicesIn = (collected: Collected, known: (owner: string) => readonly string[]): readonly Placed[] => {
  const items = collected.in('services')
  const disputed = differing(items, ({ body }) => [field(body, 'networkConfiguration'), field(body, 'launchType')])
  const familiesOf = familiesIn(collected)
  const modes = modesIn(collected)
  return items.map((item): Placed => {
    const object = arnObject('services', item, 'serviceName')
    const settings = at(item.body, 'networkConfiguration', 'awsvpcConfiguration')
    const subnets = idsIn(settings, 'subnets')
    if (subnets.ids.length === 0)
      return { workload: { id: object.id, item, value: null, faults: [withoutNetwork(item, modes)] }, interfaces: [] }
    const groups = idsIn(settings, 'securityGroups')
    const isPublic = wordIn(settings, 'assignPublicIp') !== 'DISABLED'
    const bare = subnets.ids.filter(subnet => !known(object.id).includes(idFor('Subnets', subnet)))
    const why = [
      ...(disputed.has(item.id) ? [DIFFERS] : []),
      ...(isPublic && bare.length > 0 ? [PUBLIC_UNTOLD] : []),
      ...(subnets.isWhole ? [] : ['which subnets it sends into cannot be read in full']),
    ]
    const faults = [
      ...why,
      ...(groups.isWhole && groups.ids.length > 0 ? [] : ['its security groups were not read']),
      ...(bare.some(subnet => familiesOf(subnet).length > 1) ? [SIX_UNTOLD] : []),
    ]
    return {
      workload: container(object.id, item, object, why, faults),
      interfaces: bare.map(subnet =>
        sendingInto(object, subnet, { groups: groups.isWhole ? groups.ids : null, untold: familiesOf(subnet) }),
      ),
    }
  })
}

/** Tasks that are of no service that was read. */
export const tasksIn = (collected: Collected, isRead: (networkInterface: string) => boolean): readonly Placed[] => {
  const serviceOf = serviceOfTask(collected)
  const running = new Set(runningTasks(collected))
  return collected.in('tasks').map((item): Placed => {
    const object = arnObject('tasks', item, 'group')
    const own = interfacesOfTask(item)
    const part = (faults: readonly string[]): Placed => ({
      workload: { id: object.id, item, value: null, faults },
      interfaces: [],
    })
    if (!running.has(item) || serviceOf(item) !== null) return part([])
    if (own.length === 0) return part(['it has no interface of its own: it leaves as the machine that it runs on'])
    const unread = own.filter(({ id }) => id === null || !isRead(idFor('NetworkInterfaces', id)))
    const why = unread.length > 0 ? [PUBLIC_UNTOLD] : []
    return {
      workload: container(object.id, item, object, why, unread.length > 0 ? [...why, GROUPS_UNTOLD] : why),
      interfaces: unread.flatMap(({ subnet, addresses }): readonly NetworkInterface[] => {
        if (subnet === null) return []
        const read = addresses.map(readAddress).flatMap(one => (one.kind === 'read' ? [one.value] : []))
        const untold = read.length === 0 ? ([4] as const) : []
        return [{ ...sendingInto(object, subnet, { groups: null, untold }), addresses: read }]
      }),
    }
  })
}

const container = (
  id: string,
  item: Item,
  object: Omit<ManagedWorkload, 'kind' | 'pinned' | 'doubts'>,
  why: readonly string[],
  faults: readonly string[],
): Lowered<ManagedWorkload> => ({
  id,
  item,
  value: {
    ...object,
    kind: 'container',
    pinned: bothFamilies.full,
    doubts: why.map(one => ({ level: 'unknown', why: one, settledBy: RUNNING })),
  },
  faults,
})

const RUNNING = 'the outputs of `describe-tasks` and `describe-network-interfaces` while it runs'
const PUBLIC_UNTOLD = 'whether it has a public address, and which one, is not told'
const GROUPS_UNTOLD = 'its security groups were not read'
const SIX_UNTOLD = 'whether it has IPv6 addresses hangs on the account setting `dualStackIPv6`: taken for yes'

/** The network mode of each definition of tasks, by its id. */
const modesIn = (collected: Collected): ReadonlyMap<string, string> =>
  new Map(
    collected
      .in('taskDefinition')
      .map(({ id, body }) => [id, wordIn(field(body, 'taskDefinition'), 'networkMode') ?? '']),
  )

/** `bridge` is what a definition has on Linux that names none. Source: ECS API Reference, TaskDefinition, `networkMode`. */
const withoutNetwork = ({ body }: Item, modes: ReadonlyMap<string, string>): string => {
  const definition: Json | undefined = field(body, 'taskDefinition')
  const mode = modes.get(idOfArn('taskDefinition', typeof definition === 'string' ? definition : '') ?? '')
  if (mode === 'awsvpc') return 'it names no subnets that its tasks send into'
  if (mode === 'none') return 'its tasks have no network'
  return `its tasks leave as the machine that they run on${mode === undefined ? ', as far as is told' : ''}`
}
