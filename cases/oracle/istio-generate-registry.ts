import { NAMESPACES, NAMESPACES_OFTEN } from './generate-estate.ts'
import type { MakingIstio } from './istio-generate-pods.ts'
import type { Json } from './types.ts'

type Fields = { readonly [key: string]: Json }

/** Hosts, addresses and ports that entries share, so that packets meet them. */
const HOSTS = ['api.example.com', 'www.example.com', 'db.other.test', 'files.example.com', 'mail.other.test'] as const
export const ADDRESSES = ['192.0.2.10', '192.0.2.70', '198.51.100.7', '2001:db8::10', '2001:db8:0:1::7'] as const
export const BLOCKS = ['192.0.2.64/26', '198.51.100.0/24', '192.0.2.8/30', '2001:db8:0:1::/64'] as const
export const PORTS = [80, 443, 3306, 8080, 9000] as const

export const makeEntries = (making: MakingIstio): readonly Json[] =>
  Array.from({ length: making.random.below(5) }, (_, index) => makeEntry(making, index))

const makeEntry = (making: MakingIstio, index: number): Json => {
  const { random, use } = making
  use('ServiceEntry')
  const resolution = random.pick([undefined, 'NONE', 'NONE', 'STATIC', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN'] as const)
  use(`resolution ${resolution ?? 'absent'}`)
  const isPlain = resolution === undefined || resolution === 'NONE'
  const endpoints = makeEndpoints(making, resolution)
  return {
    apiVersion: `networking.istio.io/${random.pick(['v1', 'v1beta1', 'v1alpha3'])}`,
    kind: 'ServiceEntry',
    metadata: { name: `entry${index}`, namespace: random.pick([...NAMESPACES_OFTEN, 'istio-system']) },
    spec: {
      hosts: makeHosts(making, index, isPlain),
      location: 'MESH_EXTERNAL',
      ...(resolution === undefined ? {} : { resolution }),
      ...makeAddresses(making, isPlain || resolution === 'STATIC'),
      ports: makePorts(making),
      ...(endpoints.length === 0 ? {} : { endpoints }),
      ...makeExportTo(making),
    },
  }
}

/** A host of its own most of the time: of two entries for one host the proxy may know one. */
const makeHosts = ({ random, use }: MakingIstio, index: number, isPlain: boolean): readonly string[] => {
  const own = HOSTS[index] ?? 'z.example.com'
  switch (random.pick(['own', 'own', 'own', 'own', 'shared', 'wildcard', 'two'] as const)) {
    case 'own':
      return [own]
    case 'shared':
      use('host of two entries')
      return [HOSTS[0]]
    case 'wildcard':
      // Without a resolution only: nobody could look it up.
      if (!isPlain) return [own]
      use('host with a wildcard')
      return ['*.example.com']
    case 'two':
      use('two hosts')
      return [own, `second.${own}`]
  }
}

/** Blocks only where nothing is looked up: the API refuses others. */
const makeAddresses = ({ random, use }: MakingIstio, takesBlocks: boolean): Fields => {
  const kind = random.pick(['absent', 'absent', 'address', 'address', 'block', 'two'] as const)
  if (kind === 'absent') {
    use('addresses absent')
    return {}
  }
  if (kind === 'block' && takesBlocks) {
    use('block')
    return { addresses: [random.pick(BLOCKS)] }
  }
  use(kind === 'two' ? 'two addresses' : 'address')
  return { addresses: kind === 'two' ? [...random.some(ADDRESSES, 2, 2)] : [random.pick(ADDRESSES)] }
}

/** A fixed entry has some, one that is looked up may have them. */
const makeEndpoints = ({ random, use }: MakingIstio, resolution: string | undefined): readonly Json[] => {
  if (resolution === undefined || resolution === 'NONE') return []
  if (resolution !== 'STATIC' && random.percent(60)) return []
  const isName = resolution !== 'STATIC' && random.percent(70)
  use(isName ? 'endpoint name' : 'endpoint address')
  const hasPorts = random.percent(30)
  if (hasPorts) use('endpoint with ports of its own')
  return [
    {
      address: isName ? 'eu.example.com' : random.pick(ADDRESSES),
      ...(hasPorts ? { ports: { p0: random.pick([8443, 9000]) } } : {}),
    },
  ]
}

const makePorts = ({ random, use }: MakingIstio): readonly Json[] =>
  random.some(PORTS, 1, 2).map((number, index) => {
    const protocol = random.pick([
      ...(['TCP', 'TCP', 'TCP', 'TLS', 'TLS', 'HTTPS', 'HTTP', 'HTTP'] as const),
      ...(['HTTP2', 'GRPC', 'MONGO', 'UDP', 'absent', 'lower'] as const),
    ])
    use(protocol === 'lower' ? 'protocol in lower case' : `protocol ${protocol}`)
    const hasTarget = random.percent(15)
    if (hasTarget) use('targetPort')
    return {
      number,
      name: `p${index}`,
      ...(protocol === 'absent' ? {} : { protocol: protocol === 'lower' ? 'tcp' : protocol }),
      ...(hasTarget ? { targetPort: random.pick([8443, 9000]) } : {}),
    }
  })

const makeExportTo = ({ random, use }: MakingIstio): Fields => {
  switch (random.pick(['absent', 'absent', 'own', 'all', 'some', 'some', 'nobody'] as const)) {
    case 'absent':
      use('exportTo absent')
      return {}
    case 'own':
      use('exportTo own')
      return { exportTo: ['.'] }
    case 'all':
      use('exportTo all')
      return { exportTo: ['*'] }
    case 'some':
      use('exportTo a namespace')
      return { exportTo: [...random.some(NAMESPACES, 1, 2)] }
    case 'nobody':
      use('exportTo nobody')
      return { exportTo: ['~'] }
  }
}
