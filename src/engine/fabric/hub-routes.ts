import type { HubRoute } from '../../model/fabric.ts'
import type { Unknown } from '../../model/reach.ts'
import type { Family } from '../../sets/cidr.ts'
import type { Region } from '../../sets/region.ts'
import type { Around, Entered, Taken } from './around.ts'
import { type Grounds, groundsOf } from './grounds.ts'
import { hubExitsIn } from './hub-exits.ts'
import { oneOf } from './one-of.ts'
import { notRead, said } from './places.ts'
import { groupedBy, openRoutes } from './routes.ts'
import { as, asking, isOpen, openly, over, type Place, stops, type Way } from './ways.ts'

/** The tables of a hub: the attachment that brings a packet chooses the table, which chooses the attachment that takes it. */
export const hubRoutesIn = <F extends Family>(around: Around<F>) => {
  const { places, algebra } = around

  const associated = (place: Place, region: Region<F>, entered: Entered): readonly Way<F>[] => {
    const { attachment } = entered
    const { table } = attachment
    switch (table.kind) {
      case 'none':
        return stops(
          place,
          region,
          said(attachment, 'is associated with no table of the hub: what it brings goes nowhere'),
        )
      case 'table':
        return inTable(place, region, table.id, entered)
      case 'unknown': {
        const why = { stage: 'fabric', why: table.why, settledBy: table.settledBy }
        if (table.likely === null) return isOpen(place, region, why)
        return inTable(place, region, table.likely, entered).map(way => openly(way, why))
      }
    }
  }

  const inTable = (from: Place, region: Region<F>, id: string, entered: Entered): readonly Way<F>[] => {
    const place = over(from, { hop: 'route-table', id })
    const table = places.hubTables.get(id)
    if (table === undefined) return isOpen(place, region, notRead('the route table', id))
    const key = JSON.stringify([id, entered.from?.zoneNames])
    const open = openRoutes(table).map(openedBy)
    return asking(
      place,
      table,
      key,
      next =>
        groupedBy(table, algebra.family)
          .flatMap(group => {
            const route = group.parts[0]?.route ?? null
            // What leads to one attachment is cut there, together with what becomes of it.
            const isCutLater = place.isWhole && route?.next.kind === 'attachments' && route.next.ids.length === 1
            const taken = isCutLater ? region : algebra.within(region, group.addresses)
            if (algebra.isEmpty(taken)) return []
            if (route === null) return stops(next, taken, said(table, 'has no route for it'))
            const at = as(next, takes(table, group as never, 0))
            const dropped = drops(table, group as never, 0)
            return alongRoute(at, taken, route, dropped, { ...entered, cover: group.addresses })
          })
          .map(way => open.reduce(openly, way)),
      (next, reason) => stops(next, region, reason),
    )
  }

  const alongRoute = (
    place: Place,
    region: Region<F>,
    { next }: HubRoute,
    dropped: Grounds,
    entered: Taken<F>,
  ): readonly Way<F>[] => {
    switch (next.kind) {
      case 'nowhere':
        return stops(place, region, dropped)
      case 'unknown':
        return isOpen(place, region, { stage: 'fabric', why: next.why, settledBy: next.settledBy })
      case 'attachments':
        return oneOf(
          algebra,
          next.ids.map(id => exits(place, region, id, entered)),
          severalWays(next.ids),
        )
    }
  }

  const takes = groundsOf<HubRoute>(
    (route, isAlone) => `takes it ${towards(route)}${isAlone ? '' : ', as other routes do'}`,
  )
  const drops = groundsOf<HubRoute>(() => 'has a route for it that drops what it takes')
  const exits = hubExitsIn(around, associated)
  return { associated }
}

const towards = ({ next }: HubRoute): string =>
  next.kind === 'attachments' ? `to ${named(next.ids)}` : next.kind === 'nowhere' ? 'nowhere' : 'somewhere'

const named = (ids: readonly string[]): string => ids.map(id => `\`${id}\``).join(' or ')

const openedBy = ({ next }: HubRoute): Unknown =>
  next.kind === 'unknown'
    ? { stage: 'fabric', why: next.why, settledBy: next.settledBy }
    : {
        stage: 'fabric',
        why: 'a route of the hub is for addresses that were not read',
        settledBy: 'the list of prefixes that the route names',
      }

const severalWays = (ids: readonly string[]): Unknown => ({
  stage: 'fabric',
  why: `one route leads to ${named(ids)}: which of them takes it is not told`,
  settledBy: 'a probe',
})
