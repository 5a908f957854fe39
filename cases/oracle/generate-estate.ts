import type { Use } from './constructs.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

/** Few labels and few addresses, so that most rules hit something. */
export const NAMESPACES = ['a', 'b', 'c'] as const
/** The third namespace is not in every world. */
export const NAMESPACES_OFTEN = ['a', 'a', 'a', 'b', 'b', 'b', 'c'] as const
export const NODES = ['n1', 'n2', 'n3'] as const
export const TEAMS = ['x', 'y'] as const
export const APPS = ['web', 'db', 'api'] as const
export const PORT_NAMES = ['http', 'dns', 'signal'] as const

export interface PodMade {
  readonly namespace: string
  readonly name: string
  readonly node: string
  readonly hostNetwork: boolean
  readonly addresses: readonly string[]
}

export interface EstateMade {
  readonly objects: readonly Json[]
  /** Pods that send and receive, those on the host's network among them. */
  readonly pods: readonly PodMade[]
  readonly nodes: readonly { readonly name: string; readonly addresses: readonly string[] }[]
  /** Addresses that are somebody's, finished pods' included: no packet is aimed at them as addresses. */
  readonly taken: readonly string[]
}

export const makeEstate = (random: Random, use: Use<'estate'>): EstateMade => {
  const namespaces = NAMESPACES.slice(0, 2 + random.below(2)).map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: {
        'kubernetes.io/metadata.name': name,
        ...(random.percent(80) ? { team: random.pick(TEAMS) } : {}),
        ...(random.percent(50) ? { env: random.pick(['dev', 'prod']) } : {}),
      },
    },
  }))
  const nodes = NODES.slice(0, 2 + random.below(2)).map((name, index) => {
    const outside = index === 2 || random.percent(20)
    if (outside) use('node ExternalIP')
    const addresses = [`192.168.0.${11 + index}`, `fd00:1::${11 + index}`, ...(outside ? [`203.0.113.${index}`] : [])]
    return { name, addresses, labels: { pool: random.pick(['main', 'edge']) } }
  })
  const pods = Array.from({ length: 4 + random.below(5) }, (_, index) =>
    makePod(random, use, index, namespaces.length, nodes),
  )
  return {
    objects: [
      ...namespaces,
      ...nodes.map(({ name, addresses, labels }) => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels },
        status: {
          addresses: [
            { type: 'Hostname', address: name },
            ...addresses.map(address => ({
              type: address.startsWith('203.') ? 'ExternalIP' : 'InternalIP',
              address,
            })),
          ],
        },
      })),
      ...pods.map(pod => pod.object),
    ],
    pods: pods.filter(pod => pod.sends).map(pod => pod.made),
    nodes,
    taken: [...nodes.flatMap(node => node.addresses), ...pods.flatMap(pod => pod.made.addresses)],
  }
}

interface Made {
  readonly made: PodMade
  readonly sends: boolean
  readonly object: Json
}

const makePod = (
  random: Random,
  use: Use<'estate'>,
  index: number,
  namespaces: number,
  nodes: readonly { readonly name: string; readonly addresses: readonly string[] }[],
): Made => {
  const namespace = NAMESPACES[random.below(namespaces)] ?? 'a'
  const node = random.pick(nodes)
  const name = `p${index}`
  // The first two are always ordinary pods, so that there is somebody to talk to.
  const kind = index < 2 ? 'plain' : random.pick(['plain', 'plain', 'plain', 'plain', 'host', 'finished', 'pending'])
  const own = {
    dual: [`10.0.0.${index + 1}`, `fd00:a::${index + 1}`],
    four: [`10.0.0.${index + 1}`],
    six: [`fd00:a::${index + 1}`],
  }
  const stack = random.pick(['dual', 'dual', 'four', 'six'] as const)
  if (kind === 'plain') use(({ dual: 'pod dual-stack', four: 'pod IPv4 only', six: 'pod IPv6 only' } as const)[stack])
  if (kind === 'host') use('pod hostNetwork')
  const phase =
    kind === 'finished' ? random.pick(['Succeeded', 'Failed'] as const) : kind === 'pending' ? 'Pending' : 'Running'
  if (phase === 'Succeeded') use('pod Succeeded')
  if (phase === 'Failed') use('pod Failed')
  if (phase === 'Pending') use('pod without address')
  const addresses = kind === 'pending' ? [] : kind === 'host' ? node.addresses.slice(0, 2) : own[stack]
  return {
    made: { namespace, name, node: node.name, hostNetwork: kind === 'host', addresses },
    sends: kind === 'plain' || kind === 'host',
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace,
        name,
        labels: {
          ...(random.percent(90) ? { app: random.pick(APPS) } : {}),
          ...(random.percent(40) ? { tier: random.pick(['front', 'back']) } : {}),
        },
      },
      spec: {
        nodeName: node.name,
        serviceAccountName: 'default',
        ...(kind === 'host' ? { hostNetwork: true } : {}),
        containers: [{ name: 'main', image: 'example.test/main:1', ports: makePorts(random, use) }],
      },
      status: {
        phase,
        ...(addresses.length > 0 ? { podIP: addresses[0] ?? '', podIPs: addresses.map(ip => ({ ip })) } : {}),
      },
    },
  }
}

const makePorts = (random: Random, use: Use<'estate'>): readonly Json[] => {
  const ports: Json[] = []
  if (random.percent(70)) {
    const written = random.percent(60)
    use(written ? 'container port TCP' : 'container port without protocol')
    ports.push({ name: 'http', containerPort: random.pick([80, 8080]), ...(written ? { protocol: 'TCP' } : {}) })
  }
  if (random.percent(40)) {
    use('container port UDP')
    ports.push({ name: 'dns', containerPort: 53, protocol: 'UDP' })
  }
  if (random.percent(25)) {
    use('container port SCTP')
    ports.push({ name: 'signal', containerPort: 3868, protocol: 'SCTP' })
  }
  return ports
}
