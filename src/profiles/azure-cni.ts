import { noPolicy } from './no-policy.ts'

export const azureCni = noPolicy({
  id: 'azure-cni',
  title: 'Azure CNI without a network policy engine',
  versions: 'AKS, networkPolicy none',
  gaps: ['With networkPolicy azure, calico or cilium the profile is that engine’s.'],
  says: 'Where no network policy engine is chosen, which is the default, policies are not enforced.',
  url: 'https://learn.microsoft.com/en-us/javascript/api/@azure/arm-containerservice/knownnetworkpolicy',
})
