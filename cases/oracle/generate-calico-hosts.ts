import { type MakingCalico, makeCalicoRule } from './generate-calico-rules.ts'
import type { EstateMade, PodMade } from './generate-estate.ts'
import { PORTS } from './generate-values.ts'
import { type End, type Json, type Packet, TCP, UDP } from './types.ts'

type Fields = { readonly [key: string]: Json }

export interface HostsMade {
  readonly objects: readonly Json[]
  readonly packets: readonly Packet[]
}

export const NO_HOSTS: HostsMade = { objects: [], packets: [] }

/** Host endpoints with policies for them, a pod on the network of a node, and packets that it sends and that nodes receive. */
export const makeCalicoHosts = (making: MakingCalico, estate: EstateMade): HostsMade => {
  const { random, use } = making
  if (!random.percent(45)) return NO_HOSTS
  const node = random.pick(estate.nodes)
  const agent: PodMade = {
    namespace: 'a',
    name: 'agent',
    node: node.name,
    hostNetwork: true,
    addresses: node.addresses.slice(0, 2),
  }
  const isWhole = random.percent(70)
  const endpoints = estate.nodes.flatMap(one => (random.percent(85) ? [makeEndpoint(making, one, isWhole)] : []))
  if (!isWhole && random.percent(40)) {
    use('HostEndpoint of the rest')
    endpoints.push(...estate.nodes.map(one => makeEndpoint(making, one, true, 'rest')))
  }
  const policies = Array.from({ length: 1 + random.below(3) }, (_, index) => makePolicy(making, index))
  if (random.percent(30)) {
    use('IPPool')
    const vxlanMode = random.pick(['Always', 'Never', 'CrossSubnet'])
    policies.push(calico('IPPool', 'pool', { cidr: '10.0.0.0/16', vxlanMode }))
  }
  if (random.percent(35)) policies.push(makeFelix(making, node.name))
  return { objects: [podObject(agent), ...endpoints, ...policies], packets: makePackets(making, estate, agent) }
}

const calico = (kind: string, name: string, spec: Fields, labels: Fields = {}): Json => ({
  apiVersion: 'projectcalico.org/v3',
  kind,
  metadata: { name, labels },
  spec,
})

const podObject = ({ namespace, name, node, addresses }: PodMade): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels: { app: 'agent' } },
  spec: { nodeName: node, hostNetwork: true, containers: [{ name: 'main', image: 'example.test/agent:1' }] },
  status: { phase: 'Running', podIP: addresses[0] ?? '', podIPs: addresses.map(ip => ({ ip })) },
})

const makeEndpoint = (
  { random, use }: MakingCalico,
  { name, addresses }: EstateMade['nodes'][number],
  isWhole: boolean,
  suffix = 'host',
): Json => {
  const profiles = random.pick([undefined, ['projectcalico-default-allow'], ['projectcalico-default-allow'], ['mine']])
  const expects = random.pick(['all', 'all', 'all', 'one', 'none'] as const)
  use(isWhole ? 'HostEndpoint of all interfaces' : 'HostEndpoint of one interface')
  use(profiles === undefined ? 'profiles absent' : profiles[0] === 'mine' ? 'profile unread' : 'profile that allows')
  use(`expectedIPs ${expects}`)
  return calico(
    'HostEndpoint',
    `${name}-${suffix}`,
    {
      node: name,
      interfaceName: isWhole ? '*' : 'eth0',
      ...(expects === 'none' ? {} : { expectedIPs: expects === 'all' ? addresses : addresses.slice(0, 1) }),
      ...(profiles === undefined ? {} : { profiles }),
    },
    { role: 'host', ...(random.percent(50) ? { app: random.pick(['web', 'db']) } : {}) },
  )
}

const makePolicy = (making: MakingCalico, index: number): Json => {
  const { random, use } = making
  const kind = random.pick(['local', 'local', 'forward', 'forward', 'forward', 'preDNAT', 'doNotTrack'] as const)
  use(`host policy ${kind}`)
  const types = kind === 'preDNAT' ? ['Ingress'] : random.pick([['Ingress'], ['Egress'], ['Ingress', 'Egress']])
  const rules = (direction: 'egress' | 'ingress'): Fields =>
    types.some(type => type.toLowerCase() === direction)
      ? { [direction]: Array.from({ length: random.below(4) }, () => makeCalicoRule(making, direction)) }
      : {}
  const order = random.pick([undefined, 1, 1000])
  return calico('GlobalNetworkPolicy', `hosts${index}`, {
    selector: random.pick(["role == 'host'", 'has(role)', "has(role) && app == 'web'", 'all()']),
    ...(order === undefined ? {} : { order }),
    ...(kind === 'local' ? {} : { applyOnForward: true }),
    ...(kind === 'preDNAT' || kind === 'doNotTrack' ? { [kind]: true } : {}),
    types,
    ...rules('egress'),
    ...rules('ingress'),
  })
}

const makeFelix = ({ random, use }: MakingCalico, node: string): Json => {
  const isOwn = random.percent(40)
  use(isOwn ? 'failsafe ports of a node' : 'failsafe ports of all nodes')
  const ports = (): readonly Json[] =>
    Array.from({ length: random.below(3) }, () => ({
      protocol: random.pick(['TCP', 'UDP']),
      port: random.pick(PORTS),
      ...(random.percent(30) ? { net: random.pick(['192.0.2.0/24', '192.168.0.0/24', 'fd00:1::/112']) } : {}),
    }))
  return calico('FelixConfiguration', isOwn ? `node.${node}` : 'default', {
    failsafeOutboundHostPorts: ports(),
    failsafeInboundHostPorts: ports(),
  })
}

const OUTSIDE = ['192.0.2.1', '192.0.2.70', '198.51.100.8', '100.64.0.1', '2001:db8::1', '2001:db9::1'] as const

const isSix = (address: string): boolean => address.includes(':')

const makePackets = ({ random, use }: MakingCalico, estate: EstateMade, agent: PodMade): readonly Packet[] =>
  Array.from({ length: 25 }, (): Packet => {
    const plain = estate.pods.filter(pod => !pod.hostNetwork)
    const ofPod = (pod: PodMade): End => ({ kind: 'pod', namespace: pod.namespace, name: pod.name })
    const outside = (): End => ({ kind: 'address', address: random.pick(OUTSIDE), resolvedFrom: null })
    const node = (): End => ({ kind: 'node', name: random.pick(estate.nodes).name })
    const make = (): readonly [End, End] => {
      switch (
        random.pick(['host out', 'host to pod', 'host to node', 'pod to pod', 'pod to node', 'pod out'] as const)
      ) {
        case 'host out':
          return [ofPod(agent), outside()]
        case 'host to pod':
          return [ofPod(agent), ofPod(random.pick(plain))]
        case 'host to node':
          return [ofPod(agent), node()]
        case 'pod to pod':
          return pairOfPods()
        case 'pod to node':
          return [ofPod(random.pick(plain)), node()]
        case 'pod out':
          return [ofPod(random.pick(plain)), outside()]
      }
    }
    use('packets through hosts')
    const pairOfPods = (): readonly [End, End] => {
      const one = random.pick(plain)
      // Pods without a family in common never meet.
      const others = plain.filter(other =>
        other.addresses.some(text => one.addresses.some(own => isSix(own) === isSix(text))),
      )
      return [ofPod(one), ofPod(random.pick(others))]
    }
    const [from, to] = make()
    return { from, to, protocol: random.pick([TCP, TCP, TCP, UDP]), port: random.pick([...PORTS, 22, 53, 2379]) }
  })
