import { blockOf } from '../engine/ground.ts'
import type { Estate } from '../model/cluster.ts'
import { idOf } from '../model/identity.ts'
import type { Service } from '../model/service.ts'
import type { Pod, Workload } from '../model/workload.ts'
import { type Addresses, addressesOfCidrs } from '../sets/addresses.ts'
import { readAddress, readCidr } from '../sets/cidr.ts'
import { readName } from '../sets/name-pattern.ts'
import { parseTraffic } from '../sets/parse-traffic.ts'
import { type Traffic, traffics } from '../sets/traffic.ts'

/** What a question asks about: `TARGET[:PORTS[/PROTO]]`. */
export interface Question {
  readonly target: QuestionTarget
  readonly traffic: Traffic
}

export type QuestionTarget =
  | { readonly kind: 'addresses'; readonly addresses: Addresses }
  | { readonly kind: 'name'; readonly name: string }
  /** All its pods, or one of them. */
  | { readonly kind: 'workload'; readonly workload: Workload; readonly pod: Pod | null }
  | { readonly kind: 'service'; readonly service: Service }
  | { readonly kind: 'node'; readonly cluster: string; readonly name: string }

/** The question cannot be read, or names nothing or several things. */
export class QuestionError extends Error {}

/** Errors: QuestionError, with what to write instead. */
export const readQuestion = (text: string, estate: Estate): Question => {
  const { target, ports } = split(text)
  return { target: targetOf(target, estate), traffic: trafficOf(ports) }
}

/** `[IPv6]:443/tcp`, `svc:c/ns/name:80`, `10.0.0.0/8:53/udp`, `c/ns/Deployment/web`: ports stand after the last colon. */
const split = (text: string): { readonly target: string; readonly ports: string | null } => {
  const bracketed = /^\[([^\]]+)\](\/\d+)?(?::(.+))?$/.exec(text)
  if (bracketed !== null) return { target: `${bracketed[1]}${bracketed[2] ?? ''}`, ports: bracketed[3] ?? null }
  if (text.startsWith('[')) throw new QuestionError(`\`${text}\` is no address in brackets: write \`[ADDRESS]:PORT\``)
  const prefix = text.startsWith('svc:') ? 'svc:' : ''
  const rest = text.slice(prefix.length)
  // More than one colon and no bracket: an IPv6 address without ports.
  const colon = rest.indexOf(':')
  if (colon < 0 || rest.indexOf(':', colon + 1) >= 0) return { target: text, ports: null }
  return { target: `${prefix}${rest.slice(0, colon)}`, ports: rest.slice(colon + 1) }
}

/** No ports are everything. */
const trafficOf = (text: string | null): Traffic => {
  if (text === null) return traffics.full
  const read = parseTraffic(text)
  if (read.kind === 'refused') throw new QuestionError(read.why)
  return read.value
}

const targetOf = (text: string, estate: Estate): QuestionTarget => {
  if (text.startsWith('svc:')) return ofService(serviceNamed(text.slice(4), estate))
  const address = readAddress(text)
  if (address.kind === 'read')
    return {
      kind: 'addresses',
      addresses: addressesOfCidrs([blockOf(address.value)]),
    }
  const cidr = /\/\d+$/.test(text) ? readCidr(text) : null
  if (cidr?.kind === 'read') return { kind: 'addresses', addresses: addressesOfCidrs([cidr.value]) }
  const objects = objectsNamed(text, estate)
  const [only, ...more] = objects
  if (more.length > 0)
    throw new QuestionError(
      several(
        text,
        objects.map(object => object.id),
      ),
    )
  if (only !== undefined) return only.target.kind === 'service' ? ofService(only.target.service) : only.target
  // Some readers take a name whose last label is a number for an address, each in its own way.
  const isLikeAddress = text.includes(':') || /(^|\.)(0x[0-9a-f]*|\d[\dx]*)\.?$/i.test(text)
  const name = text.includes('/') || isLikeAddress ? null : readName(text)
  if (name?.kind === 'read') return { kind: 'name', name: name.value }
  const why = cidr?.kind === 'refused' ? cidr.why : isLikeAddress ? address.why : null
  throw new QuestionError(why ?? `\`${text}\` is no address, CIDR, name or id of this estate`)
}

/** An ExternalName Service is an alias and nothing else: whoever asks for it asks for the name it stands for. */
const ofService = (service: Service): QuestionTarget => {
  const name = service.type === 'ExternalName' ? service.externalName : null
  if (name === null) return { kind: 'service', service }
  const address = readAddress(name)
  if (address.kind === 'read')
    return {
      kind: 'addresses',
      addresses: addressesOfCidrs([blockOf(address.value)]),
    }
  const read = readName(name)
  return read.kind === 'read' ? { kind: 'name', name: read.value } : { kind: 'service', service }
}

const serviceNamed = (text: string, estate: Estate): Service => {
  const all = estate.clusters.flatMap(cluster => cluster.services)
  const found = all.filter(({ ref, namespace }) =>
    [`${ref.cluster}/${namespace}/${ref.name}`, `${namespace}/${ref.name}`, ref.name].includes(text),
  )
  const [only, ...more] = found
  if (only === undefined) throw new QuestionError(`\`svc:${text}\` is no Service of this estate`)
  if (more.length > 0)
    throw new QuestionError(
      several(
        text,
        found.map(service => `svc:${service.ref.cluster}/${service.namespace}/${service.ref.name}`),
      ),
    )
  return only
}

/** Workloads before Services before single pods before nodes: `svc:` asks for the Service of a name that several have. */
const objectsNamed = (
  text: string,
  estate: Estate,
): readonly { readonly id: string; readonly target: QuestionTarget }[] => {
  const { clusters } = estate
  const kinds: readonly (readonly { readonly id: string; readonly target: QuestionTarget }[])[] = [
    clusters.flatMap(({ workloads }) =>
      workloads.map(workload => ({ id: idOf(workload.ref), target: { kind: 'workload', workload, pod: null } })),
    ),
    clusters.flatMap(({ services }) =>
      services.map(service => ({ id: idOf(service.ref), target: { kind: 'service', service } })),
    ),
    clusters.flatMap(({ workloads }) =>
      workloads.flatMap(workload =>
        workload.pods.map(pod => ({ id: idOf(pod.ref), target: { kind: 'workload', workload, pod } as const })),
      ),
    ),
    clusters.flatMap(({ nodes, name: cluster }) =>
      nodes.map(({ ref }) => ({ id: idOf(ref), target: { kind: 'node', cluster, name: ref.name } })),
    ),
  ]
  for (const objects of kinds) {
    const named = objects.filter(({ id }) => isNamed(id, text))
    if (named.length > 0) return named
  }
  return []
}

/** Whether an id is the text, or ends in it after a slash; a bare name may stand for one, too. */
export const isNamed = (id: string, text: string): boolean => {
  if (id === text || id.endsWith(`/${text}`)) return true
  const [cluster, namespace, , ...name] = id.split('/')
  const parts = text.split('/')
  return (
    (parts.length === 2 && parts[0] === namespace && parts[1] === name.join('/')) ||
    (parts.length === 3 && parts[0] === cluster && parts[1] === namespace && parts[2] === name.join('/'))
  )
}

export const several = (text: string, ids: readonly string[]): string =>
  `\`${text}\` is several: write one of ${ids.map(id => `\`${id}\``).join(', ')}`
