import type { DiffResult, RegionChange } from '../../model/diff.ts'
import type { ReachTarget } from '../../model/reach.ts'
import { HOSTILE, sampleCoverage } from './sample-findings.ts'

/** Hand-written differences for the tests of the renderers. */

export const change = (workload: string, to: ReachTarget, parts: Partial<RegionChange> = {}): RegionChange => ({
  workload,
  variant: null,
  to,
  traffic: [{ protocol: 'TCP', ports: '443' }],
  verdict: 'allowed',
  enforcement: 'enforced',
  exit: { kind: to.kind === 'addresses' ? 'unknown' : 'in-cluster', id: null, sourceAddresses: [] },
  because: [
    {
      kind: 'rule',
      object: 'prod/shop/NetworkPolicy/web',
      file: 'np.yaml',
      line: 12,
      rule: 'spec.egress[0]',
      says: 'egress rule allows',
    },
  ],
  unknowns: [],
  witness: '10.244.1.9 -> 1.1.1.1:443/TCP',
  ...parts,
})

export const diffResult = (parts: Partial<DiffResult>): DiffResult => ({
  schema: 'postern.dev/diff/v1',
  before: 'monday',
  after: 'friday',
  gained: [],
  lost: [],
  exitChanged: [],
  inventory: { changes: [], opened: 0, closed: 0 },
  unknowns: [],
  coverage: { before: sampleCoverage, after: sampleCoverage },
  diagnostics: [],
  ...parts,
})

const addresses = (zone: string, ...ranges: readonly string[]): ReachTarget => ({ kind: 'addresses', zone, ranges })

export const sampleDiff: DiffResult = diffResult({
  gained: [
    change('prod/shop/Deployment/api', { kind: 'workloads', ids: ['prod/shop/StatefulSet/db'] }),
    change('prod/shop/Deployment/cron', addresses('internet', '21.0.0.0-21.255.255.255'), {
      verdict: 'unknown',
      enforcement: 'unknown',
      unknowns: [{ stage: 'pod-policy', why: 'labels that were not read', settledBy: 'the Namespace documents' }],
    }),
    change('prod/shop/Deployment/web', addresses('internet', '21.0.0.0-21.255.255.255')),
    change('prod/shop/Deployment/web', addresses('metadata', '169.254.169.254')),
    change('prod/shop/Deployment/web', { kind: 'names', patterns: ['*.example.com'] }),
  ],
  lost: [change('prod/shop/Deployment/old', addresses('private', '10.0.0.0-10.255.255.255'), { variant: 'old-1' })],
  exitChanged: [
    {
      workload: 'prod/shop/Deployment/web',
      variant: null,
      to: addresses('internet', '20.0.0.0-20.255.255.255'),
      traffic: [{ protocol: 'TCP', ports: '443' }],
      before: { kind: 'nat', id: 'nat-0ab', sourceAddresses: ['203.0.113.7'] },
      after: { kind: 'internet-gateway', id: 'igw-1', sourceAddresses: [] },
    },
  ],
  inventory: {
    changes: [
      { cluster: 'prod', kind: 'default deny', id: 'shop', before: 'full', after: 'partial', effect: 'opens' },
      { cluster: 'prod', kind: 'setting', id: 'mtu', before: '1500', after: '9000', effect: 'neutral' },
    ],
    opened: 1,
    closed: 0,
  },
  unknowns: [{ stage: 'fabric', why: 'not assessed: nothing of the network was read', settledBy: 'a Terraform plan' }],
})

export const hostileDiff: DiffResult = diffResult({
  gained: HOSTILE.map(text =>
    change(text, { kind: 'names', patterns: [text] }, { variant: text, witness: `${text} -> ${text}` }),
  ),
  lost: HOSTILE.map(text => change(text, { kind: 'workloads', ids: [text] })),
})
