/** Which workloads are shown: search words, a cluster, a namespace, a place that they reach. */

/** Places that are worth a filter and a sign on the row. */
const EXPOSED = ['internet', 'names', 'metadata']

/** @type {readonly { readonly words: string, readonly holds: (workload: ReachWorkload) => boolean }[]} */
const REACHES = [
  ...['internet', 'names', 'metadata', 'resolver', 'private', 'on-premises', 'peer-network', 'apiserver'].flatMap(
    place => [
      {
        words: `reaches ${PLACE_WORDS[place]}`,
        holds: (/** @type {ReachWorkload} */ { packed }) => packed !== null && summaryOf(packed.row).allowed.has(place),
      },
    ],
  ),
  { words: 'something not known', holds: ({ packed }) => packed !== null && summaryOf(packed.row).unknown.size > 0 },
  { words: 'on the host network', holds: ({ packed }) => packed?.hostNetwork === true },
  { words: 'left out of this file', holds: ({ packed }) => packed === null },
]

/** @param {() => void} changed */
const reachToolbar = changed => {
  const search = h('input', {
    type: 'search',
    id: 'reach-search',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'Workload, service account …',
    input: changed,
  })
  /** @param {string} id @param {string} any @param {readonly string[]} values */
  const choice = (id, any, values) => ({
    values,
    select: h(
      'select',
      { id, change: changed },
      h('option', null, any),
      values.map(value => h('option', null, value)),
    ),
  })
  /** @param {(workload: ReachWorkload) => string} of */
  const valuesOf = of => [...new Set(REACH_WORKLOADS.map(of))].toSorted(inOrder)
  const cluster = choice(
    'reach-cluster',
    'Any cluster',
    valuesOf(workload => workload.cluster),
  )
  const namespace = choice(
    'reach-namespace',
    'Any namespace',
    valuesOf(workload => workload.namespace),
  )
  const asked = REACHES.filter(({ holds }) => REACH_WORKLOADS.some(holds))
  const place = choice(
    'reach-place',
    'Anything',
    asked.map(({ words }) => words),
  )

  const reset = () => {
    search.value = ''
    for (const { select } of [cluster, namespace, place]) select.selectedIndex = 0
  }
  const selected = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const inCluster = cluster.values[cluster.select.selectedIndex - 1]
    const inNamespace = namespace.values[namespace.select.selectedIndex - 1]
    const reaching = asked[place.select.selectedIndex - 1]
    return REACH_WORKLOADS.filter(workload => {
      const text = `${workload.id}\n${workload.variant ?? ''}\n${workload.packed?.account ?? ''}`.toLowerCase()
      return (
        (inCluster === undefined || workload.cluster === inCluster) &&
        (inNamespace === undefined || workload.namespace === inNamespace) &&
        (reaching === undefined || reaching.holds(workload)) &&
        words.every(word => text.includes(word))
      )
    })
  }
  const clear = () => {
    reset()
    changed()
  }
  /** @param {string} label @param {HTMLElement} control */
  const field = (label, control) => h('div', { class: 'field' }, h('label', { for: control.id }, label), control)
  const element = h(
    'form',
    { class: 'toolbar flat', role: 'search', 'aria-label': 'Workloads', submit: event => event.preventDefault() },
    field('Search', search),
    field('Cluster', cluster.select),
    field('Namespace', namespace.select),
    field('Which', place.select),
    h('button', { type: 'button', class: 'quiet', click: clear }, 'Clear'),
  )
  return { element, search, selected, reset }
}
