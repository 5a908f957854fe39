import type { DeclaredPicture, PictureWay } from '../../model/declared-picture.ts'

const way = (state: PictureWay['state'], place: string, ports: string): PictureWay => ({
  state,
  place,
  traffic: [{ protocol: 'TCP', ports }],
  severity: state === 'undeclared' ? 'high' : null,
  intent: state === 'undeclared' ? null : 'default/EgressIntent/payments',
  owner: state === 'undeclared' ? null : 'team-payments',
  via: null,
  until: state === 'undeclared' ? null : '2027-02-01',
})

/** One namespace with a way of every state, and one where everything is met. */
export const sampleDeclared: DeclaredPicture = {
  intents: 2,
  namespaces: [
    {
      cluster: 'eks-prod-eu',
      namespace: 'ledger',
      groups: [
        {
          workloads: ['eks-prod-eu/ledger/Deployment/ledger'],
          ways: [way('met', '203.0.113.0-203.0.113.31', '443')],
        },
      ],
    },
    {
      cluster: 'eks-prod-eu',
      namespace: 'payments',
      groups: [
        {
          workloads: ['eks-prod-eu/payments/Deployment/api', 'eks-prod-eu/payments/Deployment/worker'],
          ways: [
            way('undeclared', 'every address of the IPv4 internet', '443'),
            way('broken', 'files.partner.example', '22'),
            way('partly', '198.51.100.0-198.51.100.255', '443,8443'),
            way('open', 'api.partner.example', '443'),
            way('met', 'api.stripe.example', '443'),
          ],
        },
        { workloads: ['eks-prod-eu/payments/Deployment/vault'], ways: [] },
      ],
    },
  ],
}

/** The same with a text of somebody else's in every place. */
export const hostileDeclared = (texts: readonly string[]): DeclaredPicture => ({
  intents: texts.length,
  namespaces: texts.map(text => ({
    cluster: text,
    namespace: text,
    groups: [{ workloads: [text], ways: [{ ...way('broken', text, '443'), intent: text, owner: text, via: text }] }],
  })),
})
