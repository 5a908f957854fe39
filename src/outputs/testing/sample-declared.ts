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

/** One namespace with a way of every state, one where everything is met, and pools of nodes that are held differently. */
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
  nodes: [
    {
      cluster: 'eks-prod-eu',
      pools: [
        {
          pool: 'general',
          nodes: ['ip-10-0-1-11', 'ip-10-0-1-12'],
          hold: 'policy',
          ways: [way('undeclared', '203.0.113.64-203.0.113.95', '443'), way('met', 'updates.vendor.example', '443')],
        },
        {
          pool: 'spot',
          nodes: ['ip-10-0-2-21'],
          hold: 'nothing',
          ways: [
            { ...way('undeclared', 'everywhere that the network leads', '1-65535'), state: 'unheld', severity: null },
            way('unheld', 'updates.vendor.example', '443'),
          ],
        },
        { pool: null, nodes: ['ip-10-0-3-31'], hold: 'firewall', ways: [] },
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
    groups: [{ workloads: [text], ways: [hostileWay(text)] }],
  })),
  nodes: texts.map(text => ({
    cluster: text,
    pools: [{ pool: text, nodes: [text], hold: 'unknown', ways: [hostileWay(text)] }],
  })),
})

const hostileWay = (text: string): PictureWay => ({
  ...way('broken', text, '443'),
  intent: text,
  owner: text,
  via: text,
})
