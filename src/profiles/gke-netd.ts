import { noPolicy } from './no-policy.ts'

export const gkeNetd = noPolicy({
  id: 'gke-netd',
  title: 'GKE’s older dataplane without network policy',
  versions: 'GKE, datapath legacy',
  gaps: ['With network policy enforcement enabled the older dataplane runs Calico: then the profile is Calico’s.'],
  says: 'On the older dataplane policy is enforced by Calico, where the cluster enables it.',
  url: 'https://cloud.google.com/kubernetes-engine/docs/concepts/dataplane-v2',
})
