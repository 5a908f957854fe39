import type { Cluster, ConfigMap, FlowLogSetting, Namespace, PrunedField } from '../../model/cluster.ts'
import { keyOf, type ObjectRef } from '../../model/identity.ts'
import { at } from '../../model/json.ts'
import type { NodeFacts } from '../../model/node-facts.ts'
import { compareText } from '../../model/order.ts'
import type { Policy } from '../../model/policy.ts'
import { compareOrigins, type Sourced } from '../../model/provenance.ts'
import type { Endpoint } from '../../model/service.ts'
import type { Workload } from '../../model/workload.ts'
import { bothFamilies } from '../../sets/addresses.ts'
import { calicoContext } from '../calico/context.ts'
import { lowerHostAction } from '../calico/host-action.ts'
import { lowerHostRules } from '../calico/host-rules.ts'
import { lowerCalicoPolicy, lowerCalicoSettings, lowerTiers } from '../calico/lower.ts'
import { lowerCalicoRules } from '../calico/lower-rules.ts'
import { alwaysEnforced } from '../cilium/always-enforced.ts'
import { ciliumContext } from '../cilium/cluster-context.ts'
import { lowerEgressGateway } from '../cilium/egress-gateway.ts'
import { lowerCiliumPolicy } from '../cilium/lower.ts'
import { lowerCiliumRules } from '../cilium/lower-rules.ts'
import { lowerResolvers } from '../dns/lower.ts'
import { lowerMeshDocuments } from '../istio/lower.ts'
import { lowerMeshConfigs } from '../istio/mesh-config.ts'
import { lowerAdminPolicy } from '../policy-api/lower.ts'
import { lowerAdminRules } from '../policy-api/lower-rules.ts'
import { lowerEnvoy } from '../proxy/envoy.ts'
import { lowerSquid } from '../proxy/squid.ts'
import { lowerTinyproxy } from '../proxy/tinyproxy.ts'
import { lowerBinding, lowerRoles } from './lower-access.ts'
import { lowerAdmission } from './lower-admission.ts'
import { lowerNode } from './lower-node.ts'
import { lowerForeignPolicy, lowerNetworkPolicy } from './lower-policy.ts'
import { lowerEndpointSlice, lowerEndpoints, lowerIngress, lowerService } from './lower-service.ts'
import { lowerMasquerade } from './masquerade.ts'
import { lowerNetworkPolicyRules } from './network-policy.ts'
import { type ApiObject, sourced } from './object.ts'
import { FOREIGN_POLICIES, lowerForeignRules } from './opaque-policy.ts'
import { assembleWorkloads, type Controller, isFinished, type OwnedPod, type Owners } from './workloads.ts'

/** What one cluster's documents have come to, before they are put together. */
export interface Draft {
  readonly name: string
  readonly controllers: Controller[]
  readonly pods: OwnedPod[]
  /** The last one of each owner. */
  readonly podOf: Map<string, OwnedPod>
  readonly objects: Map<string, ApiObject[]>
  readonly pruned: PrunedField[]
  readonly configMaps: ConfigMap[]
  readonly facts: NodeFacts[]
  readonly unread: Set<string>
  readonly counted: Map<string, ObjectRef[]>
  version: string | null
}

const READ_GROUPS = new Set([
  'rbac.authorization.k8s.io',
  'admissionregistration.k8s.io',
  'networking.istio.io',
  'telemetry.istio.io',
  'kyverno.io',
  'policies.kyverno.io',
  'constraints.gatekeeper.sh',
  'config.gatekeeper.sh',
  'policy.networking.k8s.io',
  'operator.tigera.io',
  'discovery.k8s.io',
])
const READ_KINDS = new Set([
  '/Namespace',
  '/Node',
  '/Service',
  '/Endpoints',
  '/ServiceAccount',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/Ingress',
  'extensions/NetworkPolicy',
  'extensions/Ingress',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/HTTPRoute',
  'gateway.networking.k8s.io/GRPCRoute',
  'gateway.networking.k8s.io/TLSRoute',
  'gateway.networking.k8s.io/TCPRoute',
  'policy.linkerd.io/EgressNetwork',
  'policy.linkerd.io/HTTPRoute',
  'cilium.io/CiliumNetworkPolicy',
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'cilium.io/CiliumEgressGatewayPolicy',
  'cilium.io/CiliumCIDRGroup',
  'networking.gke.io/FQDNNetworkPolicy',
  'networking.gke.io/NetworkLogging',
])
const CALICO_GROUPS = ['crd.projectcalico.org', 'projectcalico.org']
const CALICO_KINDS = new Set([
  'NetworkPolicy',
  'GlobalNetworkPolicy',
  'StagedNetworkPolicy',
  'StagedGlobalNetworkPolicy',
  'StagedKubernetesNetworkPolicy',
  'Tier',
  'FelixConfiguration',
  'IPPool',
  'HostEndpoint',
  'NetworkSet',
  'GlobalNetworkSet',
])

/** Kinds whose documents `assemble` lowers; the rest is only counted. */
export const isRead = (group: string, kind: string): boolean =>
  READ_GROUPS.has(group) ||
  READ_KINDS.has(`${group}/${kind}`) ||
  FOREIGN_POLICIES.includes(`${group}/${kind}`) ||
  (CALICO_GROUPS.includes(group) && CALICO_KINDS.has(kind))

/** Puts one cluster together, sorted, so that the order of its documents leaves no trace. */
export const assemble = (draft: Draft, owners: Owners): Cluster => {
  const of = (...names: readonly string[]): readonly ApiObject[] =>
    sortByKey(names.flatMap(name => draft.objects.get(name) ?? []))
  const calico = CALICO_GROUPS.flatMap(group => [...CALICO_KINDS].flatMap(kind => of(`${group}/${kind}`))).concat(
    of('operator.tigera.io/Installation', 'operator.tigera.io/Goldmane'),
  )
  const tiers = lowerTiers(calico.filter(object => object.ref.kind === 'Tier'))
  const networkPolicies = of('networking.k8s.io/NetworkPolicy', 'extensions/NetworkPolicy')
  const adminPolicies = of(
    'policy.networking.k8s.io/AdminNetworkPolicy',
    'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
    'policy.networking.k8s.io/ClusterNetworkPolicy',
  )
  const ciliumPolicies = of('cilium.io/CiliumNetworkPolicy', 'cilium.io/CiliumClusterwideNetworkPolicy')
  const policies: Policy[] = [
    ...networkPolicies.map(lowerNetworkPolicy),
    ...adminPolicies.map(lowerAdminPolicy),
    ...ciliumPolicies.map(lowerCiliumPolicy),
    ...of('networking.gke.io/FQDNNetworkPolicy').map(lowerForeignPolicy),
    ...calico
      .filter(object => object.ref.kind.endsWith('NetworkPolicy'))
      .map(object => lowerCalicoPolicy(object, tiers)),
  ]
  const workloads = assembleWorkloads(sortByKey(draft.controllers), sortByKey(draft.pods), owners)
  const configMaps = sortByKey(draft.configMaps)
  const services = assembleServices(of('/Service'), of('/Endpoints'), of('discovery.k8s.io/EndpointSlice'))
  const cilium = ciliumContext({
    clusterName: draft.name,
    configMaps,
    workloads,
    groups: of('cilium.io/CiliumCIDRGroup'),
    services,
    // Nodes come from a cluster, never from a folder of manifests.
    complete: of('/Node').length > 0,
  })
  const ciliumRules = ciliumPolicies.map(object => ({ object, ...lowerCiliumRules(object, cilium) }))
  const namespaces = assembleNamespaces(
    draft,
    of('/Namespace'),
    workloads.map(workload => workload.namespace),
  )
  const nodes = of('/Node').map(lowerNode)
  const calicoSettings = lowerCalicoSettings(calico)
  const calicoWith = calicoContext({ objects: calico, namespaces, services, workloads, unread: draft.unread })
  const roles = lowerRoles(of('rbac.authorization.k8s.io/Role', 'rbac.authorization.k8s.io/ClusterRole'))
  return {
    name: draft.name,
    serverVersion: draft.version,
    namespaces,
    nodes,
    workloads,
    workloadsIn: Map.groupBy(workloads, workload => workload.namespace),
    pods: sortByKey(draft.pods.filter(pod => !isFinished(pod))),
    services,
    ingresses: of('networking.k8s.io/Ingress', 'extensions/Ingress', 'gateway.networking.k8s.io/Gateway').map(
      lowerIngress,
    ),
    policies,
    rulePolicies: [
      ...networkPolicies.flatMap(lowerNetworkPolicyRules),
      ...adminPolicies.flatMap(lowerAdminRules),
      ...ciliumRules.flatMap(({ policies: lowered }) => lowered),
      ...alwaysEnforced(configMaps),
      ...calico
        .filter(object => object.ref.kind.endsWith('NetworkPolicy'))
        .flatMap(object => lowerCalicoRules(object, calicoWith)),
      ...lowerHostRules(calico, calicoWith, nodes, calicoSettings),
      ...lowerHostAction(calicoSettings.felix, workloads),
      ...of(...FOREIGN_POLICIES).map(lowerForeignRules),
    ],
    policyNotes: ciliumRules.flatMap(({ object, notes }) => notes.map(note => ({ ...sourced(object), ...note }))),
    policyClusterName: cilium.clusterName,
    bindings: of('rbac.authorization.k8s.io/RoleBinding', 'rbac.authorization.k8s.io/ClusterRoleBinding').map(binding =>
      lowerBinding(binding, role => roles.get(keyOf(role)) ?? null),
    ),
    admission: lowerAdmission({
      policies: of('admissionregistration.k8s.io/ValidatingAdmissionPolicy'),
      bindings: of('admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding'),
      kyverno: of('kyverno.io/ClusterPolicy', 'kyverno.io/Policy'),
      kyvernoExceptions: of('kyverno.io/PolicyException'),
      validatingPolicies: of('policies.kyverno.io/ValidatingPolicy', 'policies.kyverno.io/NamespacedValidatingPolicy'),
      validatingPolicyExceptions: of('policies.kyverno.io/PolicyException'),
      constraints: [...draft.objects.keys()]
        .filter(name => name.startsWith('constraints.gatekeeper.sh/'))
        .sort()
        .flatMap(name => of(name)),
      gatekeeperConfigs: of('config.gatekeeper.sh/Config'),
      webhooks: of('admissionregistration.k8s.io/ValidatingWebhookConfiguration'),
      present: presenceIn(draft),
    }),
    configMaps: new Map(configMaps.map(map => [`${map.ref.namespace}/${map.ref.name}`, map])),
    mesh: lowerMeshDocuments(
      ['Sidecar', 'ServiceEntry', 'VirtualService', 'DestinationRule', 'Gateway', 'EnvoyFilter']
        .flatMap(kind => of(`networking.istio.io/${kind}`))
        .concat(
          of('telemetry.istio.io/Telemetry'),
          of('policy.linkerd.io/EgressNetwork', 'policy.linkerd.io/HTTPRoute'),
          of(...['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].map(kind => `gateway.networking.k8s.io/${kind}`)),
        ),
    ),
    calico: calicoSettings,
    meshConfigs: lowerMeshConfigs(configMaps),
    resolvers: lowerResolvers(configMaps),
    proxies: [lowerSquid, lowerTinyproxy, lowerEnvoy].flatMap(lower =>
      lower(configMaps.filter(map => isUsed(map, workloads))),
    ),
    masquerade: lowerMasquerade(configMaps),
    flowLogging: of('networking.gke.io/NetworkLogging', 'operator.tigera.io/Goldmane').map(lowerFlowLogging),
    around: { network: bothFamilies.empty, peerNetwork: bothFamilies.empty },
    egressGateways: of('cilium.io/CiliumEgressGatewayPolicy').map(object => lowerEgressGateway(object, cilium)),
    pruned: sortByKey(draft.pruned),
    customKinds: new Map(
      [...draft.counted]
        .sort(([a], [b]) => compareText(a, b))
        .map(([name, refs]) => [name, refs.sort((a, b) => compareText(keyOf(a), keyOf(b)))]),
    ),
    nodeFacts: draft.facts,
    unread: draft.unread,
  }
}

/**
 * Is an object there, absent, or (null) was its kind not read? ConfigMaps may have been asked for by name; who did so
 * never asked for `kube-root-ca.crt`, which every namespace has.
 */
const presenceIn =
  (draft: Draft) =>
  (group: string, kind: string, namespace: string | null, name: string): boolean | null => {
    const isConfigMap = group === '' && kind === 'ConfigMap'
    const refs = isConfigMap
      ? draft.configMaps.map(map => map.ref)
      : [
          ...(draft.objects.get(`${group}/${kind}`) ?? []).map(object => object.ref),
          ...(draft.counted.get(group === '' ? kind : `${kind}.${group}`) ?? []),
        ]
    const near = refs.filter(ref => ref.namespace === namespace)
    if (near.some(ref => ref.name === name)) return true
    return near.some(ref => !isConfigMap || ref.name === 'kube-root-ca.crt') ? false : null
  }

/** Documents that share a key, which then differ, stand in the order of their places. */
/** A proxy's settings that nobody mounts are an example; without workloads nobody can tell. */
const isUsed = (map: ConfigMap, workloads: readonly Workload[]): boolean => {
  const { namespace, name } = map.ref
  if (workloads.length === 0) return true
  return workloads.some(
    workload =>
      workload.namespace === namespace &&
      workload.shape.volumes.some(({ source }) => source.kind === 'configMap' && source.name === name),
  )
}

const sortByKey = <T extends Pick<Sourced, 'ref' | 'origin'>>(objects: readonly T[]): readonly T[] => {
  const keyed = objects.map(object => ({ key: keyOf(object.ref), object }))
  return keyed
    .sort((a, b) => compareText(a.key, b.key) || compareOrigins(a.object.origin, b.object.origin))
    .map(({ object }) => object)
}

/** The API server gives every namespace this label, whether its author wrote it or not. Source: kubernetes.io, "Namespaces". */
const withOwnName = ({ ref, labels }: ApiObject): ReadonlyMap<string, string> =>
  new Map([...labels, ['kubernetes.io/metadata.name', ref.name]])

/** Namespaces that were read, and those known only because something lives in them. */
const assembleNamespaces = (
  draft: Draft,
  read: readonly ApiObject[],
  used: readonly string[],
): ReadonlyMap<string, Namespace> => {
  const namespaces = new Map<string, Namespace>(
    read.map(object => [object.ref.name, { ...sourced(object), labels: withOwnName(object), read: true }]),
  )
  for (const name of used) {
    if (namespaces.has(name)) continue
    namespaces.set(name, {
      ref: { cluster: draft.name, group: '', kind: 'Namespace', namespace: null, name },
      origin: { file: '', source: -1, start: 0, end: 0, line: null, format: 'json', item: null },
      // The API server gives every namespace this label.
      labels: new Map([['kubernetes.io/metadata.name', name]]),
      annotations: new Map(),
      read: false,
    })
  }
  return new Map([...namespaces].sort(([a], [b]) => compareText(a, b)))
}

const assembleServices = (
  services: readonly ApiObject[],
  endpoints: readonly ApiObject[],
  slices: readonly ApiObject[],
) => {
  const found = new Map<string, Map<string, Endpoint>>()
  const put = (namespace: string | null, service: string | null, endpoint: Endpoint): void => {
    if (service === null) return
    const key = `${namespace}/${service}`
    const known = found.get(key) ?? new Map<string, Endpoint>()
    if (!known.has(endpoint.address)) known.set(endpoint.address, endpoint)
    found.set(key, known)
  }
  for (const object of slices) {
    const { service, endpoints: own } = lowerEndpointSlice(object)
    for (const endpoint of own) put(object.ref.namespace, service, endpoint)
  }
  for (const object of endpoints)
    for (const endpoint of lowerEndpoints(object)) put(object.ref.namespace, object.ref.name, endpoint)
  return services.map(object => {
    const own = [...(found.get(`${object.ref.namespace}/${object.ref.name}`)?.values() ?? [])]
    return lowerService(
      object,
      own.sort((a, b) => compareText(a.address, b.address)),
    )
  })
}

/**
 * GKE's NetworkLogging (`spec.cluster.allow.log`, `deny.log`) and Calico's Goldmane (its presence is the switch).
 * Source: cloud.google.com, "Network policy logging"; docs.tigera.io, "Goldmane".
 */
const lowerFlowLogging = (object: ApiObject): FlowLogSetting => {
  const goldmane = object.ref.kind === 'Goldmane'
  return {
    ...sourced(object),
    product: goldmane ? 'calico-goldmane' : 'gke-network-logging',
    logsAllowed: goldmane || at(object.spec, 'cluster', 'allow', 'log') === true,
    logsDenied: goldmane || at(object.spec, 'cluster', 'deny', 'log') === true,
  }
}
