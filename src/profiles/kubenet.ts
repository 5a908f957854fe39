import { noPolicy } from './no-policy.ts'

export const kubenet = noPolicy({
  id: 'kubenet',
  title: 'kubenet, or any plugin without a policy engine',
  versions: 'every version, on its own',
  gaps: ['Calico can be deployed for policy on top: then the profile is Calico’s.'],
  says: 'A policy without a controller that implements it has no effect.',
  url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
})
