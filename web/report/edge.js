/** The edge of one cluster, table by table. */

/** @param {ClusterInventory} cluster */
const edgeView = cluster => {
  /** @param {string} id */
  const short = id => inside(id, cluster.cluster)
  /** @param {readonly string[]} ids */
  const ids = ids => names(ids, short)
  /** @type {string[]} */
  const unseen = []
  /**
   * @template T
   * @param {string} caption
   * @param {readonly T[]} rows
   * @param {readonly (readonly [string, (row: T) => Child])[]} columns
   */
  const seen = (caption, rows, columns) => {
    if (rows.length > 0) return table(caption, rows, columns)
    unseen.push(caption.toLowerCase())
    return null
  }

  const content = [
    factPanels(cluster, short),
    seen('Node-surface services', cluster.services, [
      ['Service', row => named(short(row.id))],
      [
        'Exposed as',
        row => [names(row.exposures), row.because === null ? null : h('p', { class: 'muted' }, named(row.because))],
      ],
      ['Ports', row => names(row.ports)],
      ['Reached at', row => names([...row.addresses, ...row.target])],
      ['Allowed from', row => names(row.sourceRanges)],
      ['Traffic policy', row => names(trafficPolicies(row))],
      [
        'Workloads behind',
        row =>
          names(row.workloads.map(id => `${short(id)}${row.leavesAsNode.includes(id) ? ' (leaves as the node)' : ''}`)),
      ],
    ]),
    seen('Host ports', cluster.hostPorts, [
      ['Workload', row => named(short(row.id))],
      ['Port', row => `${row.hostIP ?? 'every address'}:${row.port}/${row.protocol}`],
      ['Kind', row => (row.managed ? 'add-on' : 'own')],
    ]),
    seen('Host-privileged workloads', cluster.hostPrivileged, [
      ['Workload', row => named(short(row.id))],
      ['Privileges', row => names(privileges(row))],
      ['Kind', row => (row.managed ? (row.addOn ?? 'add-on') : 'own')],
      ['Owner', row => (row.owner === null ? h('i', null, 'no owner') : named(row.owner))],
      ['Pods', row => row.pods],
      [
        'Shares with',
        row =>
          `${count(row.sharesNamespaceWith, 'workload')} in its namespace, ${row.sharesNodesWith ?? 'unknown'} on its nodes`,
      ],
      ['Exception', row => (row.exception === null ? null : named(row.exception))],
    ]),
    seen('Exits', cluster.exits, [
      ['Exit', row => named(short(row.id))],
      ['Kind', row => row.kind],
      ['Product', row => named(row.product)],
      ['Addresses', row => names(row.addresses)],
    ]),
    seen('Tunnels', cluster.tunnels, [
      ['Workload', row => named(short(row.id))],
      ['Product', row => named(row.product)],
      ['Seen by', row => names(row.evidence)],
    ]),
    seen('Secondary networks', cluster.secondaryNetworks, [
      ['Workload', row => named(short(row.id))],
      ['Networks', row => names(row.networks)],
    ]),
    seen('Nodes with public addresses', cluster.nodesWithPublicAddress, [
      ['Node', row => named(short(row.id))],
      ['Addresses', row => names(row.addresses)],
    ]),
    seen('Nodes by their own account', cluster.nodeReports, [
      ['Node', row => (row.node === null ? h('i', null, 'not named') : named(row.node))],
      ['Answers on', row => names(row.listeners)],
      ['Forwards', row => `IPv4 ${yesNo(row.forwarding.ipv4)}, IPv6 ${yesNo(row.forwarding.ipv6)}`],
      ['Source rewritten', row => names(row.sourceTranslation)],
      ['Tunnels', row => names(row.tunnels)],
      ['Not given', row => names(row.missing)],
    ]),
    seen('Namespaces', cluster.controls.namespaces, [
      ['Namespace', row => named(row.namespace)],
      ['Workloads', row => row.workloads],
      [
        'Default-deny egress',
        row =>
          h(
            'span',
            {
              class: `pill ${row.defaultDenyEgress === 'full' ? 'good' : row.defaultDenyEgress === 'unknown' ? 'unknown' : 'bad'}`,
            },
            row.defaultDenyEgress,
          ),
      ],
      ['Policies', row => names(row.policies)],
      [
        'Pod security',
        row =>
          `enforce ${row.podSecurity.enforce ?? 'none'}, audit ${row.podSecurity.audit ?? 'none'}, warn ${row.podSecurity.warn ?? 'none'}`,
      ],
    ]),
    seen('Admission policies', cluster.controls.admission, [
      ['Policy', row => named(short(row.id))],
      ['Engine', row => named(row.engine)],
      ['Controls', row => names(row.controls)],
      ['Action', row => named(row.action)],
      ['Enforces', row => yesNo(row.enforces)],
    ]),
    seen('Who can open a way out', cluster.controls.access, [
      ['Subject', row => named(row.subject)],
      ['Can', row => named(row.can)],
      ['In namespace', row => (row.namespace === '*' ? 'every namespace' : named(row.namespace))],
      ['Via', row => named(short(row.via))],
    ]),
    seen('Flow logs', cluster.controls.flowLogs, [
      ['Source', row => named(row.source)],
      ['State', row => row.state],
      ['Object', row => (row.object === null ? null : named(short(row.object)))],
    ]),
    seen('Identity', hygiene(cluster, short), [
      ['What', row => row.what],
      ['Which', row => names(row.which)],
    ]),
  ]
  return [
    content,
    unseen.length === 0 ? null : h('p', { class: 'muted' }, `Looked for and not seen: ${unseen.join(', ')}.`),
  ]
}

/** @param {ClusterInventory['services'][number]} row */
const trafficPolicies = row => [
  ...(row.externalTrafficPolicy === null ? [] : [`external ${row.externalTrafficPolicy}`]),
  ...(row.internalTrafficPolicy === null ? [] : [`internal ${row.internalTrafficPolicy}`]),
]

/** @param {ClusterInventory['hostPrivileged'][number]} row */
const privileges = row => [
  ...(row.hostNetwork ? ['hostNetwork'] : []),
  ...(row.hostPID ? ['hostPID'] : []),
  ...(row.hostIPC ? ['hostIPC'] : []),
  ...(row.hostProcess ? ['hostProcess'] : []),
  ...row.privileged.map(container => `privileged: ${container}`),
  ...row.capabilities.map(({ container, added }) => `${added.join(', ')}: ${container}`),
  ...row.hostPaths.map(({ path, gives }) => `${path}: ${gives}`),
  ...row.ephemeral.map(container => `ephemeral: ${container}`),
]

/** @param {ClusterInventory} cluster @param {(id: string) => string} short */
const hygiene = ({ identity }, short) =>
  [
    { what: 'Use the default service account', which: identity.defaultServiceAccount.map(short) },
    { what: 'Without an owner', which: identity.withoutOwner.map(short) },
    { what: 'Without a controller', which: identity.withoutController.map(short) },
    {
      what: 'No selector can tell apart',
      which: identity.indistinguishable.map(item => `${item.ids.map(short).join(', ')} (${item.why})`),
    },
    {
      what: 'Namespaces without labels',
      which: identity.namespacesWithoutLabels.map(item => `${item.namespace}: ${item.missing.join(', ')}`),
    },
  ].filter(row => row.which.length > 0)
