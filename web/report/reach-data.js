/** What each workload can reach, unpacked from the tables that the rows share. */

/** @type {ReachData | null} */
const REACH = embedded('data-reach')

/** @type {readonly ReachWorkload[]} */
const REACH_WORKLOADS =
  REACH === null
    ? []
    : [
        ...REACH.workloads.map(packed => {
          const id = REACH.ids[packed.id] ?? ''
          return { id, variant: packed.variant, cluster: packed.cluster, namespace: packed.namespace, packed }
        }),
        ...REACH.leftOut.map(id => {
          const [cluster = '', namespace = ''] = id.split('/')
          return { id, variant: null, cluster, namespace, packed: null }
        }),
      ]

/** The rows of each id, as an address can hold it; several where rules or places tell its pods apart. */
const REACH_BY_ID = Map.groupBy(REACH_WORKLOADS, workload => workload.id.toWellFormed())

/** `#reach/c1/shop/Deployment/web`, with the variant after a question mark. @param {string} id @param {string | null} variant */
const reachFragment = (id, variant) => {
  const path = id.toWellFormed().split('/').map(encodeURIComponent).join('/')
  return variant === null ? `reach/${path}` : `reach/${path}?${encodeURIComponent(variant.toWellFormed())}`
}

/** @param {string} text */
const decoded = text => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The workload that a fragment names; null where there is none. @param {string} fragment */
const reachNamed = fragment => {
  if (!fragment.startsWith('reach/')) return null
  const [path = '', variant] = fragment.slice('reach/'.length).split('?').map(decoded)
  const rows = REACH_BY_ID.get(path ?? '') ?? []
  return rows.find(row => (row.variant?.toWellFormed() ?? null) === (variant ?? null)) ?? rows[0] ?? null
}

/** `3-8,11` @param {string} runs @returns {readonly number[]} */
const numbersIn = runs =>
  runs === ''
    ? []
    : runs.split(',').flatMap(run => {
        const [first = 0, last = first] = run.split('-').map(Number)
        return Array.from({ length: last - first + 1 }, (_, i) => first + i)
      })

/** One region of a row, unpacked but for what its state says. @param {number} at @param {NonNullable<ReachWorkload['packed']>} workload @returns {ReachRegion} */
const regionAt = (at, workload) => {
  const [target, traffic, state, packet] = REACH?.regions[at] ?? [0, 0, 0, null]
  return {
    to: /** @type {ReachRegion['to']} */ (REACH?.targets[target]),
    traffic: REACH?.traffics[traffic] ?? [],
    state,
    packet: packet?.startsWith(' -> ') ? `${workload.source}${packet}` : packet,
  }
}

/** @param {number} state @returns {ReachState} */
const stateAt = state => /** @type {ReachState} */ (REACH?.states[state])

/** Where packets leave the cluster, what a reader fears most first; then what is inside. */
const PLACES = [
  'internet',
  'names',
  'metadata',
  'resolver',
  'private',
  'on-premises',
  'peer-network',
  'network',
  'link-local',
  'reserved',
  'apiserver',
  'nodes',
  'service',
  'workloads',
]
const FIRST_INSIDE = PLACES.indexOf('apiserver')

/** @param {ReachRegion['to']} to */
const placeIn = to => (to.kind === 'addresses' ? to.zone : to.kind)

/** A place that this page does not know stands last of those outside. @param {ReachRegion['to']} to */
const rankOf = to => {
  const at = PLACES.indexOf(placeIn(to))
  return at < 0 ? FIRST_INSIDE - 0.5 : at
}

/** @type {Readonly<Record<string, string>>} */
const PLACE_WORDS = {
  internet: 'the internet',
  names: 'names',
  metadata: 'the metadata service',
  resolver: 'the resolver',
  private: 'private addresses',
  'on-premises': 'on-premises',
  'peer-network': 'a peer network',
  network: 'the network',
  'link-local': 'link-local addresses',
  reserved: 'reserved addresses',
  apiserver: 'kube-apiserver',
  nodes: 'nodes',
  service: 'Services',
  workloads: 'workloads',
}

/** What a row comes to: places where something is allowed, and where something is not known. @type {Map<number, { readonly allowed: ReadonlySet<string>, readonly unknown: ReadonlySet<string> }>} */
const summaries = new Map()

/** @param {number} row */
const summaryOf = row => {
  const known = summaries.get(row)
  if (known !== undefined) return known
  const { egress = [], relayed = [] } = REACH?.rows[row] ?? {}
  const allowed = new Set()
  const unknown = new Set()
  for (const at of [...egress, ...relayed]) {
    const [target = 0, , state = 0] = REACH?.regions[at] ?? []
    const to = /** @type {ReachRegion['to']} */ (REACH?.targets[target])
    const { verdict } = stateAt(state)
    if (verdict === 'allowed') allowed.add(placeIn(to))
    if (verdict === 'unknown') unknown.add(placeIn(to))
  }
  const summary = { allowed, unknown }
  summaries.set(row, summary)
  return summary
}
