import { noPolicy } from './no-policy.ts'

export const flannel = noPolicy({
  id: 'flannel',
  title: 'Flannel',
  versions: 'every version, on its own',
  gaps: [
    'From 0.25.5 its chart can add kube-network-policies (netpol.enabled), and others bring a controller of their own beside it, as k3s does: then that one’s profile holds.',
  ],
  says: 'Policy is not its business; from 0.25.5 another controller can be deployed with it.',
  url: 'https://github.com/flannel-io/flannel/blob/master/Documentation/netpol.md',
})
