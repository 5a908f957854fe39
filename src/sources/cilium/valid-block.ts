import { field, type Json, list, text } from '../../model/json.ts'
import type { DocumentPath } from '../../model/provenance.ts'
import { words6Of } from '../../sets/address6.ts'
import { addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { readCidr } from '../../sets/cidr.ts'
import { type Fault, fault } from './fault.ts'
import { readSelector } from './label-selector.ts'

/**
 * A block as the agent reads it: Go's netip.ParsePrefix, which takes no leading zeros, no zone and no bare address. It does
 * take IPv4-mapped text, of which Postern says that readers differ: no fault, but no certain addresses either.
 */
export const blockFaults = (block: Json, at: DocumentPath): readonly Fault[] => {
  const written = text(block)
  if (written === undefined) return [fault(at, 'is not text')]
  const read = readCidr(written)
  return read.kind === 'read' || isMapped(written) ? [] : [fault(at, `is no block: ${read.why}`)]
}

const isMapped = (written: string): boolean => {
  const [address = '', prefix = ''] = written.split('/')
  return (
    address.includes(':') && words6Of(address) !== null && /^(0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= 128
  )
}

/** Exactly one of a block, a group and a selector of groups; exceptions inside the block. Source: CIDRRule.Validate. */
export const setFaults = (item: Json, at: DocumentPath): readonly Fault[] => {
  const cidr = field(item, 'cidr')
  const selector = field(item, 'cidrGroupSelector') ?? null
  const written = [text(cidr) ?? '', text(field(item, 'cidrGroupRef')) ?? '', selector === null ? '' : '{}']
  const count = written.filter(value => value !== '').length
  if (count === 0) return [fault(at, 'has none of cidr, cidrGroupRef, cidrGroupSelector')]
  if (count > 1) return [fault(at, 'has more than one of cidr, cidrGroupRef, cidrGroupSelector')]
  const exceptions = list(field(item, 'except'))
  const own = exceptions.flatMap((block, i) => blockFaults(block, [...at, 'except', i]))
  if (selector !== null) {
    const read = readSelector(selector)
    return read.kind === 'refused' ? [fault([...at, 'cidrGroupSelector'], read.why), ...own] : own
  }
  if (written[0] === '') return own
  const whole = readCidr(written[0] ?? '')
  if (whole.kind === 'refused') return [...blockFaults(cidr ?? null, [...at, 'cidr']), ...own]
  const outer = addressesOfCidrs([whole.value])
  return [
    ...own,
    ...exceptions.flatMap((block, i) => {
      const read = readCidr(text(block) ?? '')
      return read.kind === 'refused' || bothFamilies.isSubset(addressesOfCidrs([read.value]), outer)
        ? []
        : [fault([...at, 'except', i], `is not inside \`${written[0]}\``)]
    }),
  ]
}
