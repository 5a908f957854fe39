import { field, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import type { Doubt, Peer } from '../../model/rule.ts'
import { type LabelSelector, selectorMatches } from '../../model/selector.ts'
import { addressesOfCidrs } from '../../sets/addresses.ts'
import { type Reading, readAs, refuse } from '../../sets/algebra.ts'
import { type AnyCidr, readAddress, readCidr } from '../../sets/cidr.ts'
import type { CidrGroup, CiliumContext } from './context.ts'
import { readSelector } from './label-selector.ts'
import { anywhere, type Note, nowhereBecause, type Reached, surely, together } from './reached.ts'

/**
 * `toCIDR` and `fromCIDR`: blocks, each with a prefix length. The type would take a bare address; the published schema
 * does not. Source: pkg/policy/api, type CIDR and its validation pattern.
 */
export const cidrPeers = (items: readonly Json[], at: DocumentPath): Reached =>
  blockPeer(
    items.map((item, i) => ({ text: text(item) ?? '', at: [...at, i] })),
    [],
  )

/**
 * `toCIDRSet` and `fromCIDRSet`: a block, or the blocks of groups, but for the exceptions; each item by itself, so that one
 * fills the hole of another. Source: pkg/policy/api, type CIDRRule; docs.cilium.io, "CiliumCIDRGroup".
 */
export const cidrSetPeers = (items: readonly Json[], at: DocumentPath, context: CiliumContext): Reached =>
  together(items.map((item, i) => cidrSetPeer(item, [...at, i], context)))

const cidrSetPeer = (item: Json, at: DocumentPath, context: CiliumContext): Reached => {
  const exceptions = list(field(item, 'except')).map((block, i) => ({
    text: text(block) ?? '',
    at: [...at, 'except', i],
  }))
  const cidr = text(field(item, 'cidr')) ?? ''
  if (cidr !== '') return blockPeer([{ text: cidr, at: [...at, 'cidr'] }], exceptions)
  const ref = text(field(item, 'cidrGroupRef')) ?? ''
  if (ref !== '') {
    const group = context.cidrGroups.get(ref)
    return group === undefined ? noGroup(`group \`${ref}\``, at, context) : groupPeer([group], exceptions, at)
  }
  const selector = field(item, 'cidrGroupSelector')
  const read = readGroupSelector(selector)
  if (read.kind === 'refused')
    return anywhere({ level: 'unknown', why: `cidrGroupSelector ${read.why}`, settledBy: 'cidrGroupRef in its place' })
  const groups = [...context.cidrGroups.values()].filter(group => selectorMatches(read.value, group.labels))
  const chosen = groups.length === 0 ? null : groupPeer(groups, exceptions, at)
  if (chosen === null) return noGroup('any group that the selector chooses', at, context)
  return context.complete ? chosen : together([chosen, anywhere(missing('more groups that the selector chooses'))])
}

/** Without a demand for a label to be there the selector would choose addresses of no group, too. */
const readGroupSelector = (selector: Json | undefined): Reading<LabelSelector> => {
  const read = readSelector(selector)
  if (read.kind === 'refused') return read
  return read.value.some(({ operator }) => operator === 'In' || operator === 'Exists')
    ? readAs({ requirements: read.value })
    : refuse('asks for no label to be there, so that it may choose addresses of no group, too')
}

const groupPeer = (groups: readonly CidrGroup[], exceptions: readonly Written[], at: DocumentPath): Reached =>
  blockPeer(
    groups.flatMap(({ cidrs }) => cidrs.map(block => ({ text: block, at }))),
    exceptions,
  )

const noGroup = (what: string, at: DocumentPath, context: CiliumContext): Reached =>
  context.complete
    ? nowhereBecause(at, `there is no CiliumCIDRGroup for it (${what}): it matches nothing`)
    : anywhere(missing(what))

const missing = (what: string): Doubt => ({
  level: 'unknown',
  why: `${what} may stand in a document that was not given`,
  settledBy: 'the CiliumCIDRGroup objects of the cluster',
})

interface Written {
  readonly text: string
  readonly at: DocumentPath
}

/** One peer of all blocks that can be read; a block or an exception that cannot leaves its addresses open. */
const blockPeer = (blocks: readonly Written[], exceptions: readonly Written[]): Reached => {
  const notes: Note[] = []
  const unread: Peer[] = []
  const read = (written: readonly Written[]): readonly AnyCidr[] =>
    written.flatMap(({ text: block, at }) => {
      const reading = readCidr(block)
      if (reading.kind === 'refused') {
        const doubt: Doubt = { level: 'unknown', why: reading.why, settledBy: 'a block that all readers take alike' }
        unread.push({ kind: 'unknown', doubt })
        return []
      }
      notes.push(...reading.notes.map(why => ({ at, why })))
      return [reading.value]
    })
  const [inside, without] = [read(blocks), read(exceptions)]
  // With an exception unread nothing is certain: what is left of the block may be in it.
  const known = exceptions.length === without.length && (inside.length > 0 || unread.length === 0)
  const peers: Peer[] = known ? [{ kind: 'block', addresses: addressesOfCidrs(inside, without) }] : []
  return { ...surely(...peers, ...unread), notes }
}

/** The single address of an endpoint, as a block. */
export const addressBlock = (address: string): Reading<AnyCidr> => {
  const read = readAddress(address)
  return read.kind === 'refused' ? read : readAs({ ...read.value, prefix: 32 * read.value.words.length } as AnyCidr)
}
