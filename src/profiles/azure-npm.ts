import type { Profile } from '../model/profile.ts'
import { blocksOf, from, undocumented } from './parts.ts'

const AKS = 'https://learn.microsoft.com/en-us/azure/aks/use-network-policies'
const NPM = 'https://github.com/Azure/azure-container-networking/blob/master/docs/npm.md'
const CHAINS =
  'https://github.com/Azure/azure-container-networking/blob/master/npm/pkg/dataplane/policies/chain-management_linux.go'

export const azureNpm: Profile = {
  id: 'azure-npm',
  title: 'Azure Network Policy Manager',
  versions: '1.4 and later, Linux; Windows Server 2022 where the gaps say so',
  dialects: { kubernetes: 'yes', 'policy-api': 'no', cilium: 'no', calico: 'no', other: 'no' },
  blocks: blocksOf({}),
  isolation: { sctp: 'denied', icmp: 'unknown', others: 'unknown' },
  ownNode: 'allowed',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'unknown',
  notOn: [],
  gaps: ['IPv6 is not supported.', 'On Windows named ports, SCTP, negative selectors and `except` are not supported.'],
  sources: [
    ...from(NPM, 'It implements NetworkPolicy.', 'dialects'),
    ...undocumented(NPM, 'blocks'),
    ...from(AKS, 'On Linux it supports all of NetworkPolicy, so isolation denies SCTP.', 'isolation.sctp'),
    ...undocumented(CHAINS, 'isolation.icmp', 'isolation.others', 'opensAtStart'),
    ...from(
      CHAINS,
      'Its chain hangs from FORWARD alone: packets between a pod and its own node pass by it.',
      'ownNode',
      'fromOwnNode',
    ),
    ...from(CHAINS, 'FORWARD comes after the translation of destinations.', 'services'),
    ...from(AKS, 'No IPv6; four things are missing on Windows.', 'gaps'),
  ],
}
