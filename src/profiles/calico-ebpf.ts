import type { Profile } from '../model/profile.ts'
import { calicoIptables } from './calico-iptables.ts'
import { BY_ADDRESS, blocksOf, from } from './parts.ts'

const TC = 'https://github.com/projectcalico/calico/blob/v3.32.0/felix/bpf-gpl/tc.c'
const POLICY = 'https://github.com/projectcalico/calico/blob/v3.32.0/felix/bpf/polprog/pol_prog_builder.go'
const HOSTS = 'https://docs.tigera.io/calico/latest/network-policy/hosts/protect-hosts'
const OVERVIEW = 'https://docs.tigera.io/calico/latest/reference/host-endpoints/overview'

export const calicoEbpf: Profile = {
  id: 'calico-ebpf',
  title: 'Calico, eBPF dataplane',
  versions: '3.29 to 3.32, open source',
  dialects: calicoIptables.dialects,
  blocks: blocksOf({ kubernetes: BY_ADDRESS, 'policy-api': BY_ADDRESS, calico: BY_ADDRESS }),
  isolation: { sctp: 'denied', icmp: 'denied', others: 'denied' },
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'no',
  notOn: [],
  gaps: calicoIptables.gaps,
  sources: [
    ...calicoIptables.sources.filter(source => /^(dialects|blocks|gaps)/.test(source.of)),
    ...from(
      POLICY,
      'The end of a tier is a rule without a match, so it drops every protocol; so does what no profile takes.',
      'isolation',
    ),
    ...from(
      TC,
      'The workload’s policy runs first; DefaultEndpointToHostAction may then drop what goes to the host.',
      'ownNode',
    ),
    ...from(HOSTS, 'It allows what the host opens towards the workloads on it, for health checks.', 'fromOwnNode'),
    ...from(TC, 'The backend is chosen first, and policy is given the translated destination.', 'services'),
    ...from(
      OVERVIEW,
      'A workload’s interface is blocked until it is known and its policy is in place.',
      'opensAtStart',
    ),
  ],
}
