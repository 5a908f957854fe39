import type { RulePolicy } from '../../model/rule.ts'
import {
  besideInterface,
  besideTheRest,
  type ClassWay,
  closingPolicy,
  endOfProfiles,
  failsafePolicy,
  type HostClass,
  hostPolicyAt,
  leavesAlone,
  mayPassBy,
  nodesNamed,
  type Seat,
  scopePolicy,
} from './host-hops.ts'

/**
 * What hosts themselves send: failsafe ports, then policies before connection tracking, which `*` does not take, then the others
 * in their tiers, then profiles. What a host sends to its own pods is never asked.
 * Source: docs.tigera.io, HostEndpoint, "Host to local workload traffic", and its note on untracked policy; felix/rules/static.go,
 * filterOutputChain; felix/dataplane/linux/endpoint_mgr.go, updateHostEndpoints.
 */
export const sentBy = ({ key, nodes, ways, failsafe }: HostClass, tunnels: boolean | null): readonly RulePolicy[] =>
  ways.flatMap((way, i) => {
    const policies = way.policies.filter(
      policy => policy.isAbout('egress') && !(way.isWhole && policy.stage === 'untracked'),
    )
    if (policies.length === 0 && endOfProfiles(way.endpoint) === 'open') return []
    const seat: Seat = {
      hop: ways.length === 1 ? null : { hop: `${key} sent ${i}`, end: 'near' },
      selects: 'nodes',
      subject: nodesNamed(nodes),
    }
    return [
      ...scopePolicy(seat, way, { egress: scopeOf(way, tunnels) }),
      ...failsafePolicy(seat, way, failsafe.egress),
      ...policies.map(policy => hostPolicyAt(seat, policy, 'egress', ['egress'])),
      ...closingPolicy(seat, way),
    ]
  })

const scopeOf = ({ isWhole, isRest, doubt }: ClassWay, tunnels: boolean | null) => [
  ...(isWhole
    ? [
        leavesAlone({ kind: 'pods', selector: { kind: 'all', of: [] }, sameNode: true }),
        ...(isRest ? besideTheRest(tunnels, 'egress') : []),
      ]
    : [
        leavesAlone({ kind: 'nodes', which: 'own', selector: { kind: 'all', of: [] } }),
        ...besideInterface(tunnels, 'egress'),
      ]),
  ...(doubt === null ? [] : [mayPassBy(doubt, { kind: 'everything' })]),
]
