import { field, integer, type Json, list, text } from '../../model/json.ts'
import { type Check, hit, several } from '../check.ts'
import { hostPoliciesIn } from '../host-policies.ts'

/** Source: docs.tigera.io, FelixConfiguration, `failsafeOutboundHostPorts`, of v3.32 and before. */
const BY_DEFAULT: ReadonlySet<string> = new Set([
  'UDP 53',
  'UDP 67',
  'TCP 179',
  'TCP 2379',
  'TCP 2380',
  'TCP 4001',
  'TCP 5473',
  'TCP 6443',
  'TCP 6666',
  'TCP 6667',
  'TCP 7001',
])

export const failsafePorts: Check = {
  id: 'PST-N042',
  title: 'Failsafe ports that open hosts',
  severity: 'medium',
  why: 'Failsafe ports are allowed before any policy for hosts is asked. They are there to keep a cluster alive; a port that others use, open to every address, is a way out that no policy can close.',
  remedy: 'Take the port out of `failsafeOutboundHostPorts`, or limit it to the addresses that need it with `net`.',
  references: [
    'https://docs.tigera.io/calico/latest/reference/host-endpoints/failsafe',
    'https://docs.tigera.io/calico/latest/reference/resources/felixconfig',
  ],
  *run({ cluster }) {
    // Without host endpoints nothing is closed that they would open.
    if (cluster.calico.hostEndpoints.length === 0) return
    const undone = [...new Set(hostPoliciesIn(cluster).map(({ policy }) => policy.ref.name))].sort()
    for (const felix of cluster.calico.felix) {
      const ports = openPorts(felix.settings.get('failsafeOutboundHostPorts'))
      if (ports.length === 0) continue
      yield hit(
        felix,
        `${several(ports)} ${ports.length === 1 ? 'is' : 'are'} open from hosts to every address${undone.length === 0 ? '' : `, before ${several(undone)} ${undone.length === 1 ? 'is' : 'are'} asked`}`,
        `take ${several(ports)} out of \`failsafeOutboundHostPorts\` of FelixConfiguration \`${felix.ref.name}\`, or limit it with \`net\``,
        {
          at: ['spec', 'failsafeOutboundHostPorts'],
          severity: undone.length > 0 ? 'high' : null,
          witness: `failsafeOutboundHostPorts: ${ports.join(', ')}`,
        },
      )
    }
  },
}

/** Those beyond the defaults that no net limits. */
const openPorts = (written: string | undefined): readonly string[] =>
  list(parsed(written)).flatMap(one => {
    const port = integer(field(one, 'port'))
    const net = text(field(one, 'net')) ?? ''
    const name = `${(text(field(one, 'protocol')) || 'TCP').toUpperCase()} ${port}`
    const isLimited = net !== '' && net !== '0.0.0.0/0' && net !== '::/0'
    return port === undefined || isLimited || BY_DEFAULT.has(name) ? [] : [name]
  })

/** Settings are kept as text. The form of a command line is none of the API's. */
const parsed = (written: string | undefined): Json | undefined => {
  if (written === undefined) return undefined
  try {
    return JSON.parse(written) as Json
  } catch {
    return undefined
  }
}
