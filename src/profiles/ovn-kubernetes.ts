import type { Profile } from '../model/profile.ts'
import { BY_ADDRESS, blocksOf, from, undocumented } from './parts.ts'

const REPOSITORY = 'https://github.com/ovn-kubernetes/ovn-kubernetes/blob/master'
const ADMIN = `${REPOSITORY}/docs/features/network-security-controls/admin-network-policy.md`
const POLICY = `${REPOSITORY}/go-controller/pkg/ovn/base_network_controller_policy.go`
const GRESS = `${REPOSITORY}/go-controller/pkg/ovn/gress_policy.go`
const ACL = `${REPOSITORY}/go-controller/pkg/libovsdb/util/acl.go`
const OPENSHIFT =
  'https://docs.redhat.com/en/documentation/openshift_container_platform/4.21/html/network_security/network-policy'

export const ovnKubernetes: Profile = {
  id: 'ovn-kubernetes',
  title: 'OVN-Kubernetes',
  versions: 'OpenShift 4.14 to 4.21, upstream 1.0 and later',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'no', calico: 'no', other: 'unknown' },
  blocks: blocksOf({ kubernetes: BY_ADDRESS, 'policy-api': BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'unknown' },
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'unknown',
  notOn: [],
  gaps: [
    'AdminNetworkPolicy and BaselineAdminNetworkPolicy are enforced unless switched off, with priorities 0 to 99 only; nothing was found on ClusterNetworkPolicy.',
    'EgressFirewall is a kind of its own, with rules of its own.',
  ],
  sources: [
    ...from(OPENSHIFT, 'NetworkPolicy is enforced.', 'dialects'),
    ...from(
      ADMIN,
      'AdminNetworkPolicy v1alpha1 is on by default; priorities over 99 are not supported. ClusterNetworkPolicy is not named.',
      'dialects.policy-api',
      'gaps',
    ),
    ...from(ADMIN, 'Its own EgressFirewall belongs to no dialect that is read here.', 'dialects.other', 'gaps'),
    ...from(GRESS, 'A block is a match on the packet’s address, whoever has it.', 'blocks.kubernetes'),
    ...from(ADMIN, 'Addresses of pods, nodes and networks go into one set for a rule.', 'blocks.policy-api'),
    ...from(POLICY, 'Dialects that it does not read mean nothing to it.', 'blocks'),
    ...from(OPENSHIFT, 'Policy applies to TCP, UDP, ICMP and SCTP.', 'isolation.sctp', 'isolation.icmp'),
    ...from(
      OPENSHIFT,
      'Other protocols are not affected, it says; the rule that denies names no protocol. The two do not agree.',
      'isolation.others',
    ),
    ...from(
      POLICY,
      'Denial hangs on the pod’s own port and leaves nothing out; an exception for the node exists for what comes from it only.',
      'ownNode',
      'fromOwnNode',
    ),
    ...from(ACL, 'Egress rules apply after load balancing, so they see the endpoint.', 'services'),
    ...undocumented(POLICY, 'opensAtStart'),
  ],
}
