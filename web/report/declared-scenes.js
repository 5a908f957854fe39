/** What can be drawn of the Declared, in one shape: a namespace with its workloads, or the nodes of a cluster with their pools. */

/** @type {Readonly<Record<PicturePool['hold'], string | null>>} */
const HOLD_WORDS = {
  nothing: 'no policy for hosts limits what they send; filters of the cloud may, and were not read',
  policy: null,
  firewall: 'a packet filter of their own stops something; what it leaves of what is declared is not known',
  unknown: 'policies for hosts were not read, or are of a kind that is not evaluated',
}

/** @param {PictureNamespace} namespace @returns {DeclaredScene} */
const sceneOfNamespace = ({ cluster, namespace, groups }) => ({
  title: `${cluster}/${namespace}`,
  name: namespace,
  column: 'workloads',
  groups: groups.map(({ workloads, ways }) => {
    const short = workloads.map(id => inside(id, `${cluster}/${namespace}`))
    const [first = '', ...more] = short
    return {
      words: more.length === 0 ? [first] : [first, `and ${more.length} more`],
      title: workloads.join('\n'),
      cell: () => names(workloads, id => inside(id, `${cluster}/${namespace}`), 3),
      ways,
    }
  }),
  notes: [],
})

/** @param {PictureNodes} nodes @returns {DeclaredScene} */
const sceneOfNodes = ({ cluster, pools }) => ({
  title: `${cluster}: nodes`,
  name: `nodes of ${cluster}`,
  column: 'nodes',
  groups: pools.map(group => ({
    words: [poolWords(group), holdWords(group)],
    title: [poolWords(group), ...group.nodes].join('\n'),
    cell: () => [named(poolWords(group)), names(group.nodes, node => node, 3)],
    ways: group.ways,
  })),
  notes: pools.flatMap(group => {
    const words = HOLD_WORDS[group.hold]
    return words === null ? [] : [`${poolWords(group)} (${count(group.nodes.length, 'node')}): ${words}`]
  }),
})

/** @param {PicturePool} group */
const poolWords = ({ pool, nodes }) => {
  if (pool !== null) return `pool ${pool}`
  const [first = '', ...more] = nodes
  return `of no pool: ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`
}

/** @param {PicturePool} group */
const holdWords = ({ hold, nodes }) =>
  `${count(nodes.length, 'node')}${hold === 'nothing' ? ': nothing holds them' : ''}`
