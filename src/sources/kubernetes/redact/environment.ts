import { maskShapes, maskText, namesSecret, REDACTED } from './mask.ts'

/**
 * The environment variables whose values a read keeps, because they decide where traffic goes. All others lose their
 * value. A name that says it holds a secret never keeps it, whatever list it is on.
 */
interface Kept {
  readonly name: RegExp
  readonly why: string
  readonly keep: (value: string) => string | null
}

const whole = (value: string): string => maskText(value)
/** A switch or a number: whatever else stands there is not what the name promises, and goes. */
const plain = (value: string): string | null =>
  /^(?:true|false|yes|no|on|off|y|n|t|f|-?\d{1,10})$/i.test(value) ? value : null
/** A URL, or a bare `user:password@host:port`. */
const proxy = (value: string): string => maskShapes(value).replace(/^[^\s/@]+@(?=[^\s@]+$)/, `${REDACTED}@`)

/** Source: the projects' own references for each name. */
const KEPT: readonly Kept[] = [
  {
    name: /^(?:\w*_)?(?:https?|ftp|all|no|socks|grpc)_proxy$/i,
    why: 'which proxy a program uses, and for what not',
    keep: proxy,
  },
  {
    name: /^(?:JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|(?:\w+_)?JAVA_OPTS|JAVA_ARGS|JVM_OPTS|CATALINA_OPTS|MAVEN_OPTS|GRADLE_OPTS|KAFKA_OPTS)$/,
    why: 'proxy settings of a Java program',
    keep: value => javaProxyOptions(value),
  },
  { name: /^(?:CALICO|FELIX|TYPHA)_\w+$/, why: 'Calico: the node agent', keep: whole },
  {
    name: /^(?:IP6?|IP6?_AUTODETECTION_METHOD|NO_DEFAULT_POOLS|CLUSTER_TYPE|DATASTORE_TYPE|USE_POD_CIDR)$/,
    why: 'Calico: addresses of the node',
    keep: whole,
  },
  { name: /^CILIUM_\w+$/, why: 'Cilium: the node agent', keep: whole },
  {
    name: /^(?:AWS_VPC_K8S_CNI|AWS_VPC_CNI|AWS_VPC_ENI)_\w+$/,
    why: 'Amazon VPC CNI: source translation, excluded ranges, custom networking',
    keep: whole,
  },
  {
    name: /^(?:POD_SECURITY_GROUP_ENFORCING_MODE|NETWORK_POLICY_ENFORCING_MODE|ANNOTATE_POD_IP|ENI_CONFIG_\w+|CLUSTER_ENDPOINT|VPC_ID|VPC_CIDR)$/,
    why: 'Amazon VPC CNI: how and when policy holds',
    keep: whole,
  },
  { name: /^(?:WARM|MINIMUM|MAX|DISABLE)_\w+$/, why: 'Amazon VPC CNI: address pools', keep: plain },
  { name: /^ENABLE_\w+$/, why: 'switches of network agents', keep: plain },
  {
    name: /^(?:ANTREA|OVN|KUBE_OVN|FLANNELD?|KUBE_ROUTER|KINDNET|KUBE_PROXY|CNI)_\w+$/,
    why: 'other network agents',
    keep: whole,
  },
  {
    name: /^(?:KUBERNETES_SERVICE_(?:HOST|PORT)|POD_SUBNET|POD_CIDR|SERVICE_CIDR|CONTROL_PLANE_ENDPOINT)$/,
    why: 'address ranges',
    keep: whole,
  },
  {
    name: /^(?:ISTIO_META|ISTIO|PILOT|AMBIENT|PROXY|ZTUNNEL)_\w+$/,
    why: 'Istio: capture, DNS, outbound mode',
    keep: whole,
  },
  { name: /^LINKERD2?_\w+$/, why: 'Linkerd: the proxy', keep: whole },
  { name: /^TS_\w+$/, why: 'Tailscale: routes, exit node, user space', keep: whole },
  {
    name: /^(?:TUNNEL_(?:DNS\w*|URL|TRANSPORT_PROTOCOL|EDGE_\w+)|VPN_SERVICE_PROVIDER|VPN_TYPE|VPN_INTERFACE)$/,
    why: 'tunnels: where to and by what protocol',
    keep: whole,
  },
  { name: /^(?:DNS|DOH|DOT|RESOLVER?)_\w+$/, why: 'resolvers', keep: whole },
  { name: /^(?:LOCALDOMAIN|RES_OPTIONS|NAMESERVERS?|UPSTREAM_DNS)$/, why: 'resolvers', keep: whole },
]

/** The list as the documentation prints it. */
export const KEPT_VARIABLES: readonly { readonly pattern: string; readonly why: string }[] = KEPT.map(
  ({ name, why }) => ({
    pattern: name.source,
    why,
  }),
)

/** The value to keep of a variable; null when it goes. */
export const keptValue = (name: string, value: string): string | null => {
  if (value === REDACTED) return value
  if (namesSecret(name) || /auth_?key|authkey|client_secret|password|passwd|credential/i.test(name)) return null
  return KEPT.find(kept => kept.name.test(name))?.keep(value) ?? null
}

/** True for a key of a ConfigMap that becomes a proxy variable, however it is spelt: `HTTP_PROXY`, `httpProxy`. */
export const isProxyKey = (key: string): boolean =>
  /^(?:https?|ftp|all|no|socks)proxy$/.test(key.toLowerCase().replaceAll(/[-_.]/g, ''))

const JAVA_OPTION =
  /^-D(?:https?\.proxy(?:Host|Port)|http\.nonProxyHosts|ftp\.(?:proxyHost|proxyPort|nonProxyHosts)|socks(?:ProxyHost|ProxyPort|NonProxyHosts)|java\.net\.(?:useSystemProxies|preferIPv[46]\w*)|sun\.net\.spi\.nameservice\.\w+|networkaddress\.cache\.\w+)(?:=|$)/

const javaProxyOptions = (value: string): string | null => {
  const options = value.split(/\s+/).filter(option => JAVA_OPTION.test(option))
  return options.length === 0 ? null : maskShapes(options.join(' '))
}
