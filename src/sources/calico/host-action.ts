import type { FelixSettings } from '../../model/dialects.ts'
import { sourcedOf } from '../../model/provenance.ts'
import { type Doubt, EVERY, type RulePolicy, type Selector } from '../../model/rule.ts'
import type { Workload } from '../../model/workload.ts'
import { icmpMessages } from '../../sets/icmp-set.ts'
import { ICMPV6 } from '../../sets/protocol.ts'
import { icmpTraffic, traffics, unionOfTraffics } from '../../sets/traffic.ts'
import { both, silent, trafficOf } from '../kubernetes/rule-parts.ts'
import { nodesNamed } from './host-hops.ts'

const KEY = 'defaultEndpointToHostAction'
const VARIABLE = 'FELIX_DEFAULTENDPOINTTOHOSTACTION'

/**
 * What becomes of packets that a pod sends to its own host, after the pod's policies: with Drop none arrives. Only what is written
 * is taken: where nothing is, the default is Drop, and installers set another one where these documents may not show it.
 * A variable of the agent comes before every setting, and settings of a node before those of all.
 * Source: docs.tigera.io, FelixConfiguration, `defaultEndpointToHostAction`; felix/rules/static.go, filterWorkloadToHostChain;
 * felix/config, Source; docs.tigera.io, "Protect hosts", "Default behavior of workload to host traffic".
 */
export const lowerHostAction = (
  felix: readonly FelixSettings[],
  workloads: readonly Workload[],
): readonly RulePolicy[] => {
  const having = felix.filter(({ settings }) => settings.has(KEY))
  const agents = workloads.filter(({ ref }) => ref.kind === 'DaemonSet' && /^(calico-node|canal)$/.test(ref.name))
  const variables = agents.flatMap(({ shape }) =>
    shape.containers.flatMap(({ env }) => env.filter(({ name }) => name === VARIABLE)),
  )
  // The variable decides, whatever it is: one that drops is told by nothing that a policy could be read from.
  if (having.length === 0 || variables.length > 0) return []
  const doubt = agents.length === 0 ? AGENT_UNREAD : null
  const nodesOf = (some: readonly FelixSettings[]): readonly string[] =>
    some.flatMap(({ scope }) => (scope.startsWith('node.') ? [scope.slice('node.'.length)] : []))
  const own = nodesOf(having)
  return having.filter(isDrop).flatMap((one): readonly RulePolicy[] => {
    const mine = nodesOf([one])
    if (mine.length > 0) return [dropping(one, nodesNamed(mine), doubt)]
    if (one.scope !== 'default') return []
    return [dropping(one, own.length === 0 ? EVERY : both({ kind: 'not', of: nodesNamed(own) }), doubt)]
  })
}

const isDrop = ({ settings }: FelixSettings): boolean => settings.get(KEY)?.toLowerCase() === 'drop'

const dropping = (of: FelixSettings, subject: Selector, doubt: Doubt | null): RulePolicy => ({
  ...sourcedOf(of),
  dialect: 'calico',
  place: {
    tier: 'hop',
    hop: 'own host',
    end: 'near',
    within: { tier: 'calico', name: 'own host', tierOrder: 0, end: 'pass', order: 0, names: [KEY] },
  },
  selects: 'passing',
  subject,
  egress: {
    rules: [
      {
        action: 'deny',
        peers: [{ kind: 'nodes', which: 'own', selector: EVERY }],
        traffic: STOPPED,
        limit: null,
        at: ['spec', KEY],
        doubt,
      },
    ],
    isolates: false,
    isolatesAt: ['spec'],
  },
  ingress: silent('ingress'),
  inert: null,
})

/** Neighbour discovery and multicast listening are let in before anything is asked. Source: felix/rules/static.go, ICMPv6Filter. */
const STOPPED = trafficOf(
  traffics.subtract(
    traffics.full,
    unionOfTraffics(
      [130, 131, 132, 133, 135, 136].flatMap(type => {
        const read = icmpMessages(type, null)
        return read.kind === 'read' ? [icmpTraffic(ICMPV6, read.value)] : []
      }),
    ),
  ),
)

const AGENT_UNREAD: Doubt = {
  level: 'unknown',
  why: 'a variable of the agent may say otherwise than the setting, and the agent was not read',
  settledBy: 'the DaemonSet `calico-node`, with its variables',
}
