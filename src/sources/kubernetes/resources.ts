/**
 * Everything that a live read asks an API server for, as data. Secrets are not here and never will be: no check needs
 * them, and a test over the recorded requests says so. `deploy/rbac/clusterrole.yaml` grants exactly this list; a test
 * compares the two.
 *
 * Sources: the API references of the projects named in each block. A version that is not listed is still read when
 * the server prefers it: whether its documents are understood is for the lowering to say.
 */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string
  /** Preferred first. */
  readonly versions: readonly string[]
  /** `*`: every resource of the group that can be listed. */
  readonly plural: string
  /** null where `plural` is `*`. */
  readonly kind: string | null
  readonly namespaced: boolean
  /** `by-name`: never listed; each object is asked for by its name. */
  readonly read: 'list' | 'by-name'
  /** Not read where this group serves the same plural: two APIs for the same stored objects. */
  readonly unlessServedBy: string | null
}

type Row = readonly [plural: string, kind: string, scope: 'namespaced' | 'cluster']

const block = (group: string, versions: readonly string[], rows: readonly Row[]): readonly Resource[] =>
  rows.map(([plural, kind, scope]) => ({
    group,
    versions,
    plural,
    kind,
    namespaced: scope === 'namespaced',
    read: 'list',
    unlessServedBy: null,
  }))

const calico: readonly Row[] = [
  ['networkpolicies', 'NetworkPolicy', 'namespaced'],
  ['globalnetworkpolicies', 'GlobalNetworkPolicy', 'cluster'],
  ['stagednetworkpolicies', 'StagedNetworkPolicy', 'namespaced'],
  ['stagedglobalnetworkpolicies', 'StagedGlobalNetworkPolicy', 'cluster'],
  ['stagedkubernetesnetworkpolicies', 'StagedKubernetesNetworkPolicy', 'namespaced'],
  ['tiers', 'Tier', 'cluster'],
  ['globalnetworksets', 'GlobalNetworkSet', 'cluster'],
  ['networksets', 'NetworkSet', 'namespaced'],
  ['hostendpoints', 'HostEndpoint', 'cluster'],
  ['ippools', 'IPPool', 'cluster'],
  ['felixconfigurations', 'FelixConfiguration', 'cluster'],
  ['bgpconfigurations', 'BGPConfiguration', 'cluster'],
  ['kubecontrollersconfigurations', 'KubeControllersConfiguration', 'cluster'],
  ['clusterinformations', 'ClusterInformation', 'cluster'],
  ['egressgatewaypolicies', 'EgressGatewayPolicy', 'cluster'],
]

export const RESOURCES: readonly Resource[] = [
  // Kubernetes
  ...block(
    '',
    ['v1'],
    [
      ['namespaces', 'Namespace', 'cluster'],
      ['nodes', 'Node', 'cluster'],
      ['pods', 'Pod', 'namespaced'],
      ['services', 'Service', 'namespaced'],
      ['endpoints', 'Endpoints', 'namespaced'],
      ['serviceaccounts', 'ServiceAccount', 'namespaced'],
      ['replicationcontrollers', 'ReplicationController', 'namespaced'],
    ],
  ),
  ...block(
    'apps',
    ['v1'],
    [
      ['deployments', 'Deployment', 'namespaced'],
      ['daemonsets', 'DaemonSet', 'namespaced'],
      ['statefulsets', 'StatefulSet', 'namespaced'],
      ['replicasets', 'ReplicaSet', 'namespaced'],
    ],
  ),
  ...block(
    'batch',
    ['v1'],
    [
      ['jobs', 'Job', 'namespaced'],
      ['cronjobs', 'CronJob', 'namespaced'],
    ],
  ),
  ...block('discovery.k8s.io', ['v1'], [['endpointslices', 'EndpointSlice', 'namespaced']]),
  ...block(
    'networking.k8s.io',
    ['v1', 'v1beta1'],
    [
      ['networkpolicies', 'NetworkPolicy', 'namespaced'],
      ['ingresses', 'Ingress', 'namespaced'],
      ['ingressclasses', 'IngressClass', 'cluster'],
      ['servicecidrs', 'ServiceCIDR', 'cluster'],
    ],
  ),
  ...block(
    'rbac.authorization.k8s.io',
    ['v1'],
    [
      ['roles', 'Role', 'namespaced'],
      ['rolebindings', 'RoleBinding', 'namespaced'],
      ['clusterroles', 'ClusterRole', 'cluster'],
      ['clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
    ],
  ),
  ...block(
    'admissionregistration.k8s.io',
    ['v1', 'v1beta1', 'v1alpha1'],
    [
      ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy', 'cluster'],
      ['validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', 'cluster'],
      ['mutatingadmissionpolicies', 'MutatingAdmissionPolicy', 'cluster'],
      ['mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding', 'cluster'],
      ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', 'cluster'],
      ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'cluster'],
    ],
  ),
  ...block(
    'gateway.networking.k8s.io',
    ['v1', 'v1beta1', 'v1alpha3', 'v1alpha2'],
    [
      ['gatewayclasses', 'GatewayClass', 'cluster'],
      ['gateways', 'Gateway', 'namespaced'],
      ['httproutes', 'HTTPRoute', 'namespaced'],
      ['grpcroutes', 'GRPCRoute', 'namespaced'],
      ['tlsroutes', 'TLSRoute', 'namespaced'],
      ['tcproutes', 'TCPRoute', 'namespaced'],
      ['udproutes', 'UDPRoute', 'namespaced'],
    ],
  ),
  ...block(
    'policy.networking.k8s.io',
    ['v1alpha2', 'v1alpha1'],
    [
      ['adminnetworkpolicies', 'AdminNetworkPolicy', 'cluster'],
      ['baselineadminnetworkpolicies', 'BaselineAdminNetworkPolicy', 'cluster'],
      ['clusternetworkpolicies', 'ClusterNetworkPolicy', 'cluster'],
    ],
  ),
  // Cilium
  ...block(
    'cilium.io',
    ['v2', 'v2alpha1'],
    [
      ['ciliumnetworkpolicies', 'CiliumNetworkPolicy', 'namespaced'],
      ['ciliumclusterwidenetworkpolicies', 'CiliumClusterwideNetworkPolicy', 'cluster'],
      ['ciliumcidrgroups', 'CiliumCIDRGroup', 'cluster'],
      ['ciliumegressgatewaypolicies', 'CiliumEgressGatewayPolicy', 'cluster'],
      ['ciliumlocalredirectpolicies', 'CiliumLocalRedirectPolicy', 'namespaced'],
      ['ciliumenvoyconfigs', 'CiliumEnvoyConfig', 'namespaced'],
      ['ciliumclusterwideenvoyconfigs', 'CiliumClusterwideEnvoyConfig', 'cluster'],
      ['ciliumnodes', 'CiliumNode', 'cluster'],
      ['ciliumnodeconfigs', 'CiliumNodeConfig', 'namespaced'],
    ],
  ),
  // Calico: the stored resources, or the aggregated API where those are not served
  ...block('crd.projectcalico.org', ['v1'], calico),
  ...block('projectcalico.org', ['v3'], calico).map(resource => ({
    ...resource,
    unlessServedBy: 'crd.projectcalico.org',
  })),
  ...block(
    'operator.tigera.io',
    ['v1'],
    [
      ['installations', 'Installation', 'cluster'],
      ['egressgateways', 'EgressGateway', 'namespaced'],
    ],
  ),
  // Istio, Linkerd
  ...block(
    'networking.istio.io',
    ['v1', 'v1beta1', 'v1alpha3'],
    [
      ['gateways', 'Gateway', 'namespaced'],
      ['virtualservices', 'VirtualService', 'namespaced'],
      ['destinationrules', 'DestinationRule', 'namespaced'],
      ['serviceentries', 'ServiceEntry', 'namespaced'],
      ['sidecars', 'Sidecar', 'namespaced'],
      ['workloadentries', 'WorkloadEntry', 'namespaced'],
      ['workloadgroups', 'WorkloadGroup', 'namespaced'],
      ['proxyconfigs', 'ProxyConfig', 'namespaced'],
      ['envoyfilters', 'EnvoyFilter', 'namespaced'],
    ],
  ),
  ...block(
    'security.istio.io',
    ['v1', 'v1beta1'],
    [
      ['authorizationpolicies', 'AuthorizationPolicy', 'namespaced'],
      ['peerauthentications', 'PeerAuthentication', 'namespaced'],
    ],
  ),
  ...block('telemetry.istio.io', ['v1', 'v1alpha1'], [['telemetries', 'Telemetry', 'namespaced']]),
  ...block(
    'policy.linkerd.io',
    ['v1beta3', 'v1beta2', 'v1beta1', 'v1alpha1'],
    [
      ['egressnetworks', 'EgressNetwork', 'namespaced'],
      ['servers', 'Server', 'namespaced'],
      ['serverauthorizations', 'ServerAuthorization', 'namespaced'],
      ['authorizationpolicies', 'AuthorizationPolicy', 'namespaced'],
      ['networkauthentications', 'NetworkAuthentication', 'namespaced'],
      ['meshtlsauthentications', 'MeshTLSAuthentication', 'namespaced'],
      ['httproutes', 'HTTPRoute', 'namespaced'],
    ],
  ),
  // Admission engines
  ...block(
    'kyverno.io',
    ['v1', 'v2', 'v2beta1'],
    [
      ['clusterpolicies', 'ClusterPolicy', 'cluster'],
      ['policies', 'Policy', 'namespaced'],
      ['policyexceptions', 'PolicyException', 'namespaced'],
    ],
  ),
  ...block(
    'policies.kyverno.io',
    ['v1', 'v1beta1', 'v1alpha1'],
    [['validatingpolicies', 'ValidatingPolicy', 'cluster']],
  ),
  ...block('templates.gatekeeper.sh', ['v1', 'v1beta1'], [['constrainttemplates', 'ConstraintTemplate', 'cluster']]),
  ...block('config.gatekeeper.sh', ['v1alpha1'], [['configs', 'Config', 'namespaced']]),
  // One resource for each constraint template, named by its author.
  {
    group: 'constraints.gatekeeper.sh',
    versions: ['v1beta1'],
    plural: '*',
    kind: null,
    namespaced: false,
    read: 'list',
    unlessServedBy: null,
  },
  // Other dataplanes and clouds
  ...block(
    'k8s.cni.cncf.io',
    ['v1'],
    [['network-attachment-definitions', 'NetworkAttachmentDefinition', 'namespaced']],
  ),
  ...block(
    'networking.gke.io',
    ['v1', 'v1beta1', 'v1alpha1'],
    [
      ['fqdnnetworkpolicies', 'FQDNNetworkPolicy', 'namespaced'],
      ['networkloggings', 'NetworkLogging', 'cluster'],
      ['networks', 'Network', 'cluster'],
      ['gkenetworkparamsets', 'GKENetworkParamSet', 'cluster'],
      ['egressnatpolicies', 'EgressNATPolicy', 'cluster'],
    ],
  ),
  ...block(
    'k8s.ovn.org',
    ['v1'],
    [
      ['egressfirewalls', 'EgressFirewall', 'namespaced'],
      ['egressips', 'EgressIP', 'cluster'],
      ['egressqoses', 'EgressQoS', 'namespaced'],
      ['egressservices', 'EgressService', 'namespaced'],
      ['adminpolicybasedexternalroutes', 'AdminPolicyBasedExternalRoute', 'cluster'],
      ['userdefinednetworks', 'UserDefinedNetwork', 'namespaced'],
      ['clusteruserdefinednetworks', 'ClusterUserDefinedNetwork', 'cluster'],
    ],
  ),
  ...block(
    'config.openshift.io',
    ['v1'],
    [
      ['networks', 'Network', 'cluster'],
      ['proxies', 'Proxy', 'cluster'],
      ['infrastructures', 'Infrastructure', 'cluster'],
    ],
  ),
  ...block(
    'operator.openshift.io',
    ['v1'],
    [
      ['networks', 'Network', 'cluster'],
      ['dnses', 'DNS', 'cluster'],
    ],
  ),
  ...block('security.openshift.io', ['v1'], [['securitycontextconstraints', 'SecurityContextConstraints', 'cluster']]),
  ...block(
    'crd.antrea.io',
    ['v1beta1', 'v1beta2', 'v1alpha3', 'v1alpha2', 'v1alpha1'],
    [
      ['networkpolicies', 'NetworkPolicy', 'namespaced'],
      ['clusternetworkpolicies', 'ClusterNetworkPolicy', 'cluster'],
      ['tiers', 'Tier', 'cluster'],
      ['groups', 'Group', 'namespaced'],
      ['clustergroups', 'ClusterGroup', 'cluster'],
      ['egresses', 'Egress', 'cluster'],
      ['externalippools', 'ExternalIPPool', 'cluster'],
      ['externalentities', 'ExternalEntity', 'namespaced'],
      ['trafficcontrols', 'TrafficControl', 'cluster'],
    ],
  ),
  ...block(
    'vpcresources.k8s.aws',
    ['v1beta1', 'v1alpha1'],
    [
      ['securitygrouppolicies', 'SecurityGroupPolicy', 'namespaced'],
      ['cninodes', 'CNINode', 'cluster'],
    ],
  ),
  ...block('crd.k8s.amazonaws.com', ['v1alpha1'], [['eniconfigs', 'ENIConfig', 'cluster']]),
  ...block(
    'networking.k8s.aws',
    ['v1alpha1'],
    [
      ['applicationnetworkpolicies', 'ApplicationNetworkPolicy', 'namespaced'],
      ['clusternetworkpolicies', 'ClusterNetworkPolicy', 'cluster'],
      ['policyendpoints', 'PolicyEndpoint', 'namespaced'],
      ['clusterpolicyendpoints', 'ClusterPolicyEndpoint', 'cluster'],
    ],
  ),
  ...block(
    'egressgateway.kubernetes.azure.com',
    ['v1alpha1'],
    [['staticgatewayconfigurations', 'StaticGatewayConfiguration', 'namespaced']],
  ),
  ...block(
    'tailscale.com',
    ['v1alpha1'],
    [
      ['connectors', 'Connector', 'cluster'],
      ['proxygroups', 'ProxyGroup', 'cluster'],
    ],
  ),
  // Postern's own documents
  ...block(
    'postern.dev',
    ['v1alpha1'],
    [
      ['egressintents', 'EgressIntent', 'namespaced'],
      ['approvedexits', 'ApprovedExit', 'cluster'],
      ['environments', 'Environment', 'cluster'],
      ['exceptions', 'Exception', 'cluster'],
      ['hostaccessexceptions', 'HostAccessException', 'cluster'],
      ['privateendpoints', 'PrivateEndpoint', 'cluster'],
      ['resolvers', 'Resolver', 'cluster'],
      ['egresspatterns', 'EgressPattern', 'cluster'],
    ],
  ),
  {
    group: '',
    versions: ['v1'],
    plural: 'configmaps',
    kind: 'ConfigMap',
    namespaced: true,
    read: 'by-name',
    unlessServedBy: null,
  },
]

/** `pods`, `networkpolicies.networking.k8s.io`: how `kubectl` names a resource in full. */
export const resourceName = (group: string, plural: string): string => (group === '' ? plural : `${plural}.${group}`)
