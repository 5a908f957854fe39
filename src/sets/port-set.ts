import { type BooleanAlgebra, quoted, type Reading, readAs, refuse } from './algebra.ts'
import { type IntervalSet, intervalAlgebra, unionOfMany } from './interval-set.ts'

/** A set of ports from 1 to 65535: port 0 is never on the wire as a destination. */
export interface PortSet extends IntervalSet {
  readonly kind: 'ports'
}

export const portSets: BooleanAlgebra<PortSet> = intervalAlgebra(1, Uint32Array.of(1, 65536), bounds => ({
  kind: 'ports',
  bounds,
}))

/** Both ends are inside. */
export const portRange = (first: number, last: number = first): Reading<PortSet> => {
  for (const port of [first, last])
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      return refuse(`port ${quoted(String(port))} is not a whole number from 1 to 65535: correct it`)
  if (first > last)
    return refuse(`the range ${quoted(`${first}-${last}`)} ends before it starts: write the lower port first`)
  return readAs({ kind: 'ports', bounds: Uint32Array.of(first, last + 1) })
}

export const unionOfPorts = (sets: readonly PortSet[]): PortSet => ({
  kind: 'ports',
  bounds: unionOfMany(
    1,
    sets.map(set => set.bounds),
  ),
})

/** Canonical text: ascending, `80,443,8000-8080`; empty text for no port. */
export const printPorts = (set: PortSet): string => printIntervals(set)

export const printIntervals = ({ bounds }: IntervalSet): string => {
  const parts: string[] = []
  for (let i = 0; i < bounds.length; i += 2) {
    const first = bounds[i] as number
    const last = (bounds[i + 1] as number) - 1
    parts.push(first === last ? `${first}` : `${first}-${last}`)
  }
  return parts.join(',')
}

/** Ports and ranges in any order, overlapping too. */
export const readPorts = (text: string): Reading<PortSet> => {
  if (text === '') return readAs(portSets.empty)
  const sets: PortSet[] = []
  for (const part of text.split(',')) {
    const [, first, last = first] = /^(0|[1-9]\d{0,5})(?:-(0|[1-9]\d{0,5}))?$/.exec(part.trim()) ?? []
    if (first === undefined)
      return refuse(`${quoted(part)} is not a port or a range of ports: write them like \`80,443,8000-8080\``)
    const read = portRange(Number(first), Number(last))
    if (read.kind === 'refused') return read
    sets.push(read.value)
  }
  return readAs(unionOfPorts(sets))
}
