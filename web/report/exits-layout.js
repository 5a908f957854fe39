/** Where the boxes and bands of the map of exits stand. A band is as wide as the number of its workloads. */

const WIDE = { width: 960, box: 330, text: 44 }
/** On a narrow screen the drawing is as wide as the screen, so that its letters keep their size. */
const NARROW = { width: 340, box: 138, text: 19 }

const MAP = { row: 48, boxHeight: 38, bands: 32, least: 1.5, most: 40 }

/**
 * @param {MapScene} scene
 * @param {typeof WIDE} size
 */
const mapLayout = (scene, size) => {
  const drawnSources = mostFirst(scene.links, link => link.source)
  const drawnExits = mostFirst(scene.links, link => link.exit)
  const sources = drawnSources.slice(0, MAP.most)
  const exits = drawnExits.slice(0, MAP.most)
  const links = scene.links.filter(({ source, exit }) => sources.includes(source) && exits.includes(exit))
  const height = Math.max(sources.length, exits.length) * MAP.row
  /** @param {readonly number[]} all @returns {ReadonlyMap<number, number>} */
  const middles = all => new Map(all.map((one, i) => [one, (height * (i + 0.5)) / all.length]))
  const [left, right] = [middles(sources), middles(exits)]
  /** @param {(link: MapLink) => number} endOf */
  const fullest = endOf =>
    Math.max(
      1,
      ...[...Map.groupBy(links, endOf).values()].map(all => all.reduce((sum, { workloads }) => sum + workloads, 0)),
    )
  const scale =
    MAP.bands /
    Math.max(
      fullest(link => link.source),
      fullest(link => link.exit),
    )
  const thick = (/** @type {MapLink} */ link) => Math.max(MAP.least, link.workloads * scale)
  /** Bands at one box lie beside each other, in the order of the boxes that they lead to. @param {(link: MapLink) => number} endOf @param {(link: MapLink) => number} otherOf @param {ReadonlyMap<number, number>} at @param {ReadonlyMap<number, number>} others */
  const spread = (endOf, otherOf, at, others) => {
    /** @type {Map<MapLink, number>} */
    const ys = new Map()
    for (const [end, all] of Map.groupBy(links, endOf)) {
      const sorted = all.toSorted((a, b) => (others.get(otherOf(a)) ?? 0) - (others.get(otherOf(b)) ?? 0))
      let y = (at.get(end) ?? 0) - sorted.reduce((sum, link) => sum + thick(link), 0) / 2
      for (const link of sorted) {
        ys.set(link, y + thick(link) / 2)
        y += thick(link)
      }
    }
    return ys
  }
  const from = spread(
    link => link.source,
    link => link.exit,
    left,
    right,
  )
  const to = spread(
    link => link.exit,
    link => link.source,
    right,
    left,
  )
  const [x1, x2] = [size.box, size.width - size.box]
  const bend = (x1 + x2) / 2
  return {
    height,
    left,
    right,
    bands: links.map(link => ({
      link,
      width: thick(link),
      d: `M${x1} ${at1(from.get(link))}C${bend} ${at1(from.get(link))} ${bend} ${at1(to.get(link))} ${x2} ${at1(to.get(link))}`,
    })),
    notDrawn: drawnSources.length + drawnExits.length - sources.length - exits.length,
  }
}

/** To a tenth of a point. @param {number | undefined} y */
const at1 = (y = 0) => Math.round(y * 10) / 10

/** Ends of links: those of which most is said, in the order of the map. @param {readonly MapLink[]} links @param {(link: MapLink) => number} endOf */
const mostFirst = (links, endOf) => {
  const sums = new Map(
    [...Map.groupBy(links, endOf)].map(([end, all]) => [end, all.reduce((n, l) => n + l.workloads, 0)]),
  )
  const ends = [...sums.keys()]
  return ends.length <= MAP.most
    ? ends.toSorted((a, b) => a - b)
    : ends.toSorted((a, b) => (sums.get(b) ?? 0) - (sums.get(a) ?? 0) || a - b)
}
