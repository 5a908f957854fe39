import type { ForwardProxyConfig } from '../model/proxy.ts'
import { readRanges } from '../sets/address-text.ts'
import { type Addresses, addressesOfCidrs, bothFamilies } from '../sets/addresses.ts'
import { type AnyCidr, readAddress, readCidr } from '../sets/cidr.ts'
import { type NamePattern, readNamePattern } from '../sets/name-pattern.ts'
import { type PortSet, portSets, readPorts } from '../sets/port-set.ts'

/**
 * What one ACL of a forward proxy asks of a request. `whole` is false where a value could not be read: then it may match more.
 * Source: squid-cache.org/Doc/config/acl; squid, src/acl/Ip.cc, for the texts that mean every address.
 */
export type AclMeaning =
  | { readonly of: 'source' | 'destination'; readonly set: Addresses; readonly whole: boolean }
  | { readonly of: 'port'; readonly set: PortSet; readonly whole: boolean }
  | { readonly of: 'method'; readonly set: ReadonlySet<string> }
  /** `reverse`: an address in the place of the name is looked up backwards. */
  | {
      readonly of: 'name'
      readonly patterns: readonly NamePattern[]
      readonly whole: boolean
      readonly reverse: boolean
    }
  | { readonly of: 'nothing' }
  | { readonly of: 'unknown' }

export const aclMeaning = (config: ForwardProxyConfig, name: string): AclMeaning => {
  const acl = config.acls.get(name)
  if (acl === undefined) return BUILT_IN[name] ?? { of: 'unknown' }
  // A list that stands in a file which was not read may hold anything.
  const isListed = acl.values.length > 0 || config.missingFiles.length === 0
  const values = acl.values.filter(value => !/^-[in]$|^\+i$/.test(value))
  const isWhole = isListed && (config.missingFiles.length === 0 || acl.type === 'method')
  switch (acl.type) {
    case 'src':
      return { of: 'source', ...addressesIn(values, isWhole) }
    case 'dst':
      return { of: 'destination', ...addressesIn(values, isWhole) }
    case 'port':
      return values.length === 0 && config.product === 'tinyproxy'
        ? { of: 'port', set: portSets.full, whole: true }
        : { of: 'port', ...portsIn(values, isWhole) }
    case 'method':
      return { of: 'method', set: new Set(values.map(value => value.toUpperCase())) }
    case 'dstdomain':
      // Tinyproxy's list is a file of expressions that is not read.
      return config.product === 'squid'
        ? { of: 'name', ...namesIn(values, isWhole), reverse: !acl.values.includes('-n') }
        : { of: 'unknown' }
    default:
      return { of: 'unknown' }
  }
}

const addressesIn = (values: readonly string[], isListed: boolean): { set: Addresses; whole: boolean } => {
  let set = bothFamilies.empty
  let whole = isListed
  for (const value of values) {
    const read = addressesOf(value)
    if (read === null) whole = false
    else set = bothFamilies.union(set, read)
  }
  return { set, whole }
}

/** An address, a block, a range, or a word; null for what needs a resolver, or is read in more than one way. */
const addressesOf = (value: string): Addresses | null => {
  if (EVERYBODY.has(value)) return bothFamilies.full
  if (value === 'ipv4') return { ...bothFamilies.empty, v4: bothFamilies.full.v4 }
  if (value === 'ipv6') return { ...bothFamilies.empty, v6: bothFamilies.full.v6 }
  if (value.includes('-')) {
    const range = readRanges([value])
    return range.kind === 'read' ? range.value : null
  }
  const block = blockOf(value)
  return block === null ? null : addressesOfCidrs([block])
}

const blockOf = (value: string): AnyCidr | null => {
  const read = readCidr(value)
  if (read.kind === 'read') return read.value
  const address = readAddress(value)
  return address.kind === 'read' ? ({ ...address.value, prefix: 32 * address.value.words.length } as AnyCidr) : null
}

/** Forms of every address that Squid takes for `all`, both families. */
const EVERYBODY = new Set(['all', '0/0', '0.0.0.0/0', '0.0.0.0/0.0.0.0', '0.0.0.0-255.255.255.255', '::/0'])

const portsIn = (values: readonly string[], isListed: boolean): { set: PortSet; whole: boolean } => {
  let set = portSets.empty
  let whole = isListed
  for (const value of values) {
    const read = readPorts(value)
    if (read.kind === 'refused') whole = false
    else set = portSets.union(set, read.value)
  }
  return { set, whole }
}

/** `.example.com` is the name and everything below it. */
const namesIn = (
  values: readonly string[],
  isListed: boolean,
): { patterns: readonly NamePattern[]; whole: boolean } => {
  const texts = values.flatMap(value => (value.startsWith('.') ? [value.slice(1), `**${value}`] : [value]))
  const read = texts.map(text => (text.includes('*') && !text.startsWith('**.') ? null : readNamePattern(text)))
  return {
    patterns: read.flatMap(one => (one?.kind === 'read' ? [one.value] : [])),
    whole: isListed && read.every(one => one?.kind === 'read'),
  }
}

const blocks = (...texts: readonly string[]): Addresses => addressesOfCidrs(texts.flatMap(text => blockOf(text) ?? []))

/** ACLs that Squid itself defines. */
const BUILT_IN: Readonly<Record<string, AclMeaning>> = {
  all: { of: 'source', set: bothFamilies.full, whole: true },
  localhost: { of: 'source', set: blocks('127.0.0.0/8', '::1'), whole: true },
  to_localhost: { of: 'destination', set: blocks('127.0.0.0/8', '0.0.0.0/32', '::1', '::/128'), whole: true },
  to_linklocal: { of: 'destination', set: blocks('169.254.0.0/16', 'fe80::/10'), whole: true },
  CONNECT: { of: 'method', set: new Set(['CONNECT']) },
  // The proxy's own pages: nothing is forwarded.
  manager: { of: 'nothing' },
}
