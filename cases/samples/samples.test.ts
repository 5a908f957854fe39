import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { loadEstate } from '../../src/app/load.ts'
import { scan } from '../../src/app/scan.ts'
import { type FindingsResult, SEVERITIES } from '../../src/model/finding.ts'
import { shortIdOf } from '../../src/model/identity.ts'

/**
 * Dumps of two invented clusters from a real API server, with their known flaws and decoys. They are not part of the
 * repository: where they are absent this suite says so. Flaws of routing belong elsewhere.
 */
const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'shared', 'samples', 'kubernetes')
const skip = existsSync(SAMPLES) ? false : 'the sample dumps are not beside this repository'

/** Flaw → the findings that tell it: check and object, without the cluster. */
type Flaws = Readonly<Record<string, readonly (readonly [id: string, object: string])[]>>

const EKS_FLAWS: Flaws = {
  E01: [
    ['PST-P004', 'payments/NetworkPolicy/checkout-egress-web'],
    ['PST-P014', 'payments/CiliumNetworkPolicy/checkout-stripe-fqdn'],
  ],
  E02: [['PST-D012', '-/CiliumClusterwideNetworkPolicy/dns-visibility']],
  E03: [['PST-P021', 'payments/NetworkPolicy/gateway-to-postgres']],
  E04: [['PST-P003', 'payments/NetworkPolicy/legacy-batch-tmp']],
  E05: [['PST-P013', 'payments/NetworkPolicy/fraud-scorer-egress']],
  E06: [['PST-P011', 'payments/CiliumNetworkPolicy/ledger-bank-mixed']],
  E07: [
    ['PST-P001', 'payments/CiliumNetworkPolicy/invoice-fqdn'],
    ['PST-P004', 'payments/CiliumNetworkPolicy/invoice-fqdn'],
  ],
  E08: [['PST-M010', 'payments/Deployment/invoice-sender']],
  E09: [['PST-M004', 'payments/Deployment/fraud-scorer']],
  E10: [['PST-D004', 'payments/Deployment/checkout-canary']],
  E11: [['PST-P019', 'data/NetworkPolicy/kafka-egress-lockdown']],
  E13: [
    ['PST-P004', 'data/NetworkPolicy/warehouse-loader-egress'],
    ['PST-P005', 'data/NetworkPolicy/warehouse-loader-egress'],
    ['PST-P007', 'data/NetworkPolicy/warehouse-loader-egress'],
  ],
  E14: [
    ['PST-D001', 'data/Deployment/geo-enricher'],
    ['PST-D010', 'data/CiliumNetworkPolicy/geo-enricher-fqdn'],
    ['PST-P008', 'data/CiliumNetworkPolicy/geo-enricher-fqdn'],
  ],
  E15: [['PST-P009', 'data/CiliumNetworkPolicy/export-any-fqdn']],
  E16: [
    ['PST-N008', 'data/Service/reporting-lb'],
    ['PST-N009', 'data/Service/reporting-lb'],
  ],
  E17: [['PST-N010', 'data/Service/mirror-ingest']],
  E18: [['PST-N011', 'payments/Service/config-service']],
  E19: [
    ['PST-N001', 'platform/Deployment/packet-tap'],
    ['PST-N003', 'platform/Deployment/packet-tap'],
    ['PST-I002', 'platform/Deployment/packet-tap'],
    ['PST-D003', 'platform/Deployment/packet-tap'],
  ],
  E20: [
    ['PST-N015', 'platform/Deployment/ts-relay'],
    ['PST-P004', 'platform/CiliumNetworkPolicy/ts-relay'],
  ],
  E21: [['PST-N013', 'platform/Pod/vault-sync-6b849b6464-r98jr']],
  E22: [
    ['PST-I001', 'platform/Pod/netshoot-olga'],
    ['PST-I002', 'platform/Pod/netshoot-olga'],
    ['PST-I003', 'platform/Pod/netshoot-olga'],
  ],
  E23: [
    ['PST-I006', '-/ClusterRoleBinding/tenant-admins-label-ns'],
    ['PST-P020', 'platform/NetworkPolicy/trusted-teams-egress'],
  ],
  E24: [
    ['PST-P003', 'ci/CiliumNetworkPolicy/runner-world'],
    ['PST-P014', 'ci/NetworkPolicy/runner-egress'],
  ],
  E26: [
    ['PST-P005', 'ci/NetworkPolicy/runner-egress'],
    ['PST-D010', 'ci/NetworkPolicy/runner-egress'],
  ],
  E27: [['PST-P020', 'ci/NetworkPolicy/runner-to-grafana']],
  E28: [['PST-P001', 'ci/NetworkPolicy/image-gc-egress']],
  E29: [['PST-N005', 'ci/Deployment/image-gc']],
  E30: [
    ['PST-N029', 'ci/Job/perf-bench'],
    ['PST-P002', '-/Namespace/ci'],
  ],
  E31: [
    ['PST-N002', 'ci/Deployment/runner'],
    ['PST-N028', 'ci/Deployment/runner'],
  ],
  E32: [['PST-N023', '-/CiliumClusterwideNetworkPolicy/node-egress-lockdown']],
  E33: [['PST-P022', '-/CiliumClusterwideNetworkPolicy/partner-and-saas']],
  E34: [
    ['PST-P011', 'monitoring/CiliumNetworkPolicy/grafana-plugins'],
    ['PST-P002', '-/Namespace/monitoring'],
  ],
  E35: [['PST-N024', '-/CiliumEgressGatewayPolicy/ci-static-egress']],
  E36: [
    ['PST-N024', 'kube-system/ConfigMap/cilium-config'],
    ['PST-N024', '-/CiliumEgressGatewayPolicy/payments-static-egress'],
  ],
  E38: [['PST-M002', 'payments/Sidecar/default']],
  E39: [['PST-M003', 'data/Sidecar/default']],
  E40: [['PST-M006', 'payments/ServiceEntry/object-storage-any']],
  E41: [
    ['PST-M008', 'payments/VirtualService/stripe-via-egress'],
    ['PST-M008', 'payments/ServiceEntry/partner-bank'],
  ],
  E42: [['PST-M009', 'payments/DestinationRule/partner-bank-tls']],
  E43: [
    ['PST-T004', 'istio-egress/Telemetry/egress-quiet'],
    ['PST-T003', 'istio-system/ConfigMap/istio'],
  ],
  E44: [
    ['PST-D005', 'kube-system/ConfigMap/coredns'],
    ['PST-T002', 'kube-system/ConfigMap/coredns'],
  ],
  E45: [['PST-N016', 'platform/RoleBinding/pod-launcher-payments-devs']],
  E46: [['PST-N018', '-/ClusterRoleBinding/ci-runner-netpol']],
  E47: [['PST-N020', '-/ValidatingAdmissionPolicyBinding/no-hostnetwork']],
  E48: [['PST-T006', 'monitoring/ConfigMap/prometheus']],
}

const AKS_FLAWS: Flaws = {
  A01: [
    ['PST-P003', '-/GlobalNetworkPolicy/security.allow-agents'],
    ['PST-P007', '-/GlobalNetworkPolicy/security.allow-agents'],
  ],
  A02: [['PST-I007', '-/GlobalNetworkPolicy/security.allow-agents']],
  A03: [['PST-P015', '-/GlobalNetworkPolicy/security.log-erp']],
  A04: [['PST-P015', 'orders/NetworkPolicy/api-to-edi']],
  A05: [
    ['PST-P025', '-/GlobalNetworkSet/trusted-saas'],
    ['PST-P004', '-/GlobalNetworkPolicy/default.allow-trusted-saas'],
  ],
  A06: [
    ['PST-P001', '-/GlobalNetworkPolicy/default.search-saas'],
    ['PST-P004', '-/GlobalNetworkPolicy/default.search-saas'],
  ],
  A07: [['PST-P001', '-/GlobalNetworkSet/algolia']],
  A08: [['PST-P003', '-/GlobalNetworkPolicy/default.allow-internet-legacy']],
  A09: [
    ['PST-P011', '-/StagedGlobalNetworkPolicy/default.block-legacy-internet'],
    ['PST-P011', 'orders/StagedNetworkPolicy/default.orders-lockdown'],
    ['PST-P011', 'batch/StagedKubernetesNetworkPolicy/batch-default-deny'],
  ],
  A10: [['PST-P028', 'orders/NetworkPolicy/nosuch.report-smtp']],
  A11: [
    ['PST-N041', '-/Node/aks-apps-31337002-vmss000001'],
    ['PST-N041', '-/HostEndpoint/aks-apps-31337002-vmss000000-eth0'],
  ],
  A12: [
    ['PST-N042', '-/FelixConfiguration/default'],
    ['PST-N043', '-/GlobalNetworkPolicy/host.node-egress'],
  ],
  A13: [
    ['PST-N025', '-/FelixConfiguration/default'],
    ['PST-N025', '-/FelixConfiguration/node.aks-apps-31337002-vmss000001'],
  ],
  A14: [['PST-P002', '-/Namespace/ops']],
  A15: [
    ['PST-M013', 'egress-proxy/ConfigMap/squid-conf'],
    ['PST-M014', 'egress-proxy/ConfigMap/squid-conf'],
    ['PST-T005', 'egress-proxy/ConfigMap/squid-conf'],
  ],
  A16: [['PST-M015', 'egress-proxy/ConfigMap/squid-conf']],
  A17: [
    ['PST-N009', 'egress-proxy/Service/squid-dev'],
    ['PST-M013', 'egress-proxy/ConfigMap/squid-dev-conf'],
  ],
  A18: [
    ['PST-M010', 'storefront/Deployment/payments-bff'],
    ['PST-M011', 'storefront/Deployment/search'],
  ],
  A19: [['PST-M012', 'batch/CronJob/fx-rates']],
  A20: [
    ['PST-N001', 'ops/Pod/node-shell-k3w9'],
    ['PST-N002', 'ops/Pod/node-shell-k3w9'],
    ['PST-N004', 'ops/Pod/node-shell-k3w9'],
  ],
  A21: [['PST-N015', 'ops/Deployment/cf-tunnel']],
  A22: [['PST-N026', '-/IPPool/erp-pool']],
  A23: [
    ['PST-N016', 'ops/RoleBinding/oncall-shell'],
    ['PST-M016', 'egress-proxy/RoleBinding/conf-editor'],
  ],
  A24: [
    ['PST-D006', 'kube-system/ConfigMap/coredns-custom'],
    ['PST-T002', 'kube-system/ConfigMap/coredns'],
  ],
  A25: [['PST-P015', '-/ClusterNetworkPolicy/baseline-deny-internet']],
  'the rule for port 53': [['PST-D010', '-/GlobalNetworkPolicy/default.allow-dns']],
}

/** Objects that look wrong and are not: nothing at medium or above may name them. */
const EKS_DECOYS = [
  'data/StatefulSet/postgres',
  'data/CiliumNetworkPolicy/postgres-nothing-out',
  'marketing/Deployment/web-frontend',
  '-/Namespace/marketing',
  '-/CiliumClusterwideNetworkPolicy/partner-and-saas',
  '-/CiliumClusterwideNetworkPolicy/deny-instance-metadata',
  'istio-egress/NetworkPolicy/egressgateway',
  'payments/NetworkPolicy/settlement-s3',
  'payments/NetworkPolicy/gateway-to-mainframe',
  'payments/Service/legacy-mainframe',
  'payments/Service/ledger-api-internal',
  'data/Job/warehouse-loader',
  'payments/RoleBinding/deployer-argocd',
  'monitoring/DaemonSet/node-exporter',
  'kube-system/DaemonSet/cilium',
  'kube-system/DaemonSet/kube-proxy',
  'kube-system/DaemonSet/node-local-dns',
  'kube-system/ConfigMap/node-local-dns',
]
const AKS_DECOYS = [
  'storefront/NetworkPolicy/default-deny',
  '-/GlobalNetworkPolicy/host.node-egress',
  '-/GlobalNetworkPolicy/default.squid-out',
  'egress-proxy/Deployment/squid',
  'erp/NetworkPolicy/erp-out',
  'orders/NetworkPolicy/default.worker-to-partner',
  'storefront/Service/web',
  'orders/Service/orders-ilb',
  'storefront/Deployment/payments-bff',
]

const scanSample = (cluster: string): { findings: FindingsResult; ids: ReadonlySet<string> } => {
  const loaded = loadEstate([{ path: join(SAMPLES, cluster), cluster: null }])
  const { findings } = scan(loaded, { now: '2026-06-01T12:00:00Z', baseline: new Set() })
  const objects = loaded.estate.clusters.flatMap(
    ({ workloads, services, policies, bindings, namespaces, configMaps }) => [
      ...workloads,
      ...services,
      ...policies,
      ...bindings,
      ...namespaces.values(),
      ...configMaps.values(),
    ],
  )
  return { findings, ids: new Set(objects.map(({ ref }) => shortIdOf(ref))) }
}

const MEDIUM_OR_ABOVE = SEVERITIES.slice(0, SEVERITIES.indexOf('medium') + 1)

const check = (cluster: string, flaws: Flaws, decoys: readonly string[]): void => {
  const sample = skip === false ? scanSample(cluster) : null
  const result = sample?.findings

  for (const [flaw, wanted] of Object.entries(flaws)) {
    test(`${flaw} is found`, { skip }, () => {
      const found = new Set(result?.findings.map(({ id, object }) => `${id} ${object}`))
      for (const [id, object] of wanted) assert.ok(found.has(`${id} ${cluster}/${object}`), `${id} on ${object}`)
    })
  }

  test('no decoy is reported', { skip }, () => {
    for (const decoy of decoys) assert.ok(sample?.ids.has(decoy), `${decoy} is among what was read`)
    const shouted = result?.findings.filter(
      ({ severity, object }) => MEDIUM_OR_ABOVE.includes(severity) && decoys.includes(object.slice(cluster.length + 1)),
    )
    assert.deepEqual(
      shouted?.map(({ id, object, why }) => `${id} ${object}: ${why}`),
      [],
    )
  })

  test('everything was read', { skip }, () => {
    assert.deepEqual(result?.diagnostics, [])
  })
}

describe('a cluster like EKS, with Cilium and Istio', () => check('eks-prod-eu', EKS_FLAWS, EKS_DECOYS))
describe('a cluster like AKS, with Calico and Squid', () => check('aks-prod-us', AKS_FLAWS, AKS_DECOYS))
