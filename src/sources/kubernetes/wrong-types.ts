import { at, field, isObject, type Json, type JsonObject } from '../../model/json.ts'
import { type PathStep, pathText } from '../../model/provenance.ts'
import { TEMPLATE_PATH } from './template-path.ts'

/**
 * Fields whose type decides a way out, with the type that the API server insists on: it refuses the whole object
 * otherwise, so reading `hostNetwork: "true"` as absent would describe an object that no cluster can hold. null counts
 * as absent, as it does there. Source: k8s.io/api core/v1, networking/v1, rbac/v1.
 */
export interface WrongType {
  /** `spec.containers[0].env[1].value` */
  readonly path: string
  readonly is: string
  readonly wants: string
}

type Wanted =
  | 'text'
  | 'flag'
  | 'number'
  | 'text or number'
  | { readonly each: Wanted }
  | { readonly values: Wanted }
  | Fields
interface Fields {
  readonly fields: Readonly<Record<string, Wanted>>
  readonly keys: readonly string[]
}

const WORDS = {
  text: 'text',
  flag: 'true or false',
  number: 'a whole number',
  'text or number': 'text or a whole number',
}

const TEXTS: Wanted = { each: 'text' }
const TEXT_MAP: Wanted = { values: 'text' }
const fields = (shape: Fields['fields']): Fields => ({ fields: shape, keys: Object.keys(shape) })
const texts = (...names: readonly string[]): Fields['fields'] => Object.fromEntries(names.map(name => [name, 'text']))

const SELECTOR = fields({
  matchLabels: TEXT_MAP,
  matchExpressions: { each: fields({ ...texts('key', 'operator'), values: TEXTS }) },
})

const CONTAINER = fields({
  ...texts('name', 'image', 'restartPolicy'),
  command: TEXTS,
  args: TEXTS,
  env: { each: fields({ ...texts('name', 'value'), valueFrom: fields({}) }) },
  envFrom: { each: fields(texts('prefix')) },
  ports: { each: fields({ ...texts('name', 'protocol', 'hostIP'), containerPort: 'number', hostPort: 'number' }) },
  volumeMounts: { each: fields({ ...texts('name', 'mountPath'), readOnly: 'flag' }) },
  volumeDevices: { each: fields(texts('devicePath')) },
  securityContext: fields({
    privileged: 'flag',
    runAsUser: 'number',
    runAsGroup: 'number',
    capabilities: fields({ add: TEXTS, drop: TEXTS }),
    windowsOptions: fields({ hostProcess: 'flag' }),
  }),
})

const POD = fields({
  hostNetwork: 'flag',
  hostPID: 'flag',
  hostIPC: 'flag',
  ...texts('serviceAccountName', 'serviceAccount', 'nodeName', 'dnsPolicy'),
  nodeSelector: TEXT_MAP,
  securityContext: fields({
    runAsUser: 'number',
    runAsGroup: 'number',
    windowsOptions: fields({ hostProcess: 'flag' }),
  }),
  dnsConfig: fields({ nameservers: TEXTS, searches: TEXTS }),
  hostAliases: { each: fields({ ip: 'text', hostnames: TEXTS }) },
  tolerations: { each: fields(texts('key', 'operator', 'value', 'effect')) },
  initContainers: { each: CONTAINER },
  containers: { each: CONTAINER },
  ephemeralContainers: { each: CONTAINER },
  volumes: {
    each: fields({ name: 'text', hostPath: fields(texts('path', 'type')), configMap: fields(texts('name')) }),
  },
})

const SERVICE = fields({
  ...texts('type', 'clusterIP', 'externalName', 'loadBalancerClass', 'externalTrafficPolicy', 'internalTrafficPolicy'),
  clusterIPs: TEXTS,
  externalIPs: TEXTS,
  loadBalancerSourceRanges: TEXTS,
  selector: TEXT_MAP,
  ports: {
    each: fields({ ...texts('name', 'protocol'), port: 'number', nodePort: 'number', targetPort: 'text or number' }),
  },
})

const PEERS: Wanted = {
  each: fields({
    podSelector: SELECTOR,
    namespaceSelector: SELECTOR,
    ipBlock: fields({ cidr: 'text', except: TEXTS }),
  }),
}
const PORTS: Wanted = { each: fields({ protocol: 'text', port: 'text or number', endPort: 'number' }) }

const NETWORK_POLICY = fields({
  podSelector: SELECTOR,
  policyTypes: TEXTS,
  egress: { each: fields({ to: PEERS, ports: PORTS }) },
  ingress: { each: fields({ from: PEERS, ports: PORTS }) },
})

const ADMIN_PEER = {
  namespaces: SELECTOR,
  pods: fields({ namespaceSelector: SELECTOR, podSelector: SELECTOR }),
  nodes: SELECTOR,
  networks: TEXTS,
  domainNames: TEXTS,
}
const SPAN = fields({ start: 'number', end: 'number' })
const TO_PORT = fields({ destinationPort: fields({ number: 'number', range: SPAN }) })
const ADMIN_RULE = {
  action: 'text',
  ports: {
    each: fields({
      portNumber: fields({ protocol: 'text', port: 'number' }),
      portRange: fields({ protocol: 'text', start: 'number', end: 'number' }),
      namedPort: 'text',
    }),
  },
  protocols: { each: fields({ tcp: TO_PORT, udp: TO_PORT, sctp: TO_PORT, destinationNamedPort: 'text' }) },
} satisfies Readonly<Record<string, Wanted>>
const ADMIN_POLICY = fields({
  tier: 'text',
  priority: 'number',
  subject: fields({ namespaces: SELECTOR, pods: fields({ namespaceSelector: SELECTOR, podSelector: SELECTOR }) }),
  egress: { each: fields({ ...ADMIN_RULE, to: { each: fields(ADMIN_PEER) } }) },
  ingress: { each: fields({ ...ADMIN_RULE, from: { each: fields(ADMIN_PEER) } }) },
})

const CILIUM_SECTIONS = {
  egress: { each: fields({}) },
  egressDeny: { each: fields({}) },
  ingress: { each: fields({}) },
  ingressDeny: { each: fields({}) },
}
const CILIUM_SPEC = fields({ endpointSelector: SELECTOR, nodeSelector: SELECTOR, ...CILIUM_SECTIONS })
const CILIUM_POLICY = fields({ spec: CILIUM_SPEC, specs: { each: CILIUM_SPEC } })

const RULES: Wanted = { each: fields({ verbs: TEXTS, apiGroups: TEXTS, resources: TEXTS, resourceNames: TEXTS }) }
const BINDING = fields({
  roleRef: fields(texts('kind', 'name')),
  subjects: { each: fields(texts('kind', 'name', 'namespace')) },
})

/** Of the whole body. */
const BODIES: Readonly<Record<string, Fields>> = {
  '/Pod': fields({ spec: POD }),
  '/Service': fields({ spec: SERVICE }),
  '/ConfigMap': fields({ data: TEXT_MAP }),
  'networking.k8s.io/NetworkPolicy': fields({ spec: NETWORK_POLICY }),
  'policy.networking.k8s.io/AdminNetworkPolicy': fields({ spec: ADMIN_POLICY }),
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy': fields({ spec: ADMIN_POLICY }),
  'policy.networking.k8s.io/ClusterNetworkPolicy': fields({ spec: ADMIN_POLICY }),
  'cilium.io/CiliumNetworkPolicy': CILIUM_POLICY,
  'cilium.io/CiliumClusterwideNetworkPolicy': CILIUM_POLICY,
  'rbac.authorization.k8s.io/Role': fields({ rules: RULES }),
  'rbac.authorization.k8s.io/ClusterRole': fields({ rules: RULES }),
  'rbac.authorization.k8s.io/RoleBinding': BINDING,
  'rbac.authorization.k8s.io/ClusterRoleBinding': BINDING,
}

const TEMPLATE = fields({ metadata: fields({ labels: TEXT_MAP, annotations: TEXT_MAP }), spec: POD })

/** The first field of the wrong type, in the order of the API's own documentation; null when there is none. */
export const wrongType = (group: string, kind: string, body: JsonObject): WrongType | null => {
  const spec = field(body, 'spec')
  if (spec !== undefined && spec !== null && !isObject(spec))
    return { path: 'spec', is: nameOf(spec), wants: 'an object' }
  const name = `${group}/${kind}`
  const path = Object.hasOwn(TEMPLATE_PATH, name) ? TEMPLATE_PATH[name] : undefined
  const wanted = path !== undefined ? TEMPLATE : Object.hasOwn(BODIES, name) ? BODIES[name] : undefined
  if (wanted === undefined) return null
  const found = inValue(path === undefined ? body : at(body, ...path), wanted)
  return found && { ...found, path: pathText([...(path ?? []), ...found.path]) }
}

/** What is wrong and where, the steps from here down; the text of the path is made only for what is wrong. */
interface Found {
  readonly path: readonly PathStep[]
  readonly is: string
  readonly wants: string
}

const inValue = (value: Json | undefined, wanted: Wanted): Found | null => {
  if (value === undefined || value === null) return null
  if (typeof wanted === 'string')
    return fits(value, wanted) ? null : { path: [], is: nameOf(value), wants: WORDS[wanted] }
  if ('each' in wanted) {
    if (!Array.isArray(value)) return { path: [], is: nameOf(value), wants: 'a list' }
    for (let i = 0; i < value.length; i++) {
      const found = inValue(value[i], wanted.each)
      if (found !== null) return { ...found, path: [i, ...found.path] }
    }
    return null
  }
  if (!isObject(value)) return { path: [], is: nameOf(value), wants: 'an object' }
  const keys = 'values' in wanted ? Object.keys(value) : wanted.keys
  for (const key of keys) {
    const found = inValue(field(value, key), 'values' in wanted ? wanted.values : (wanted.fields[key] as Wanted))
    if (found !== null) return { ...found, path: [key, ...found.path] }
  }
  return null
}

const fits = (value: Json, wanted: keyof typeof WORDS): boolean => {
  if (wanted === 'flag') return typeof value === 'boolean'
  if (typeof value === 'string') return wanted !== 'number'
  return typeof value === 'number' && Number.isInteger(value) && wanted !== 'text'
}

const nameOf = (value: Json): string => {
  if (typeof value === 'string') return 'text'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `the ${typeof value} \`${value}\``
}
