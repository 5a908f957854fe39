import type { Profile } from '../model/profile.ts'
import { cilium } from './cilium.ts'
import { blocksOf, from, undocumented } from './parts.ts'

const AKS = 'https://learn.microsoft.com/en-us/azure/aks/azure-cni-powered-by-cilium'

export const azureCilium: Profile = {
  id: 'azure-cilium',
  title: 'Azure CNI powered by Cilium',
  versions: 'AKS, as documented in 2026',
  dialects: { kubernetes: 'yes', 'policy-api': 'unknown', cilium: 'yes', calico: 'no', other: 'no' },
  blocks: blocksOf({ kubernetes: { pods: 'no', nodes: 'no' }, cilium: { pods: 'no', nodes: 'no' } }),
  isolation: cilium.isolation,
  appliesUnclaimed: true,
  ownNode: 'policy',
  fromOwnNode: 'allowed',
  services: 'after',
  opensAtStart: 'no',
  notOn: ['windows'],
  gaps: [
    'Rules about names and layer 7 work only with Advanced Container Networking Services.',
    'The agent’s settings cannot be changed but for labels that identities leave out.',
  ],
  sources: [
    ...from(
      'https://github.com/cilium/cilium/blob/main/pkg/policy/k8s/network_policy.go',
      'Rules of a NetworkPolicy are taken as they stand; policyTypes only adds a closed direction that has none.',
      'appliesUnclaimed',
    ),
    ...from(
      AKS,
      'NetworkPolicy, CiliumNetworkPolicy for layers 3 and 4, and CiliumClusterwideNetworkPolicy are supported; others are not on its list.',
      'dialects',
    ),
    ...undocumented(AKS, 'dialects.policy-api', 'blocks.policy-api'),
    ...from(
      AKS,
      'A block cannot select the address of a pod or node; 0.0.0.0/0 leaves both blocked.',
      'blocks.kubernetes',
      'blocks.cilium',
    ),
    ...from(AKS, 'Dialects that it does not read mean nothing to it.', 'blocks.calico', 'blocks.other'),
    ...from(AKS, 'No rule for NetworkPolicy reaches the address of a node; the host entity of Cilium does.', 'ownNode'),
    ...from(AKS, 'Linux only.', 'notOn'),
    ...from(AKS, 'Names and layer 7 are features of another product; the ConfigMap is managed.', 'gaps'),
    ...cilium.sources.filter(source => /^(isolation|fromOwnNode|services|opensAtStart)/.test(source.of)),
  ],
}
