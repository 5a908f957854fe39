import type { Because, ReachEntry, ReachResult, ReachTarget, Unknown, WorkloadReach } from '../../model/reach.ts'
import { HOSTILE, sampleCoverage } from './sample-findings.ts'

/** Hand-written regions for the tests of the renderers: the workloads of the sample findings, and hostile ones. */

const TCP_443: ReachEntry['traffic'] = [{ protocol: 'TCP', ports: '443' }]
const EVERYTHING: ReachEntry['traffic'] = [
  { protocol: 'TCP', ports: '1-65535' },
  { protocol: 'UDP', ports: '1-65535' },
  { protocol: 'SCTP', ports: '1-65535' },
  { protocol: 'ICMP', types: '*' },
  { protocol: 'ICMPv6', types: '*' },
  { protocol: 'OTHER' },
]

const INTERNET: ReachTarget = {
  kind: 'addresses',
  zone: 'internet',
  ranges: [
    '1.0.0.0-9.255.255.255',
    '11.0.0.0-100.63.255.255',
    '100.128.0.0-126.255.255.255',
    '128.0.0.0-169.253.255.255',
    '2000::-3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ],
}
const METADATA: ReachTarget = { kind: 'addresses', zone: 'metadata', ranges: ['169.254.169.254'] }

const because = (
  kind: Because['kind'],
  says: string,
  object: string | null = null,
  line: number | null = null,
): Because => ({
  kind,
  object,
  file: object === null ? null : 'clusters/policies.yaml',
  line,
  rule: object === null ? null : 'spec.egress[0].to[1]',
  says,
})

const NO_POLICY = because('default', 'no policy closes egress here')
const NO_FABRIC: Unknown = {
  stage: 'fabric',
  why: 'not assessed: no document of the network under the cluster was read',
  settledBy: 'saved output of the cloud’s own command line',
}

export const region = (to: ReachTarget, parts: Partial<ReachEntry> = {}): ReachEntry => ({
  to,
  traffic: EVERYTHING,
  verdict: 'allowed',
  enforcement: 'enforced',
  path: [],
  exit: {
    kind: to.kind === 'addresses' || to.kind === 'names' ? 'unknown' : 'in-cluster',
    id: null,
    sourceAddresses: [],
  },
  because: [NO_POLICY],
  unknowns: [],
  witness: null,
  ...parts,
})

export const workload = (
  id: string,
  egress: readonly ReachEntry[],
  parts: Partial<WorkloadReach> = {},
): WorkloadReach => {
  const [cluster = '', namespace = '', kind = '', name = ''] = id.split('/')
  return {
    id,
    variant: null,
    cluster,
    namespace,
    kind,
    name,
    serviceAccount: 'default',
    class: `of ${id}`,
    hostNetwork: false,
    pods: 1,
    egress,
    relayed: [],
    ...parts,
  }
}

export const reachResult = (workloads: readonly WorkloadReach[]): ReachResult => ({
  schema: 'postern.dev/reach/v1',
  workloads,
  coverage: sampleCoverage,
  diagnostics: [],
})

const POLICY = 'aks-prod-us/shop/NetworkPolicy/web'
const web = (n: number): WorkloadReach =>
  workload(
    `aks-prod-us/shop/Deployment/web-0${n}`,
    [
      region(INTERNET, {
        verdict: 'denied',
        because: [because('default', 'selecting the pod closes egress but for what rules allow', POLICY, 31)],
        witness: `10.1.0.${n} -> 1.1.1.1:443/TCP`,
      }),
      region(
        { kind: 'names', patterns: ['api.stripe.example'] },
        {
          traffic: TCP_443,
          because: [because('rule', 'egress rule allows', POLICY, 36)],
          unknowns: [NO_FABRIC],
          witness: `10.1.0.${n} -> api.stripe.example:443/TCP`,
        },
      ),
      region(
        { kind: 'workloads', ids: ['aks-prod-us/shop/Deployment/web-00', 'aks-prod-us/shop/Deployment/web-01'] },
        { verdict: 'unknown', enforcement: 'undefined', traffic: [{ protocol: 'ICMP', types: '8/0' }] },
      ),
      region({ kind: 'service', id: 'aks-prod-us/shop/Service/web' }, { verdict: 'denied', traffic: TCP_443 }),
    ],
    { class: 'web' },
  )

export const sampleReach: ReachResult = reachResult([
  web(0),
  web(1),
  workload(
    'eks-prod-eu/payments/Deployment/card-tokeniser',
    [
      region(INTERNET, {
        path: [
          { hop: 'node', id: 'eks-prod-eu/-/Node/ip-10-0-1-5' },
          { hop: 'nat', id: 'nat-0ab' },
        ],
        exit: { kind: 'nat', id: 'nat-0ab', sourceAddresses: ['203.0.113.7'] },
        unknowns: [NO_FABRIC],
        witness: '10.0.1.5 -> 1.1.1.1:443/TCP',
      }),
      region(METADATA, { path: [{ hop: 'node', id: 'eks-prod-eu/-/Node/ip-10-0-1-5' }], unknowns: [NO_FABRIC] }),
      region({ kind: 'apiserver' }, { traffic: TCP_443 }),
      region({ kind: 'nodes', nodes: 'own' }),
    ],
    {
      hostNetwork: true,
      pods: 3,
      relayed: [
        region(INTERNET, { traffic: TCP_443, path: [{ hop: 'relay', id: 'eks-prod-eu/edge/Deployment/squid' }] }),
      ],
    },
  ),
  workload('gke-data/jobs/Job/nightly', [], { variant: 'fargate' }),
  workload('gke-data/jobs/Job/nightly', [region(METADATA)], { variant: 'windows' }),
])

/** The same answer in the form of `--by class`. */
export const byClass = (result: ReachResult): ReachResult => ({
  ...result,
  workloads: result.workloads.map(({ egress: _, ...head }) => ({ ...head, class: head.variant ?? head.class })),
  classes: [...Map.groupBy(result.workloads, ({ variant, class: own }) => variant ?? own)].map(
    ([id, [first, ...more]]) => ({
      id,
      workloads: [first, ...more].flatMap(one => one?.id ?? []),
      egress: first?.egress ?? [],
    }),
  ),
})

export const hostileReach: ReachResult = reachResult(
  HOSTILE.map((text, i) =>
    workload(
      `${text}/${text}/${text}/${text}`,
      [
        region(
          { kind: 'names', patterns: [text] },
          {
            because: [{ kind: 'rule', object: text, file: text, line: i + 1, rule: text, says: text }],
            unknowns: [{ stage: text, why: text, settledBy: text }],
            path: [{ hop: text, id: text }],
            exit: { kind: 'proxy', id: text, sourceAddresses: [text] },
            witness: `${text} -> ${text}`,
          },
        ),
        region({ kind: 'service', id: text }),
        region({ kind: 'workloads', ids: [text] }),
      ],
      { variant: text, cluster: text, namespace: text, kind: text, name: text, serviceAccount: text },
    ),
  ),
)
