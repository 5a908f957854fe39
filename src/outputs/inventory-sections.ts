import type { ClusterInventory, HostPrivilegedWorkload, ReachedFrom } from '../model/inventory.ts'

/** One table of a cluster's inventory, neutral of how it is drawn. Texts are as read. */
export interface Section {
  readonly title: string
  readonly columns: readonly SectionColumn[]
  readonly rows: readonly (readonly string[])[]
}

export interface SectionColumn {
  readonly header: string
  readonly align?: 'right'
  /** Only with `-o wide`. */
  readonly wide?: true
}

type Cell<T> = readonly [header: string, of: (item: T) => string, wide?: 'wide']

const section = <T>(title: string, items: readonly T[], cells: readonly Cell<T>[]): Section => ({
  title,
  columns: cells.map(([header, , wide]) => (wide === undefined ? { header } : { header, wide: true })),
  rows: items.map(item => cells.map(([, of]) => of(item))),
})

const LISTED = 12

/** A cell is no place for three hundred node names: the rest is counted, and stands in the json. */
const list = (items: readonly string[]): string =>
  items.length <= LISTED ? items.join(', ') : `${items.slice(0, LISTED).join(', ')}, +${items.length - LISTED} more`

/** `null` is not known: a question mark, never an empty cell. */
/** `internet via igw-1`; a dash: nobody, a question mark: no network was read. */
const reached = (from: readonly ReachedFrom[] | null): string =>
  from === null
    ? '?'
    : list(
        from.map(
          ({ from: kind, id, verdict }) =>
            `${verdict === 'unknown' ? 'perhaps ' : ''}${kind}${id === null ? '' : ` ${id.split('/').at(-1)}`}`,
        ),
      )

const known = (value: string | number | null): string => (value === null ? '?' : String(value))
export const yesNo = (value: boolean | null): string => (value === null ? '?' : value ? 'yes' : 'no')

/** `cluster/ns/Kind/name` inside its own cluster's chapter: the cluster goes without saying. */
const inside = (cluster: string) => {
  const prefix = `${cluster}/`
  return (id: string): string => (id.startsWith(prefix) ? id.slice(prefix.length) : id)
}

const privileges = (item: HostPrivilegedWorkload): string =>
  list([
    ...(item.hostNetwork ? ['hostNetwork'] : []),
    ...(item.hostPID ? ['hostPID'] : []),
    ...(item.hostIPC ? ['hostIPC'] : []),
    ...(item.hostProcess ? ['hostProcess'] : []),
    ...(item.privileged.length > 0 ? [`privileged (${list(item.privileged)})`] : []),
    ...item.capabilities.map(({ container, added }) => `${list(added)} (${container})`),
    ...item.hostPaths.map(({ path, gives }) => `${path}: ${gives}`),
    ...(item.ephemeral.length > 0 ? [`ephemeral ${list(item.ephemeral)}`] : []),
  ])

const edge = (cluster: ClusterInventory): readonly Section[] => {
  const short = inside(cluster.cluster)
  const ids = (items: readonly string[]): string => list(items.map(short))
  return [
    section('node-surface services', cluster.services, [
      ['service', item => short(item.id)],
      ['exposed as', item => list(item.exposures)],
      ['ports', item => list(item.ports)],
      ['reached at', item => list([...item.addresses, ...item.target])],
      ['allowed from', item => list(item.sourceRanges), 'wide'],
      [
        'external / internal policy',
        item => `${item.externalTrafficPolicy ?? '-'} / ${item.internalTrafficPolicy ?? '-'}`,
        'wide',
      ],
      ['workloads', item => ids(item.workloads), 'wide'],
      ['leave as the node', item => ids(item.leavesAsNode), 'wide'],
      ['because', item => item.because ?? '', 'wide'],
      ['node ports reached from', item => reached(item.reachedFrom)],
    ]),
    section('host ports', cluster.hostPorts, [
      ['workload', item => short(item.id)],
      ['port', item => `${item.hostIP ?? '*'}:${item.port}/${item.protocol}`],
      ['managed', item => yesNo(item.managed)],
      ['reached from', item => reached(item.reachedFrom)],
    ]),
    section('host-privileged workloads', cluster.hostPrivileged, [
      ['workload', item => short(item.id)],
      ['privileges', privileges],
      ['kind', item => (item.managed ? (item.addOn ?? 'add-on') : 'own')],
      ['owner', item => known(item.owner)],
      ['pods', item => String(item.pods), 'wide'],
      ['nodes', item => ids(item.nodes), 'wide'],
      ['shares namespace / nodes with', item => `${item.sharesNamespaceWith} / ${known(item.sharesNodesWith)}`, 'wide'],
      ['exception', item => item.exception ?? '', 'wide'],
    ]),
    section('exits', cluster.exits, [
      ['exit', item => short(item.id)],
      ['kind', item => item.kind],
      ['product', item => item.product],
      ['addresses', item => list(item.addresses)],
    ]),
    section('tunnels', cluster.tunnels, [
      ['workload', item => short(item.id)],
      ['product', item => item.product],
      ['seen by', item => list(item.evidence)],
    ]),
    section('secondary networks', cluster.secondaryNetworks, [
      ['workload', item => short(item.id)],
      ['networks', item => list(item.networks)],
    ]),
    section('nodes by their own account', cluster.nodeReports, [
      ['node', item => known(item.node)],
      ['answers on', item => list(item.listeners)],
      ['forwards', item => `IPv4 ${yesNo(item.forwarding.ipv4)}, IPv6 ${yesNo(item.forwarding.ipv6)}`],
      ['source rewritten', item => list(item.sourceTranslation)],
      ['tunnels', item => list(item.tunnels), 'wide'],
      ['not given', item => list(item.missing), 'wide'],
    ]),
    section('nodes with public addresses', cluster.nodesWithPublicAddress, [
      ['node', item => short(item.id)],
      ['addresses', item => list(item.addresses)],
    ]),
  ]
}

const ways = (cluster: ClusterInventory): readonly Section[] => {
  const short = inside(cluster.cluster)
  const { dataplane, dns } = cluster
  const proxy = dataplane.kubeProxy
  return [
    section(
      'dataplane',
      [
        ...dataplane.cnis.map(cni => ['network plugin', `${cni.name} ${cni.version ?? ''}`.trim(), cni.evidence]),
        ['policy profile', dataplane.profile, ''],
        ['policy enforced', yesNo(dataplane.enforcesPolicy), ''],
        [
          'kube-proxy',
          proxy.replacedBy === null ? known(proxy.mode) : `replaced by ${proxy.replacedBy}`,
          proxy.evidence ?? '',
        ],
        ['address families', dataplane.ipFamilies.length === 0 ? '?' : list(dataplane.ipFamilies), ''],
        ...dataplane.masquerade.map(item => ['masquerade', item.what, item.evidence]),
        ...dataplane.settings.map(item => [item.name, item.value, short(item.object)]),
      ],
      [
        ['setting', row => row[0] ?? ''],
        ['value', row => row[1] ?? ''],
        ['seen by', row => row[2] ?? '', 'wide'],
      ],
    ),
    section(
      'DNS',
      [
        ...dns.resolvers.map(item => [item.kind, list(item.addresses), short(item.id)]),
        ...(dns.nodeLocal === null
          ? []
          : [['node-local cache', list(dns.nodeLocal.addresses), short(dns.nodeLocal.id)]]),
        ...dns.forwards.map(item => [
          `forwards ${item.zone}`,
          `${list(item.upstreams)} (${item.protocol})`,
          short(item.object),
        ]),
        ['query log', dns.queryLog.state, dns.queryLog.object === null ? '' : short(dns.queryLog.object)],
        ...dns.custom.map(item => [
          `dnsPolicy ${item.dnsPolicy}`,
          list(item.nameservers),
          `${short(item.id)}: ${item.why}`,
        ]),
        ...dns.sidecars.map(item => ['resolver of its own', item.evidence, `${short(item.id)}: ${item.container}`]),
      ],
      [
        ['what', row => row[0] ?? ''],
        ['value', row => row[1] ?? ''],
        ['where', row => row[2] ?? ''],
      ],
    ),
    section('mesh', cluster.mesh, [
      ['mesh', item => `${item.product} ${item.version ?? ''}`.trim()],
      ['mode', item => list(item.modes)],
      ['unknown destinations', item => item.outbound],
      ['DNS capture', item => yesNo(item.dnsCapture), 'wide'],
      ['access log', item => yesNo(item.accessLog)],
      ['namespaces', item => list(item.injectedNamespaces)],
      ['object', item => (item.object === null ? '' : short(item.object)), 'wide'],
    ]),
  ]
}

const controls = (cluster: ClusterInventory): readonly Section[] => {
  const short = inside(cluster.cluster)
  return [
    section('namespaces', cluster.controls.namespaces, [
      ['namespace', item => item.namespace],
      ['workloads', item => String(item.workloads)],
      ['default-deny egress', item => item.defaultDenyEgress],
      ['pod security', item => item.podSecurity.enforce ?? 'none'],
      ['audit / warn', item => `${item.podSecurity.audit ?? '-'} / ${item.podSecurity.warn ?? '-'}`, 'wide'],
      ['policies', item => list(item.policies), 'wide'],
    ]),
    section('admission', cluster.controls.admission, [
      ['policy', item => short(item.id)],
      ['engine', item => item.engine],
      ['controls', item => list(item.controls)],
      ['action', item => item.action],
      ['enforces', item => yesNo(item.enforces)],
    ]),
    section('who can open a way out', cluster.controls.access, [
      ['subject', item => item.subject],
      ['can', item => item.can],
      ['in namespace', item => item.namespace],
      ['via', item => short(item.via), 'wide'],
    ]),
    section('flow logs', cluster.controls.flowLogs, [
      ['source', item => item.source],
      ['state', item => item.state],
      ['object', item => (item.object === null ? '' : short(item.object)), 'wide'],
    ]),
  ]
}

const identity = (cluster: ClusterInventory): Section => {
  const short = inside(cluster.cluster)
  const hygiene = cluster.identity
  const row = (what: string, ids: readonly string[]): readonly string[] => [
    what,
    String(ids.length),
    list(ids.map(short)),
  ]
  const rows = [
    row('use the default service account', hygiene.defaultServiceAccount),
    row('without an owner', hygiene.withoutOwner),
    row('without a controller', hygiene.withoutController),
    row(
      'no selector can tell apart',
      hygiene.indistinguishable.map(item => `${list(item.ids.map(short))} (${item.why})`),
    ),
    row(
      'namespaces without labels',
      hygiene.namespacesWithoutLabels.map(item => `${item.namespace} (${list(item.missing)})`),
    ),
  ].filter(cells => cells[1] !== '0')
  return {
    title: 'identity',
    columns: [{ header: 'what' }, { header: 'count', align: 'right' }, { header: 'which', wide: true }],
    rows,
  }
}

/** Every section of a cluster, the edge first. A section without rows was looked for and not seen. */
export const sectionsOf = (cluster: ClusterInventory): readonly Section[] => [
  ...edge(cluster),
  ...ways(cluster),
  ...controls(cluster),
  identity(cluster),
]
