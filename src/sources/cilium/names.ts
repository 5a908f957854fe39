import { field, type Json, text } from '../../model/json.ts'
import type { Tri } from '../../model/profile.ts'
import type { Doubt } from '../../model/rule.ts'
import { type NamePattern, readName, readNamePattern } from '../../sets/name-pattern.ts'
import { type CiliumContext, since } from './context.ts'

/** Names that are meant for certain, and all that may be meant. */
export interface Names {
  readonly sure: readonly NamePattern[]
  /** Beyond `sure`. */
  readonly maybe: readonly NamePattern[]
  readonly why: readonly string[]
}

export const NO_NAMES: Names = { sure: [], maybe: [], why: [] }

export const allNames = (parts: readonly Names[]): Names => ({
  sure: parts.flatMap(part => part.sure),
  maybe: parts.flatMap(part => part.maybe),
  why: parts.flatMap(part => part.why),
})

export const namesDoubt = (names: Names): Doubt => ({
  level: 'unknown',
  why: names.why.join('; '),
  settledBy: 'the version of Cilium, or a pattern that all versions read alike',
})

/** `{ matchName }` or `{ matchPattern }`; a DNS rule may have both. */
export const nameSelector = (selector: Json, context: CiliumContext): Names => {
  const name = text(field(selector, 'matchName')) ?? ''
  const pattern = text(field(selector, 'matchPattern')) ?? ''
  return allNames([name === '' ? NO_NAMES : exact(name), pattern === '' ? NO_NAMES : ciliumPattern(pattern, context)])
}

const exact = (name: string): Names => {
  const read = readName(name)
  if (read.kind === 'refused') return unread(read.why)
  const pattern = readNamePattern(read.value)
  return pattern.kind === 'refused' ? unread(pattern.why) : { ...NO_NAMES, sure: [pattern.value] }
}

/**
 * `*` is any run of characters inside one label, in any place and written once or more; alone it is every name. From 1.19 a
 * prefix `**.` is one or more labels, before it was one. Cilium's `*` may be empty where it is a whole label; as no name has
 * an empty label, that is no difference. Source: docs.cilium.io, "DNS based"; pkg/fqdn/matchpattern, ToAnchoredRegexp.
 */
export const ciliumPattern = (written: string, context: CiliumContext): Names => {
  if (written === '*') return one('*')
  const newer = since(context, 19)
  const prefix = /^\*{2,}\./.exec(written)?.[0] ?? ''
  if (/^\*+\.?$/.test(written)) return byVersion('*', '*', written, newer)
  const narrow = written.replace(/\*+/g, '*')
  return prefix === ''
    ? one(narrow)
    : byVersion(narrow, `**.${written.slice(prefix.length).replace(/\*+/g, '*')}`, written, newer)
}

/**
 * A server name of `serverNames`. Exact until 1.17; `*.` and `**.` as a prefix since 1.18, which mean what they mean in names
 * since 1.19; a wildcard in any place since 1.20, and in later patches before it.
 * Source: cilium/cilium pull requests 38615 and 43674; cilium/proxy pull request 1242.
 */
export const serverName = (written: string, context: CiliumContext): Names => {
  if (!written.includes('*')) return exact(written)
  const wide = ciliumPattern(written, { ...context, version: [1, 20] })
  const known = since(context, /^\*{1,2}\.[^*]+$/.test(written) ? 18 : 20)
  if (known === 'yes') return wide
  if (since(context, 18) === 'no') return NO_NAMES
  const why = `which versions take \`${written}\` as a server name differs, and the version is not known`
  return { sure: [], maybe: [...wide.sure, ...wide.maybe], why: [...wide.why, why] }
}

const one = (pattern: string): Names => {
  const read = readNamePattern(pattern)
  return read.kind === 'refused' ? unread(read.why) : { ...NO_NAMES, sure: [read.value] }
}

const byVersion = (older: string, wider: string, written: string, newer: Tri): Names => {
  // `*` alone is one label in the older reading: the shortest pattern for it is not what readNamePattern takes `*` for.
  const narrow: Names = older === '*' ? { ...NO_NAMES, sure: [ONE_LABEL] } : one(older)
  const wide = one(wider)
  if (newer === 'yes') return wide
  if (newer === 'no') return narrow
  const why = `\`${written}\` means names of any depth from 1.19, one label before, and the version is not known`
  return { sure: narrow.sure, maybe: [...narrow.maybe, ...wide.sure, ...wide.maybe], why: [...narrow.why, why] }
}

const ONE_LABEL: NamePattern = { kind: 'labels', below: false, labels: ['*'] }

/** A name that cannot be read may be any. */
const unread = (why: string): Names => ({ sure: [], maybe: [{ kind: 'every' }], why: [why] })
