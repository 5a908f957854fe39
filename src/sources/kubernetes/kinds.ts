import type { SupportState } from '../../model/coverage.ts'

/**
 * Every kind that is known by name, with how much of it is read. A kind that is not here is a custom resource nobody
 * described: `unrecognised`. Names: the APIs' own, Kubernetes 1.34, Cilium 1.18, Calico 3.32, Istio 1.27.
 */
export interface KindSupport {
  readonly state: SupportState
  readonly clusterScoped: boolean
  /** Said once per kind in coverage; null for what is understood or safely ignorable. */
  readonly why: string | null
}

const understood = (clusterScoped = false): KindSupport => ({ state: 'understood', clusterScoped, why: null })
const ignorable = (clusterScoped = false): KindSupport => ({ state: 'ignorable', clusterScoped, why: null })
const partly = (why: string, clusterScoped = false): KindSupport => ({ state: 'partly', clusterScoped, why })
const notImplemented = (why: string, clusterScoped = false): KindSupport => ({
  state: 'notImplemented',
  clusterScoped,
  why,
})

const RULES =
  'evaluated for pods and hosts; a rule on the port that a packet comes from, or on labels of accounts, stays open'
const GATEWAYS = 'compared with gateways inside the cluster; exits of the cloud are held against ApprovedExit alone'
const CLUSTERS = 'its baseline, meshes, networks and default route tables are compared; its tiers are not yet'
const BY_INTERFACES =
  'it is not read itself: what it does to pods is seen where the interfaces of their nodes were read'
const LATER = 'recognised; its effect on egress is not evaluated, so what depends on it is unknown'

const entries = (group: string, kinds: Readonly<Record<string, KindSupport>>): [string, KindSupport][] =>
  Object.entries(kinds).map(([kind, support]) => [`${group}/${kind}`, support])

const KINDS: ReadonlyMap<string, KindSupport> = new Map([
  ...entries('', {
    Namespace: understood(true),
    Node: understood(true),
    Pod: understood(),
    Service: understood(),
    Endpoints: understood(),
    ServiceAccount: understood(),
    ReplicationController: understood(),
    ConfigMap: understood(),
    Secret: ignorable(),
    Event: ignorable(),
    LimitRange: ignorable(),
    ResourceQuota: ignorable(),
    PersistentVolume: ignorable(true),
    PersistentVolumeClaim: ignorable(),
    PodTemplate: ignorable(),
    ComponentStatus: ignorable(true),
  }),
  ...entries('apps', {
    Deployment: understood(),
    ReplicaSet: understood(),
    StatefulSet: understood(),
    DaemonSet: understood(),
    ControllerRevision: ignorable(),
  }),
  ...entries('batch', { Job: understood(), CronJob: understood() }),
  ...entries('discovery.k8s.io', { EndpointSlice: understood() }),
  ...entries('networking.k8s.io', {
    NetworkPolicy: understood(),
    Ingress: understood(),
    IngressClass: ignorable(true),
    ServiceCIDR: ignorable(true),
    IPAddress: ignorable(true),
  }),
  ...entries('extensions', { Ingress: understood(), NetworkPolicy: understood() }),
  ...entries('gateway.networking.k8s.io', {
    Gateway: understood(),
    GatewayClass: ignorable(true),
    HTTPRoute: ignorable(),
    GRPCRoute: ignorable(),
    TLSRoute: ignorable(),
    TCPRoute: ignorable(),
    UDPRoute: ignorable(),
    ReferenceGrant: ignorable(),
  }),
  ...entries('policy.networking.k8s.io', {
    AdminNetworkPolicy: understood(true),
    BaselineAdminNetworkPolicy: understood(true),
    ClusterNetworkPolicy: understood(true),
  }),
  ...entries('rbac.authorization.k8s.io', {
    Role: understood(),
    RoleBinding: understood(),
    ClusterRole: understood(true),
    ClusterRoleBinding: understood(true),
  }),
  ...entries('admissionregistration.k8s.io', {
    ValidatingAdmissionPolicy: understood(true),
    ValidatingAdmissionPolicyBinding: understood(true),
    ValidatingWebhookConfiguration: understood(true),
    MutatingWebhookConfiguration: understood(true),
    MutatingAdmissionPolicy: ignorable(true),
    MutatingAdmissionPolicyBinding: ignorable(true),
  }),
  ...entries('policy', { PodDisruptionBudget: ignorable(), PodSecurityPolicy: ignorable(true) }),
  ...entries('autoscaling', { HorizontalPodAutoscaler: ignorable(), VerticalPodAutoscaler: ignorable() }),
  ...entries('autoscaling.k8s.io', { VerticalPodAutoscaler: ignorable() }),
  ...entries('scheduling.k8s.io', { PriorityClass: ignorable(true) }),
  ...entries('node.k8s.io', { RuntimeClass: ignorable(true) }),
  ...entries('coordination.k8s.io', { Lease: ignorable() }),
  ...entries('events.k8s.io', { Event: ignorable() }),
  ...entries('storage.k8s.io', {
    StorageClass: ignorable(true),
    CSIDriver: ignorable(true),
    CSINode: ignorable(true),
    CSIStorageCapacity: ignorable(),
    VolumeAttachment: ignorable(true),
  }),
  ...entries('snapshot.storage.k8s.io', { VolumeSnapshot: ignorable(), VolumeSnapshotClass: ignorable(true) }),
  ...entries('flowcontrol.apiserver.k8s.io', {
    FlowSchema: ignorable(true),
    PriorityLevelConfiguration: ignorable(true),
  }),
  ...entries('certificates.k8s.io', { CertificateSigningRequest: ignorable(true) }),
  ...entries('apiextensions.k8s.io', { CustomResourceDefinition: ignorable(true) }),
  ...entries('apiregistration.k8s.io', { APIService: ignorable(true) }),
  ...entries('metrics.k8s.io', { NodeMetrics: ignorable(true), PodMetrics: ignorable() }),
  ...entries('cilium.io', {
    CiliumNetworkPolicy: understood(),
    CiliumClusterwideNetworkPolicy: understood(true),
    CiliumEgressGatewayPolicy: understood(true),
    CiliumCIDRGroup: understood(true),
    CiliumLocalRedirectPolicy: notImplemented(LATER),
    CiliumNode: ignorable(true),
    CiliumEndpoint: ignorable(),
    CiliumEndpointSlice: ignorable(true),
    CiliumIdentity: ignorable(true),
    CiliumExternalWorkload: notImplemented(LATER, true),
    CiliumLoadBalancerIPPool: ignorable(true),
    CiliumL2AnnouncementPolicy: ignorable(true),
    CiliumNodeConfig: notImplemented(LATER),
  }),
  ...['crd.projectcalico.org', 'projectcalico.org'].flatMap(group =>
    entries(group, {
      NetworkPolicy: partly(RULES),
      GlobalNetworkPolicy: partly(RULES, true),
      StagedNetworkPolicy: partly('staged: counted, never enforced'),
      StagedGlobalNetworkPolicy: partly('staged: counted, never enforced', true),
      StagedKubernetesNetworkPolicy: partly('staged: counted, never enforced'),
      Tier: understood(true),
      FelixConfiguration: understood(true),
      IPPool: understood(true),
      HostEndpoint: partly(
        'which interface a packet takes is open where it is for one that may not be the only one',
        true,
      ),
      NetworkSet: understood(),
      GlobalNetworkSet: understood(true),
      BGPConfiguration: ignorable(true),
      BGPPeer: ignorable(true),
      BlockAffinity: ignorable(true),
      ClusterInformation: ignorable(true),
      IPAMBlock: ignorable(true),
      IPAMConfig: ignorable(true),
      IPAMConfiguration: ignorable(true),
      IPAMHandle: ignorable(true),
      IPReservation: ignorable(true),
      CalicoNodeStatus: ignorable(true),
      KubeControllersConfiguration: ignorable(true),
      Profile: ignorable(true),
    }),
  ),
  ...entries('operator.tigera.io', {
    Installation: understood(true),
    APIServer: ignorable(true),
    Goldmane: understood(true),
    Whisker: ignorable(true),
    TigeraStatus: ignorable(true),
  }),
  ...entries('networking.istio.io', {
    Sidecar: understood(),
    ServiceEntry: understood(),
    VirtualService: understood(),
    DestinationRule: understood(),
    Gateway: understood(),
    WorkloadEntry: ignorable(),
    WorkloadGroup: ignorable(),
    EnvoyFilter: partly(
      'it may change anything the proxy does: whether it touches what leaves is read, its effect is unknown',
    ),
    ProxyConfig: ignorable(),
  }),
  ...entries('telemetry.istio.io', { Telemetry: understood() }),
  ...entries('security.istio.io', {
    AuthorizationPolicy: ignorable(),
    PeerAuthentication: ignorable(),
    RequestAuthentication: ignorable(),
  }),
  ...entries('extensions.istio.io', { WasmPlugin: ignorable() }),
  ...entries('install.istio.io', { IstioOperator: ignorable() }),
  ...entries('policy.linkerd.io', {
    EgressNetwork: understood(),
    Server: ignorable(),
    ServerAuthorization: ignorable(),
    AuthorizationPolicy: ignorable(),
    HTTPRoute: ignorable(),
  }),
  ...entries('linkerd.io', { ServiceProfile: ignorable() }),
  ...entries('kyverno.io', {
    ClusterPolicy: understood(true),
    Policy: understood(),
    PolicyException: partly('which rules it may except is read; whether Kyverno honours it is unknown'),
  }),
  ...entries('policies.kyverno.io', {
    ValidatingPolicy: understood(true),
    NamespacedValidatingPolicy: understood(),
    PolicyException: partly('which policies it may except is read; whether Kyverno honours it is unknown'),
    ImageValidatingPolicy: ignorable(true),
    MutatingPolicy: ignorable(true),
    GeneratingPolicy: ignorable(true),
    DeletingPolicy: ignorable(true),
  }),
  ...entries('config.gatekeeper.sh', { Config: understood() }),
  ...entries('templates.gatekeeper.sh', {
    ConstraintTemplate: partly('a template is known by the kind it defines; its rules are not evaluated', true),
  }),
  ...entries('k8s.cni.cncf.io', { NetworkAttachmentDefinition: understood() }),
  ...entries('networking.gke.io', {
    FQDNNetworkPolicy: notImplemented(LATER),
    NetworkLogging: understood(true),
    ManagedCertificate: ignorable(),
    ServiceNetworkEndpointGroup: ignorable(true),
    Network: ignorable(true),
    GKENetworkParamSet: ignorable(true),
    RedirectService: ignorable(),
  }),
  ...entries('networking.k8s.aws', {
    ApplicationNetworkPolicy: notImplemented(LATER),
    ClusterNetworkPolicy: notImplemented(LATER, true),
    PolicyEndpoint: ignorable(),
  }),
  ...entries('vpcresources.k8s.aws', { SecurityGroupPolicy: partly(BY_INTERFACES), CNINode: ignorable(true) }),
  ...entries('crd.k8s.amazonaws.com', { ENIConfig: partly(BY_INTERFACES, true) }),
  ...entries('elbv2.k8s.aws', { TargetGroupBinding: ignorable(), IngressClassParams: ignorable(true) }),
  ...entries('k8s.ovn.org', {
    EgressFirewall: notImplemented(LATER),
    EgressIP: notImplemented(LATER, true),
    EgressService: notImplemented(LATER),
    EgressQoS: ignorable(),
    AdminPolicyBasedExternalRoute: notImplemented(LATER, true),
  }),
  ...entries('crd.antrea.io', {
    NetworkPolicy: notImplemented(LATER),
    ClusterNetworkPolicy: notImplemented(LATER, true),
    Egress: notImplemented(LATER, true),
    ClusterGroup: notImplemented(LATER, true),
    Tier: ignorable(true),
    AntreaAgentInfo: ignorable(true),
    AntreaControllerInfo: ignorable(true),
  }),
  ...entries('egressgateway.kubernetes.azure.com', {
    StaticGatewayConfiguration: notImplemented(LATER),
    GatewayLBConfiguration: ignorable(),
    PodEndpoint: ignorable(),
  }),
  ...entries('cert-manager.io', {
    Certificate: ignorable(),
    Issuer: ignorable(),
    ClusterIssuer: ignorable(true),
    CertificateRequest: ignorable(),
  }),
  ...entries('monitoring.coreos.com', {
    ServiceMonitor: ignorable(),
    PodMonitor: ignorable(),
    PrometheusRule: ignorable(),
    Probe: ignorable(),
    Prometheus: ignorable(),
    Alertmanager: ignorable(),
    AlertmanagerConfig: ignorable(),
  }),
  ...entries('postern.dev', {
    Exception: understood(true),
    HostAccessException: understood(true),
    EgressIntent: understood(),
    ApprovedExit: understood(true),
    Environment: partly(CLUSTERS, true),
    PrivateEndpoint: understood(true),
    Resolver: understood(true),
    EgressPattern: partly(GATEWAYS, true),
    Standard: understood(true),
  }),
])

const UNRECOGNISED: KindSupport = { state: 'unrecognised', clusterScoped: false, why: 'a kind that is not known here' }
const CONSTRAINT: KindSupport = { state: 'understood', clusterScoped: true, why: null }

export const supportOf = (group: string, kind: string): KindSupport =>
  KINDS.get(`${group}/${kind}`) ?? (group === 'constraints.gatekeeper.sh' ? CONSTRAINT : UNRECOGNISED)

/** For the documentation: every kind with its state. */
export const knownKinds = (): ReadonlyMap<string, KindSupport> => KINDS
