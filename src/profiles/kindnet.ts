import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from } from './parts.ts'

const RELEASE = 'https://github.com/kubernetes-sigs/kind/releases/tag/v0.24.0'
const ENGINE = 'https://github.com/kubernetes-sigs/kube-network-policies/blob/main/pkg/networkpolicy/networkpolicy.go'
const CONTROLLER = 'https://github.com/kubernetes-sigs/kube-network-policies/blob/main/pkg/networkpolicy/controller.go'
const FROM_NODE = 'https://github.com/kubernetes-sigs/kube-network-policies/pull/66'
const TO_NODE = 'https://github.com/kubernetes-sigs/kube-network-policies/issues/283'

export const kindnet: Profile = {
  id: 'kindnet',
  title: 'kindnet, with kube-network-policies inside',
  versions: 'kind 0.24 and later',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'no', calico: 'no', other: 'no' },
  blocks: blocksOf({ kubernetes: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'unknown', others: 'unknown' },
  ownNode: 'unknown',
  fromOwnNode: 'unknown',
  services: 'after',
  opensAtStart: 'yes',
  notOn: [],
  gaps: ['Before kind 0.24 no policy is enforced.'],
  sources: [
    ...from(RELEASE, 'From 0.24 on NetworkPolicy is enforced, by kube-network-policies.', 'dialects', 'gaps'),
    ...from(
      CONTROLLER,
      'The newer kinds are options of the engine; which of them kindnet sets was not found.',
      'dialects.policy-api',
    ),
    ...from(ENGINE, 'A block is compared with the packet’s address, whoever has it.', 'blocks.kubernetes'),
    ...from(ENGINE, 'Dialects that it does not read mean nothing to it.', 'blocks'),
    ...from(ENGINE, 'SCTP is parsed and judged like TCP and UDP.', 'isolation.sctp'),
    ...from(
      CONTROLLER,
      'A protocol that cannot be parsed gets the default: accepted or dropped by a setting, and which can differs by version.',
      'isolation.icmp',
      'isolation.others',
    ),
    ...from(
      TO_NODE,
      'Pods were seen to reach their own node despite policy; closed, and the outcome was not found.',
      'ownNode',
    ),
    ...from(FROM_NODE, 'Exempt by source address or by user, depending on the version.', 'fromOwnNode'),
    ...from(CONTROLLER, 'It looks at packets after routing, and so after destinations are translated.', 'services'),
    ...from(
      CONTROLLER,
      'Only pods whose address the API server already tells are in the set of those to look at.',
      'opensAtStart',
    ),
  ],
}
