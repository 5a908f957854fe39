import { blockOf } from '../engine/ground.ts'
import type { Answer } from '../model/answer.ts'
import type { Fabric } from '../model/fabric.ts'
import type { Exit, Verdict } from '../model/reach.ts'
import { type Addresses, addressesOfCidrs } from '../sets/addresses.ts'
import type { Traffic } from '../sets/traffic.ts'
import { UNKNOWN_EXIT } from './entry-writer.ts'
import { partsIn, type Sender } from './fabric-parts.ts'
import type { LoadedEstate } from './load.ts'
import { agreed, returnStage } from './question-stages.ts'
import { distinct } from './reasons.ts'
import { isNamed, QuestionError, readQuestion, several } from './target.ts'

/** A question from an object of a cloud; null where FROM names none. Errors: QuestionError, as `can`. */
export const canFromFabric = (loaded: LoadedEstate, from: string, to: string): Answer | null => {
  const { fabric } = loaded.estate
  const sender = sendersNamed(fabric, from)
  if (sender === null) return null
  const { addresses, traffic } = placesAsked(loaded, to)
  const parts = sender.starts.flatMap(start => [
    ...partsIn(loaded, start, 4, addresses, traffic),
    ...partsIn(loaded, start, 6, addresses, traffic),
  ])
  const verdict = agreed<Verdict | 'mixed'>(
    parts.map(({ part }) => part.verdict),
    'mixed',
    'unknown',
  )
  const unknowns = distinct(
    parts.flatMap(({ part }) => part.unknowns),
    asText,
  )
  return {
    schema: 'postern.dev/answer/v1',
    from: sender.id,
    to,
    verdict,
    enforcement: 'enforced',
    stages: [
      {
        stage: 'fabric',
        verdict: verdict === 'mixed' ? 'unknown' : verdict,
        because: distinct(
          parts.flatMap(({ part }) => part.because),
          asText,
        ),
        hops: parts[0]?.way.hops ?? [],
      },
      returnStage(
        parts.map(({ back }) => back),
        loaded.lineOf,
      ),
    ],
    exit: exitOf(parts.map(({ way }) => way.exit)),
    relays: [],
    witness: parts.find(({ part }) => part.verdict === verdict || verdict === 'mixed')?.part.witness ?? null,
    unknowns,
    parts: parts.map(({ part }) => part),
    openedBy: [],
    coverage: loaded.estate.coverage,
    diagnostics: loaded.estate.diagnostics,
  }
}

/** An interface, a machine with all its interfaces, a subnet, or what runs without a machine of its own. */
const sendersNamed = (
  { interfaces, subnets, managed }: Fabric,
  text: string,
): { readonly id: string; readonly starts: readonly Sender[] } | null => {
  const found = new Map<string, Sender[]>()
  const put = (id: string, start: Sender): void => {
    if (isNamed(id, text)) found.set(id, [...(found.get(id) ?? []), start])
  }
  for (const one of managed) put(one.id, { kind: 'managed', of: one, variant: null })
  const isManaged = new Set(managed.map(({ id }) => id))
  for (const one of interfaces) {
    put(one.id, { kind: 'interface', of: one, variant: null })
    if (one.of !== null && !isManaged.has(one.of)) put(one.of, { kind: 'interface', of: one, variant: null })
  }
  for (const one of subnets) put(one.id, { kind: 'subnet', of: one, variant: null })
  const [only, ...more] = found
  if (only === undefined) return null
  if (more.length > 0) throw new QuestionError(several(text, [...found.keys()]))
  const [id, starts] = only
  return { id, starts: starts.map(start => ({ ...start, variant: starts.length > 1 ? start.of.id : null })) }
}

/** Addresses as they are written, or those that an object of the estate has. */
const placesAsked = (
  { estate }: LoadedEstate,
  to: string,
): { readonly addresses: Addresses; readonly traffic: Traffic } => {
  const held = addressesNamed(estate.fabric, to)
  if (held !== null)
    return { addresses: held.addresses, traffic: readQuestion(`0.0.0.0/0${held.ports}`, estate).traffic }
  const { target, traffic } = readQuestion(to, estate)
  switch (target.kind) {
    case 'addresses':
      return { addresses: target.addresses, traffic }
    case 'workload':
    case 'service':
    case 'node':
    case 'name':
      throw new QuestionError(`\`${to}\`: from an object of a cloud, ask for an address, a CIDR or another such object`)
  }
}

/** `aws:instance/i-0a1:443/tcp`: an id holds colons of its own, so the longest one that is known counts. */
const addressesNamed = (
  { interfaces }: Fabric,
  text: string,
): { readonly addresses: Addresses; readonly ports: string } | null => {
  const ids = [...new Set(interfaces.flatMap(({ id, of }) => (of === null ? [id] : [id, of])))]
  const id = ids.filter(one => text === one || text.startsWith(`${one}:`)).sort((a, b) => b.length - a.length)[0]
  if (id === undefined) return null
  const all = interfaces.filter(one => one.id === id || one.of === id).flatMap(one => one.addresses)
  return {
    addresses: addressesOfCidrs(all.map(blockOf)),
    ports: text.slice(id.length),
  }
}

const asText = (value: unknown): string => JSON.stringify(value)

const exitOf = (exits: readonly Exit[]): Exit => {
  const [only, ...more] = distinct(exits, asText)
  return only !== undefined && more.length === 0 ? only : UNKNOWN_EXIT
}
