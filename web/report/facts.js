/** The few facts that decide everything else, side by side. @param {ClusterInventory} cluster @param {(id: string) => string} short */
const factPanels = (cluster, short) => {
  const { counts, platform, dataplane, dns } = cluster
  /** @param {string} title @param {Child[]} facts */
  const panel = (title, ...facts) =>
    h('div', { class: 'card' }, h('h4', null, title), h('dl', { class: 'facts' }, facts))
  return h(
    'div',
    { class: 'cards panels' },
    panel(
      'Platform',
      fact('Runs on', named(platformWords(cluster))),
      fact('Nodes', `${counts.nodes} (${platform.operatingSystems.join(', ') || 'system unknown'})`),
      fact('Namespaces', counts.namespaces),
      fact('Workloads', `${counts.workloads}, ${count(counts.pods, 'pod')}`),
      fact('Services', counts.services),
      fact('Network policies', counts.policies),
    ),
    panel(
      'Dataplane',
      fact(
        'Network plugin',
        dataplane.cnis.length === 0
          ? 'unknown'
          : names(dataplane.cnis.map(cni => `${[cni.name, cni.version].filter(Boolean).join(' ')} (${cni.evidence})`)),
      ),
      fact('Policy enforced', yesNo(dataplane.enforcesPolicy)),
      fact(
        'kube-proxy',
        named(
          dataplane.kubeProxy.replacedBy === null
            ? (dataplane.kubeProxy.mode ?? 'unknown')
            : `replaced by ${dataplane.kubeProxy.replacedBy}`,
        ),
      ),
      fact('Address families', dataplane.ipFamilies.join(', ') || 'unknown'),
      dataplane.masquerade.map(item => fact('Masquerade', named(item.what))),
      dataplane.settings.map(item => fact(item.name, code(item.value))),
    ),
    panel(
      'DNS',
      fact(
        'Resolvers',
        dns.resolvers.length === 0
          ? 'none seen'
          : names(dns.resolvers.map(item => `${item.kind} ${item.addresses.join(', ')}`)),
      ),
      dns.nodeLocal === null ? null : fact('Node-local cache', names(dns.nodeLocal.addresses)),
      dns.forwards.map(item =>
        fact(`Forwards ${item.zone}`, names(item.upstreams.map(upstream => `${upstream} (${item.protocol})`))),
      ),
      fact('Query log', dns.queryLog.state),
      dns.custom.map(item => fact(named(short(item.id)), named(item.why))),
      dns.sidecars.map(item => fact(named(short(item.id)), named(`resolver of its own: ${item.evidence}`))),
    ),
    cluster.mesh.map(mesh =>
      panel(
        `Mesh: ${mesh.product}`,
        fact('Version', mesh.version ?? 'unknown'),
        fact('Mode', mesh.modes.join(', ')),
        fact('Unknown destinations', mesh.outbound),
        fact('DNS capture', yesNo(mesh.dnsCapture)),
        fact('Access log', yesNo(mesh.accessLog)),
        fact('Namespaces', names(mesh.injectedNamespaces)),
      ),
    ),
  )
}
