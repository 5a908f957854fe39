import { type Check, hit } from '../check.ts'

/** Felix settings that open a way past policy, with the value that does. Source: docs.tigera.io, FelixConfiguration. */
const OPENING: readonly (readonly [string, string, string, 'high' | 'medium'])[] = [
  ['defaultEndpointToHostAction', 'Accept', 'pods reach their own node past its policy', 'medium'],
  [
    'chainInsertMode',
    'Append',
    'rules that stand before Calico’s own are obeyed first, so policy can be stepped over by whatever writes iptables',
    'medium',
  ],
  [
    'allowVXLANPacketsFromWorkloads',
    'true',
    'pods may send VXLAN themselves, and put packets into the overlay past policy',
    'high',
  ],
  [
    'allowIPIPPacketsFromWorkloads',
    'true',
    'pods may send IP-in-IP themselves, and put packets into the overlay past policy',
    'high',
  ],
  ['workloadSourceSpoofing', 'Any', 'a pod’s own annotation lets it send with any source address', 'high'],
]

/** Which program enforces policy on a node; a node's own value wins, also one that a CRD's default put there. */
const PROGRAMMING = ['bpfEnabled', 'nftablesMode', 'iptablesBackend']

export const felixOpens: Check = {
  id: 'PST-N025',
  title: 'Calico setting that opens a way past policy',
  severity: 'medium',
  why: 'A few Felix settings decide whether policy sees a packet at all. They are set once, for the whole cluster, and no policy shows them.',
  remedy: 'Set them back to their defaults in the FelixConfiguration.',
  references: ['https://docs.tigera.io/calico/latest/reference/resources/felixconfig'],
  *run({ cluster }) {
    const global = cluster.calico.felix.find(felix => felix.scope === 'default')
    for (const felix of cluster.calico.felix) {
      for (const name of felix === global ? [] : PROGRAMMING) {
        const own = felix.settings.get(name)
        const wanted = global?.settings.get(name)
        if (own === undefined || wanted === undefined || own === wanted) continue
        yield hit(
          felix,
          `\`${name}: ${own}\` overrides the cluster’s \`${wanted}\` on this node: its policy is programmed otherwise`,
          `remove \`${name}\` from FelixConfiguration \`${felix.ref.name}\``,
          { at: ['spec', name], key: `override ${name}`, witness: `${name}: ${own}` },
        )
      }
      for (const [name, value, opens, severity] of OPENING) {
        if (felix.settings.get(name)?.toLowerCase() !== value.toLowerCase()) continue
        yield hit(
          felix,
          `\`${name}: ${value}\`: ${opens}`,
          `remove \`${name}\` from FelixConfiguration \`${felix.ref.name}\``,
          { at: ['spec', name], key: name, severity, witness: `${name}: ${value}` },
        )
      }
    }
  },
}
