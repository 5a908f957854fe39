import type { Use } from './constructs.ts'
import { PORT_NAMES } from './generate-estate.ts'
import { NAMES, PORTS, RANGES } from './generate-values.ts'
import type { Random } from './random.ts'
import type { Json } from './types.ts'

export interface Making {
  readonly random: Random
  readonly use: Use<'cilium'>
  readonly useEstate: Use<'estate'>
}

/** Of a toFQDNs entry or a DNS rule. */
export const makeName = ({ random, use }: Making): Json => {
  if (random.percent(50)) {
    use('peer FQDNs matchName')
    return { matchName: random.pick(NAMES) }
  }
  use('peer FQDNs matchPattern')
  return { matchPattern: random.pick(['*.example.com', 'a*.example.com', '**.example.com', '*']) }
}

/** `toPorts` or `icmps`, or nothing. `plain`: without anything for the proxy. */
export const makeCiliumPorts = (
  making: Making,
  { egress, plain }: { readonly egress: boolean; readonly plain: boolean },
): { readonly [key: string]: Json } => {
  const { random, use } = making
  const always = ['absent', 'absent', 'ports', 'ports', 'ports', 'icmps'] as const
  const proxied = plain ? [] : (['http', 'names', ...(egress ? (['dns', 'dns', 'dns'] as const) : [])] as const)
  switch (random.pick([...always, ...proxied])) {
    case 'absent':
      use('ports absent')
      return {}
    case 'ports':
      return { toPorts: [{ ports: Array.from({ length: 1 + random.below(2) }, () => makePort(making)) }] }
    case 'icmps':
      return { icmps: [{ fields: [makeIcmp(making)] }] }
    case 'http':
      use('rules http')
      return { toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] }
    case 'names':
      use('serverNames')
      return { toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['www.example.com'] }] }
    case 'dns': {
      const every = random.percent(40)
      use(every ? 'rules dns for every name' : 'rules dns')
      const dns = every ? [{ matchPattern: '*' }] : [makeName(making)]
      return { toPorts: [{ ports: [{ port: '53', protocol: random.pick(['ANY', 'UDP']) }], rules: { dns } }] }
    }
  }
}

const makePort = ({ random, use }: Making): Json => {
  const protocol = random.pick([undefined, 'ANY', 'TCP', 'TCP', 'UDP', 'SCTP'] as const)
  use(protocol === undefined ? 'protocol absent' : `protocol ${protocol}`)
  const written = protocol === undefined ? {} : { protocol }
  switch (random.pick(['number', 'number', 'range', 'zero', 'named'] as const)) {
    case 'number':
      use('port number')
      return { port: String(random.pick(PORTS)), ...written }
    case 'range': {
      use('port range')
      const [port, endPort] = random.pick(RANGES)
      return { port: String(port), endPort, ...written }
    }
    case 'zero':
      use('port zero')
      return { port: '0', ...written }
    case 'named':
      use('port named')
      return { port: random.pick(PORT_NAMES), ...written }
  }
}

const makeIcmp = ({ random, use }: Making): Json => {
  if (random.percent(40)) {
    use('icmps IPv6')
    return { family: 'IPv6', type: random.pick([128, 'EchoRequest', 2]) }
  }
  const type = random.pick([8, 0, 3, 'EchoRequest', 'EchoReply'] as const)
  use(typeof type === 'number' ? 'icmps number' : 'icmps name')
  return { ...(random.percent(50) ? { family: 'IPv4' } : {}), type }
}
