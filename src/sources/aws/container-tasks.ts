import { field, list } from '../../model/json.ts'
import type { Collected } from './collect.ts'
import { type Item, idFor, wordIn } from './item.ts'

/** What a task says of an interface of its own. Source: ECS API Reference, Task, Attachment. */
export interface TaskInterface {
  readonly id: string | null
  readonly subnet: string | null
  /** As text, of either family. */
  readonly addresses: readonly string[]
}

export const interfacesOfTask = ({ body }: Item): readonly TaskInterface[] =>
  list(field(body, 'attachments'))
    .filter(one => wordIn(one, 'type') === 'ElasticNetworkInterface' && wordIn(one, 'status') !== 'DELETED')
    .map(one => {
      const told = (name: string): string | null =>
        list(field(one, 'details')).flatMap(detail =>
          wordIn(detail, 'name') === name ? (wordIn(detail, 'value') ?? []) : [],
        )[0] ?? null
      return {
        id: told('networkInterfaceId'),
        subnet: told('subnetId'),
        addresses: [told('privateIPv4Address'), told('ipv6Address')].flatMap(address => address ?? []),
      }
    })

/** Those that run, or are about to. Source: ECS Developer Guide, “Amazon ECS task lifecycle”. */
export const runningTasks = (collected: Collected): readonly Item[] =>
  collected.in('tasks').filter(({ body }) => !GONE.includes(wordIn(body, 'lastStatus') ?? ''))

const GONE = ['STOPPED', 'DELETED']

/**
 * The service that a task is of, as AWS writes it after `ACCOUNT/REGION/`; null: it was started by itself, or its service was not read.
 * Source: ECS API Reference, Task, `group`.
 */
export const serviceOfTask = (collected: Collected): ((task: Item) => string | null) => {
  const services = new Set(collected.in('services').map(({ id }) => id))
  return ({ id, body }) => {
    const [, name] = /^service:(.+)$/.exec(wordIn(body, 'group') ?? '') ?? []
    const service = `${id.slice(0, id.lastIndexOf('/'))}/${name ?? ''}`
    return services.has(service) ? service : null
  }
}

/** Whose an interface is that a task names: the service’s, or the task’s own. */
export const tasksOwning = (collected: Collected): ReadonlyMap<string, string> => {
  const serviceOf = serviceOfTask(collected)
  return new Map(
    runningTasks(collected).flatMap(task => {
      const service = serviceOf(task)
      const owner = service === null ? idFor('tasks', task.id) : idFor('services', service)
      return interfacesOfTask(task).flatMap(({ id }) => (id === null ? [] : [[id, owner] as const]))
    }),
  )
}
