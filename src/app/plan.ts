import { describe } from '../findings/catalogue.ts'
import { fabricViewOf } from '../findings/fabric/view.ts'
import { decidingIn } from '../findings/guardrails/deciding.ts'
import { GUARDRAILS } from '../findings/guardrails/g.ts'
import { atFault, type GuardrailSide, type GuardrailView, typeIn } from '../findings/guardrails/guardrail.ts'
import { guardrailResults } from '../findings/guardrails/run.ts'
import { routesTaking } from '../findings/guardrails/taking.ts'
import type { RuleDescription } from '../model/finding.ts'
import type { PlanResult } from '../model/plan.ts'
import type { Family } from '../sets/cidr.ts'
import { type TrafficTable, trafficTable } from '../sets/traffic-table.ts'
import { type LoadedEstate, loadEstate, openingOnce, type SourceArgument } from './load.ts'
import { clustersIn } from './plan-clusters.ts'
import { plansIn } from './plan-documents.ts'
import { entriesOf, type Telling, toldIn } from './plan-entries.ts'
import { withoutGone } from './plan-gone.ts'
import type { PlanDocument } from './plan-resources.ts'
import { type PlanSide, planSide } from './plan-sides.ts'
import { idsOnWays, wayChangesIn } from './plan-ways.ts'

/** Every guardrail as text, for outputs that carry their rules. */
export const GUARDRAIL_RULES: readonly RuleDescription[] = GUARDRAILS.map(describe)

export interface PlanOptions {
  readonly now: string
  readonly baseline: ReadonlySet<string>
}

/** null: no SOURCE is a plan, nor one that was refused. */
export const plan = (sources: readonly SourceArgument[], options: PlanOptions): PlanResult | null => {
  const open = openingOnce()
  const { plans, refused } = plansIn(sources, open)
  const after = loadEstate(sources, 'topmost', 'after', open)
  if (plans.length === 0) return refused === 0 ? null : planResult(after, after, [], options)
  return planResult(loadEstate(sources, 'topmost', 'before', open), after, plans, options)
}

/** What plans bring, from the networks before and after them. */
export const planResult = (
  before: Pick<LoadedEstate, 'estate'>,
  after: Pick<LoadedEstate, 'estate'>,
  plans: readonly PlanDocument[],
  { now, baseline }: PlanOptions,
): PlanResult => {
  const { coverage, diagnostics } = after.estate
  const resources = plans.flatMap(one => one.resources)
  const was = planSide(before.estate, plans)
  const deleted = resources.filter(one => one.before !== null && one.actions.includes('delete'))
  const is = planSide(withoutGone(after.estate, was, new Set(deleted.map(({ address }) => address))), plans)
  const deciding = decidingIn(resources, id =>
    [was, is].flatMap(side => {
      const object = side.object(id)
      return object === undefined ? [] : (side.addressOf(object) ?? [])
    }),
  )
  const view = {
    before: sideOf(was, now),
    after: sideOf(is, now),
    resources,
    deciding,
  }
  const { gained, lost, unresolved, untold } = changesBetween(was, is, view)
  const judged = guardrailResults(
    { ...view, untold: untold.map(one => ({ ...one, address: one.address ?? one.from[0] ?? '' })) },
    { now, baseline },
  )
  return {
    schema: 'postern.dev/plan/v1',
    now,
    plans: plans.map(({ file }) => file),
    changes: resources.filter(({ actions }) => actions.length > 0).length,
    guardrails: judged,
    gained,
    lost,
    unresolved,
    coverage,
    diagnostics,
  }
}

const sideOf = ({ estate, sameAs }: PlanSide, now: string): GuardrailSide => ({
  view: fabricViewOf(estate, now.slice(0, 10)),
  sameAs,
})

const changesBetween = (was: PlanSide, is: PlanSide, view: Omit<GuardrailView, 'untold'>) => {
  const { deciding } = view
  const views = [view.before, view.after]
  const typeOf = typeIn(view)
  const table = trafficTable()
  const clusters = {
    was: clustersIn(was.estate.fabric, was.estate.clusters),
    is: clustersIn(is.estate.fabric, is.estate.clusters),
  }
  const telling: Telling = {
    nameOf: start => (is.object(start.of.id) === undefined ? was : is).nameOf(start),
    clustersIn: subnet => (is.object(subnet) === undefined ? clusters.was(subnet) : clusters.is(subnet)),
    deciding: (change, addresses) => {
      const ids = idsOnWays(change)
      return deciding({ ids, routes: views.flatMap(({ view }) => routesTaking(view, ids, addresses)) })
    },
    atFault: addresses => atFault(addresses, typeOf),
  }
  return entriesOf([...toldOf(was, is, 4, table, telling), ...toldOf(was, is, 6, table, telling)], telling)
}

const toldOf = <F extends Family>(was: PlanSide, is: PlanSide, family: F, table: TrafficTable, telling: Telling) =>
  toldIn(wayChangesIn(was, is, family, table), family, table, bothFabrics(was, is), telling)

/** Networks that go away have their ranges, too. */
const bothFabrics = (was: PlanSide, is: PlanSide) => {
  const [a, b] = [was.estate.fabric, is.estate.fabric]
  return {
    ...b,
    networks: [...a.networks, ...b.networks],
    subnets: [...a.subnets, ...b.subnets],
    peerings: [...a.peerings, ...b.peerings],
  }
}
