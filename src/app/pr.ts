import { splitDeclared } from '../intent/split.ts'
import type { RegionChange } from '../model/diff.ts'
import { idOf } from '../model/identity.ts'
import { compareText } from '../model/order.ts'
import type { DeclaredChange, OwnedChange, ProposedChange } from '../model/pr.ts'
import { diffOf, leaves, type NamedEstate } from './diff.ts'
import { dayOf } from './intent.ts'
import type { PossibleOptions } from './possible.ts'
import { partOf, placesOf, type SaidOf, saidIn } from './pr-parts.ts'
import { withdrawnIn } from './withdrawn.ts'

/** What of a change is declared once it is made. Errors: none; what could not be read stands in `diagnostics`. */
export const proposedChange = (
  before: NamedEstate,
  after: NamedEstate,
  options: PossibleOptions & { readonly now: string },
): ProposedChange => {
  const { gained, lost, coverage, diagnostics } = diffOf(before, after, options)
  const today = dayOf(options.now)
  const { estate } = after.loaded
  const [said, saidBefore] = [saidIn(estate, today), saidIn(before.loaded.estate, today)]
  const owned =
    (by: typeof said) =>
    (change: RegionChange): OwnedChange => ({ ...change, owner: by(change.workload)?.owner ?? null })
  const opened = gained.filter(change => leaves(change)).map(owned(said))
  const outside = opened.map(change => judged(change, said(change.workload)))
  return {
    schema: 'postern.dev/change/v1',
    now: options.now,
    before: before.source,
    after: after.source,
    intents: estate.intents.intents.length,
    undeclared: outside.flatMap(one => one.undeclared),
    declared: outside.flatMap(one => one.declared),
    withdrawn: withdrawnIn(after.loaded, options, { said, saidBefore, opened }),
    inside: gained.filter(change => !leaves(change)).map(owned(said)),
    closed: lost.map(owned(saidBefore)),
    coverage,
    diagnostics,
  }
}

/** Cuts what was gained into what is declared and what is not. */
const judged = (
  change: OwnedChange,
  said: SaidOf | null,
): { readonly undeclared: readonly OwnedChange[]; readonly declared: readonly DeclaredChange[] } => {
  const places = placesOf(change)
  if (said === null || places === null) return { undeclared: [change], declared: [] }
  const { known, left } = splitDeclared(said.declared, places)
  const intents = [...new Set(said.declarations.map(({ intent }) => idOf(intent.ref).replace(/^-\//, '')))].sort(
    compareText,
  )
  return {
    undeclared: left.map(part => partOf(change, part)),
    declared: known.map(part => ({ ...partOf(change, part), intents })),
  }
}
