/**
 * The way of a region, from the workload to what the world sees: a line a hop, with the rule or route that decided there.
 * Each reason of the region stands at one hop, and what is not known where it is missed.
 */

/** @type {Readonly<Record<string, string>>} */
const HOP_WORDS = { 'route-table': 'route table', 'egress-gateway': 'egress gateway', managed: 'run by the provider' }

/** @param {string} hop */
const hopWords = hop => HOP_WORDS[hop] ?? hop

/** Hops of the network under a cluster, from the first of them on. */
const NETWORK_HOPS = ['interface', 'subnet', 'managed']

/** Stages that say whether it leaves; the others say where it goes. */
const POLICY_STAGES = ['pod-policy', 'peer-policy']

const MESH_KINDS = [
  'AuthorizationPolicy',
  'DestinationRule',
  'Gateway',
  'PeerAuthentication',
  'ServiceEntry',
  'Sidecar',
  'VirtualService',
]

/** A mesh is set up by a map of its own, too. @param {string | null} object */
const isOfMesh = object => {
  const [, , kind = '', name = ''] = object?.split('/') ?? []
  return MESH_KINDS.includes(kind) || (kind === 'ConfigMap' && /^istio(-|$)/.test(name))
}

/** @param {ReachState} state */
const hasChain = ({ verdict, exit, path }) =>
  verdict === 'denied' ? exit.kind === 'blackhole' : path.length > 0 || exit.kind !== 'in-cluster'

/** @param {ReachState} state @param {NonNullable<ReachWorkload['packed']>} workload @returns {readonly ChainStep[]} */
const chainOf = (state, workload) => {
  const { path, exit, verdict } = state
  const hops = path.map(({ hop, id }) =>
    stepAt(hopWords(hop), hop === 'node' && id === '' ? (workload.node ?? '') : id),
  )
  const own = REACH?.ids[workload.id] ?? ''
  // Without an address of a pod its packets are told by its id.
  const start = { ...stepAt('workload', own), note: workload.source === own ? null : workload.source }
  const policy = stepAt('policy', '')
  const mesh = stepAt('mesh', '')
  const end = endOf(state)
  const firstInNetwork = path.findIndex(({ hop }) => NETWORK_HOPS.includes(hop))
  const isRelayed = path.some(({ hop }) => hop === 'relay')
  let here = -1
  for (const at of state.because) {
    const reason = REACH?.because[at]
    if (reason === undefined) continue
    const { object } = reason
    const ahead = hops.findIndex(({ id }, i) => i >= here && id !== '' && id === object)
    const found = ahead < 0 ? hops.findIndex(({ id }) => id !== '' && id === object) : ahead
    if (found >= 0) here = found
    if (found < 0 && object !== null && object === exit.id) end.reasons.push(reason)
    else if (found < 0 && isOfCluster(object, workload.cluster))
      (isOfMesh(object) ? mesh : ((isRelayed ? hops[here] : null) ?? policy)).reasons.push(reason)
    else {
      // A filter is no hop: it stands where the packet meets it, at the interface or at the hop before.
      if (here < 0 && object !== null) here = firstInNetwork
      ;(hops[here] ?? policy).reasons.push(reason)
    }
  }
  for (const at of state.unknowns) {
    const unknown = REACH?.unknowns[at]
    if (unknown !== undefined)
      stageOf(unknown.stage, {
        policy,
        mesh,
        end,
        relay: hops[path.findIndex(({ hop }) => hop === 'relay')] ?? policy,
      }).unknowns.push(unknown)
  }
  const hasNode = isRelayed || path.some(({ hop }) => hop === 'node' || hop === 'managed')
  const steps = [
    start,
    policy,
    ...(mesh.reasons.length + mesh.unknowns.length > 0 ? [mesh] : []),
    ...(hasNode || verdict === 'denied' ? [] : [openNode(workload, hops.length > 0)]),
    ...hops,
    end,
  ]
  return steps.map(step => (step.mark === 'told' && step.unknowns.length > 0 ? { ...step, mark: 'open' } : step))
}

/** @param {string} word @param {string} id @returns {ChainStep} */
const stepAt = (word, id) => ({
  word,
  id,
  note: null,
  mark: 'told',
  says: null,
  addresses: [],
  reasons: [],
  unknowns: [],
})

/** @param {string | null} object @param {string} cluster */
const isOfCluster = (object, cluster) => object?.startsWith(`${cluster}/`) === true

/** @param {string} stage @param {Readonly<Record<'policy' | 'mesh' | 'relay' | 'end', ChainStep>>} steps */
const stageOf = (stage, { policy, mesh, relay, end }) =>
  POLICY_STAGES.includes(stage) ? policy : stage === 'mesh' ? mesh : stage === 'relay' ? relay : end

/** @param {NonNullable<ReachWorkload['packed']>} workload @param {boolean} goesOn @returns {ChainStep} */
const openNode = ({ pods }, goesOn) => ({
  ...stepAt('node', ''),
  mark: 'open',
  says: `not one: ${pods > 1 ? 'its pods run on several, or none is told' : 'none is told'}${goesOn ? '; hops that all of them share follow' : ''}`,
})

/** @param {ReachState} state @returns {ChainStep} */
const endOf = state => {
  const { exit, verdict } = state
  const step = { ...stepAt('exit', exit.id ?? ''), addresses: exit.sourceAddresses }
  if (verdict === 'denied') return { ...step, word: 'end', mark: 'stop', says: 'dropped: it leaves by no exit' }
  if (exit.kind === 'unknown') return { ...step, mark: 'open', says: 'not known' }
  return { ...step, mark: 'exit', says: exitWords(state) }
}

/** @type {Readonly<Record<ChainStep['mark'], string>>} */
const MARK_SIGNS = { told: '', open: '?', stop: '✕', exit: '→' }

/** Closed it is one line, and the reasons stand below it. @param {ReachState} state @param {NonNullable<ReachWorkload['packed']>} workload @param {boolean} open */
const chainView = (state, workload, open) => {
  const steps = chainOf(state, workload)
  const words = steps.map(({ word, mark }) => (mark === 'open' ? `${word} (not known)` : word))
  const list = h('ol', { class: 'chain' })
  const fill = () => {
    if (list.childElementCount === 0)
      append(
        list,
        steps.map(step => chainItem(step, workload.cluster)),
      )
  }
  const details = h(
    'details',
    { class: 'way-out', open, toggle: fill },
    h('summary', null, h('b', null, 'The way, hop by hop'), ' ', h('span', { class: 'muted' }, words.join(' → '))),
    list,
  )
  if (open) fill()
  // On paper nothing opens.
  window.addEventListener('beforeprint', () => {
    fill()
    details.open = true
  })
  return details
}

/** @param {ChainStep} step @param {string} cluster */
const chainItem = ({ word, id, note, mark, says, addresses, reasons: because, unknowns }, cluster) =>
  h(
    'li',
    { class: `step ${mark}` },
    h('span', { class: 'mark', 'aria-hidden': 'true' }, MARK_SIGNS[mark]),
    h('span', { class: 'hop' }, word),
    says === null && id === ''
      ? null
      : h(
          'span',
          { class: 'at' },
          says === null ? null : h('b', null, says),
          says === null || id === '' ? null : ' ',
          id === '' ? null : h('span', { class: 'object' }, named(inside(id, cluster))),
          note === null ? null : h('span', { class: 'where' }, 'from ', code(note)),
          addresses.length === 0 ? null : h('span', { class: 'seen' }, 'the world sees ', names(addresses)),
        ),
    because.length + unknowns.length === 0
      ? null
      : h(
          'ul',
          { class: 'decided' },
          because.map(reason => h('li', null, becauseItem(reason, id))),
          unknowns.map(unknown => h('li', { class: 'open' }, unknownItem(unknown))),
        ),
  )
