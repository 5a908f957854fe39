import type { ExitsMap, MapExit, MapLink } from '../../model/exits-map.ts'

/** A hand-written map for the tests of the report: three clusters, an exit that two share, one of the provider, one not known. */

const exit = (kind: MapExit['kind'], id: string | null, workloads: number, parts: Partial<MapExit> = {}): MapExit => ({
  kind,
  id,
  cluster: null,
  addresses: [],
  moreAddresses: 0,
  unknowns: [],
  workloads,
  ...parts,
})

const link = (source: number, to: number, workloads: number, parts: Partial<MapLink> = {}): MapLink => ({
  source,
  exit: to,
  state: 'declared',
  workloads,
  perhaps: 0,
  toward: ['internet'],
  ...parts,
})

export const sampleExits: ExitsMap = {
  networkWasRead: true,
  intents: 4,
  workloads: 76,
  leaving: 60,
  leftOut: 0,
  exits: [
    exit('unknown', null, 12, {
      unknowns: [{ stage: 'fabric', why: 'the subnet `subnet-9` was not read', settledBy: 'the document of it' }],
    }),
    exit('nat', 'aws:nat-gateway/nat-0ab', 45, { addresses: ['198.51.100.1', '198.51.100.2'] }),
    exit('provider-managed', null, 3, { cluster: 'gke-data' }),
  ],
  scenes: [
    {
      cluster: null,
      sources: [
        { name: 'aks-prod-us', workloads: 30, leaving: 20 },
        { name: 'eks-prod-eu', workloads: 40, leaving: 37 },
        { name: 'gke-data', workloads: 6, leaving: 3 },
      ],
      links: [
        link(0, 0, 12, { state: 'unjudged', perhaps: 12, toward: ['internet', 'names'] }),
        link(0, 1, 8),
        link(1, 1, 5, { state: 'undeclared', perhaps: 2, toward: ['internet', 'metadata'] }),
        link(1, 1, 32),
        link(2, 2, 3, { toward: ['private'] }),
      ],
    },
    {
      cluster: 'gke-data',
      sources: [{ name: 'jobs', workloads: 6, leaving: 3 }],
      links: [link(0, 2, 3, { toward: ['private'] })],
    },
  ],
}

export const hostileExits = (texts: readonly string[]): ExitsMap => ({
  ...sampleExits,
  exits: texts.map(text =>
    exit('nat', text, 1, {
      cluster: text,
      addresses: [text],
      unknowns: [{ stage: text, why: text, settledBy: text }],
    }),
  ),
  scenes: [
    {
      cluster: texts[0] ?? '',
      sources: texts.map(name => ({ name, workloads: 1, leaving: 1 })),
      links: texts.map((text, i) => link(i, i, 1, { toward: [text] })),
    },
  ],
})
