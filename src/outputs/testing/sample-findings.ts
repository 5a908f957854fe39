import { createHash } from 'node:crypto'
import type { Coverage } from '../../model/coverage.ts'
import type { Finding, FindingsResult, RuleDescription, Severity } from '../../model/finding.ts'

/** Hand-written results for the tests of the renderers: a small fleet, an empty one, a huge one, a hostile one. */

const rule = (id: string, severity: Severity, title: string, why: string, remedy: string): RuleDescription => ({
  id,
  title,
  severity,
  why,
  remedy,
  references: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
})

export const sampleRules: readonly RuleDescription[] = [
  rule(
    'PST-N001',
    'critical',
    'Ordinary workload on the host network',
    'A pod on the host network is not selected by any network policy. Whatever it opens leaves with the node’s address.',
    'Remove `hostNetwork: true`, or move the workload to nodes of its own and record an exception.',
  ),
  rule(
    'PST-N014',
    'high',
    'Node port open to every address',
    'A NodePort listens on every node. Traffic that enters there reaches pods without passing the ingress that is watched.',
    'Use a ClusterIP Service behind the ingress, or restrict the port in the node’s firewall.',
  ),
  rule(
    'PST-D003',
    'high',
    'Cluster DNS forwards to a public resolver',
    'Every name that a pod asks for can carry data out. A public upstream sees and answers all of them.',
    'Forward to the resolver of the network and log its queries.',
  ),
  rule(
    'PST-M002',
    'medium',
    'Mesh lets unknown destinations out',
    'With ALLOW_ANY the sidecar passes whatever it does not know, so ServiceEntry objects say nothing about what leaves.',
    'Set `outboundTrafficPolicy.mode` to `REGISTRY_ONLY` and declare each destination.',
  ),
  rule(
    'PST-T001',
    'medium',
    'No flow log in the cluster',
    'Without flow logs nobody can say afterwards what left.',
    'Switch on flow logging of the network plugin.',
  ),
  rule(
    'PST-I004',
    'low',
    'Workload uses the default service account',
    'A policy that selects by service account cannot tell this workload from any other of the namespace.',
    'Give the workload a service account of its own.',
  ),
]

interface Draft {
  readonly rule: string
  readonly object: string
  readonly owner?: string | null
  readonly file?: string
  readonly line?: number | null
  readonly state?: Finding['state']
  readonly severity?: Severity
  readonly title?: string
  readonly why?: string
  readonly witness?: string | null
  readonly remedy?: string
  readonly path?: Finding['path']
}

export const finding = (draft: Draft): Finding => {
  const description = sampleRules.find(item => item.id === draft.rule)
  const cluster = draft.object.split('/')[0] ?? ''
  const name = draft.object.split('/').at(-1) ?? ''
  const state = draft.state ?? 'open'
  return {
    id: draft.rule,
    fingerprint: createHash('sha256').update(`${draft.rule}|${draft.object}`).digest('hex').slice(0, 32),
    title: draft.title ?? description?.title ?? draft.rule,
    severity: draft.severity ?? description?.severity ?? 'low',
    state,
    cluster,
    object: draft.object,
    file: draft.file ?? `clusters/${cluster}/${name}.yaml`,
    line: draft.line === undefined ? 12 : draft.line,
    owner: draft.owner === undefined ? 'team-payments' : draft.owner,
    why: draft.why ?? description?.why ?? 'why',
    path: draft.path ?? [],
    witness: draft.witness === undefined ? 'hostNetwork: true' : draft.witness,
    remedy: draft.remedy ?? description?.remedy ?? 'remedy',
    references: description?.references ?? [],
    exception:
      state === 'accepted'
        ? {
            name: 'node-agents',
            kind: 'HostAccessException',
            owner: 'team-observability',
            justification: 'reads kernel counters; reviewed with security',
            ticket: 'SEC-1204',
            expires: '2027-02-01',
          }
        : null,
  }
}

const ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']
const none = (): Record<Severity, number> => ({ critical: 0, high: 0, medium: 0, low: 0, info: 0 })

const count = (findings: readonly Finding[]): Record<Severity, number> => {
  const counts = none()
  for (const item of findings) if (item.state === 'open') counts[item.severity] += 1
  return counts
}

export const sampleCoverage: Coverage = {
  objects: 412,
  understood: 398,
  ignorable: 9,
  partly: 2,
  notImplemented: 2,
  unrecognised: 1,
  notes: [
    {
      state: 'partly',
      object: 'aks-prod-us/shop/NetworkPolicy/web',
      file: 'clusters/aks-prod-us/policies.yaml',
      line: 31,
      why: 'defined twice with different contents; both are taken as alternatives',
    },
    {
      state: 'partly',
      object: 'eks-prod-eu/-/CiliumClusterwideNetworkPolicy/baseline',
      file: 'clusters/eks-prod-eu/cilium.yaml',
      line: 4,
      why: '`toGroups` needs the cloud’s address list',
    },
    {
      state: 'notImplemented',
      object: 'gke-data/-/MultiClusterIngress/edge',
      file: 'clusters/gke-data/edge.yaml',
      line: 1,
      why: 'kind `MultiClusterIngress` is known and not evaluated yet',
    },
    {
      state: 'notImplemented',
      object: 'gke-data/jobs/SparkApplication/nightly',
      file: 'clusters/gke-data/spark.yaml',
      line: 1,
      why: 'custom workload; its pods are judged where they are in the input',
    },
    {
      state: 'unrecognised',
      object: null,
      file: 'clusters/gke-data/values.yaml',
      line: null,
      why: 'no Kubernetes object',
    },
  ],
  gaps: [
    {
      cluster: 'aks-prod-us',
      resource: 'clusterroles.rbac.authorization.k8s.io',
      why: 'forbidden for user `postern`',
      settledBy: 'grant `list` on `clusterroles` with deploy/clusterrole.yaml',
    },
    {
      cluster: 'gke-batch',
      resource: null,
      why: 'no answer from the API server in 30 s',
      settledBy: 'open the control plane to this address',
    },
  ],
}

export const resultOf = (
  findings: readonly Finding[],
  workloads: Readonly<Record<string, number>>,
  coverage: Coverage = sampleCoverage,
): FindingsResult => ({
  schema: 'postern.dev/findings/v1',
  now: '2026-11-20',
  findings: findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity)),
  summary: {
    open: count(findings),
    accepted: findings.filter(item => item.state === 'accepted').length,
    baseline: findings.filter(item => item.state === 'baseline').length,
    clusters: Object.keys(workloads).map(cluster => ({
      cluster,
      workloads: workloads[cluster] ?? 0,
      open: count(findings.filter(item => item.cluster === cluster)),
    })),
  },
  coverage,
  diagnostics: [
    {
      severity: 'error',
      file: 'clusters/gke-data/broken.yaml',
      line: 7,
      column: 3,
      message: 'mapping value is not allowed here; indent it under its key',
    },
    {
      severity: 'warning',
      file: 'clusters/gke-data/big.json',
      line: null,
      column: null,
      message: 'read to the stated limit of 50000 files',
    },
  ],
})

const web = (cluster: string, n: number): string => `${cluster}/shop/Deployment/web-${String(n).padStart(2, '0')}`

export const sampleFindings: FindingsResult = resultOf(
  [
    finding({
      rule: 'PST-N001',
      object: 'eks-prod-eu/payments/Deployment/card-tokeniser',
      path: [
        { hop: 'pod', id: 'eks-prod-eu/payments/Deployment/card-tokeniser' },
        { hop: 'node', id: 'eks-prod-eu/-/Node/ip-10-0-1-5' },
        { hop: 'internet', id: '0.0.0.0/0' },
      ],
      why: '`card-tokeniser` runs on the host network, so no network policy selects it and it leaves as node `ip-10-0-1-5`.',
      remedy: 'Remove `hostNetwork: true` from Deployment `card-tokeniser` in namespace `payments`.',
    }),
    finding({ rule: 'PST-N001', object: 'aks-prod-us/shop/DaemonSet/log-shipper', owner: null, line: 40 }),
    finding({
      rule: 'PST-N001',
      object: 'gke-data/-/DaemonSet/node-exporter',
      state: 'accepted',
      owner: 'team-observability',
    }),
    finding({
      rule: 'PST-N014',
      object: 'eks-prod-eu/shop/Service/checkout-debug',
      witness: '30080/TCP on every node',
      owner: 'team-shop',
      file: 'live:arn:aws:eks:eu-west-1:111122223333:cluster/prod eu',
      line: null,
    }),
    finding({
      rule: 'PST-D003',
      object: 'gke-data/kube-system/ConfigMap/kube-dns',
      witness: 'upstreamNameservers: ["8.8.8.8"]',
      owner: 'platform',
    }),
    finding({
      rule: 'PST-M002',
      object: 'eks-prod-eu/istio-system/ConfigMap/istio',
      witness: 'mode: ALLOW_ANY',
      owner: 'platform',
    }),
    finding({
      rule: 'PST-T001',
      object: 'aks-prod-us/-/Cluster/aks-prod-us',
      witness: null,
      owner: 'platform',
      state: 'baseline',
      line: null,
      file: '',
    }),
    ...Array.from({ length: 30 }, (_, i) =>
      finding({
        rule: 'PST-I004',
        object: web('aks-prod-us', i),
        owner: 'team-shop',
        witness: 'serviceAccountName: default',
        line: 9 + i,
      }),
    ),
  ],
  { 'aks-prod-us': 38, 'eks-prod-eu': 17, 'gke-data': 21 },
)

export const emptyFindings: FindingsResult = {
  ...resultOf(
    [],
    { 'eks-prod-eu': 17 },
    { ...sampleCoverage, notes: [], gaps: [], partly: 0, notImplemented: 0, unrecognised: 0, objects: 407 },
  ),
  diagnostics: [],
}

const RULE_IDS = sampleRules.map(item => item.id)
const OWNERS = ['team-payments', 'team-shop', 'platform', 'team-data', null]

/** As many findings as asked for, over eight clusters, every rule and every state. */
export const manyFindings = (total: number): FindingsResult => {
  const clusters = Array.from({ length: 8 }, (_, i) => `cluster-${i + 1}`)
  return resultOf(
    Array.from({ length: total }, (_, i) =>
      finding({
        rule: RULE_IDS[i % RULE_IDS.length] ?? 'PST-N001',
        object: `${clusters[i % 8]}/team-${i % 40}/Deployment/service-${i}`,
        owner: OWNERS[i % OWNERS.length] ?? null,
        state: i % 17 === 0 ? 'accepted' : i % 23 === 0 ? 'baseline' : 'open',
        line: i + 1,
      }),
    ),
    Object.fromEntries(clusters.map(cluster => [cluster, Math.ceil(total / 8)])),
  )
}

/** Texts that try to act: on a terminal, a browser, a wiki, a spreadsheet, an XML reader, an eye. */
export const HOSTILE: readonly string[] = [
  '<img src=x onerror="window.pwned=1">',
  '</script><script>window.pwned=1</script>',
  '</style><svg onload=window.pwned=1>',
  '"><a href="javascript:window.pwned=1">click</a>',
  '\u001b[31mred\u001b]0;title\u0007\u009b2J',
  'safe\u202eedoc evil\u2066x\u2069',
  'zero\u200bwidth\u200d\ufeff',
  'line\nbreak\r\n\ttab',
  '=HYPERLINK("http://evil.example","x")',
  '@everyone #1 www.evil.example http://evil.example',
  '| a | b |\n|---|---|\n[x](javascript:alert(1)) `code` **bold** <!-- c -->',
  ']]><![CDATA[ & &amp; &#0; \u0000\ufffe\ud800',
  'שלום עולם',
  '漢字の名前'.repeat(6),
  'x'.repeat(300),
]

export const hostileFindings: FindingsResult = resultOf(
  HOSTILE.map((text, i) => ({
    ...finding({ rule: RULE_IDS[i % RULE_IDS.length] ?? 'PST-N001', object: `${text}/ns/Deployment/${text}` }),
    cluster: text,
    title: text,
    file: text,
    owner: text,
    why: text,
    witness: text,
    remedy: text,
    path: [{ hop: text, id: text }],
    references: [text, 'javascript:window.pwned=1'],
    state: i % 2 === 0 ? ('open' as const) : ('accepted' as const),
    exception: {
      name: text,
      kind: 'Exception' as const,
      owner: text,
      justification: text,
      ticket: text,
      expires: '2027-02-01',
    },
  })),
  Object.fromEntries(HOSTILE.map(text => [text, 1])),
  {
    ...sampleCoverage,
    notes: HOSTILE.map(text => ({ state: 'partly' as const, object: text, file: text, line: null, why: text })),
    gaps: HOSTILE.map(text => ({ cluster: text, resource: text, why: text, settledBy: text })),
  },
)
