import { type Addresses, addressesOfCidrs, bothFamilies } from '../../sets/addresses.ts'
import { type BooleanAlgebra, quoted, type Reading, readAs, refuse } from '../../sets/algebra.ts'
import { readCidr } from '../../sets/cidr.ts'
import { type PortSet, portRange, portSets } from '../../sets/port-set.ts'

/** What names stand for in rules, each without its `$` or `@`. undefined: nobody said. */
export interface Variables {
  readonly addresses: (name: string) => Reading<Addresses> | undefined
  readonly ports: (name: string) => Reading<PortSet> | undefined
}

/** Source: Suricata User Guide, “Rules Format”, Source and destination; Network Firewall API Reference, Header. */
export const readAddresses = (text: string, { addresses }: Variables): Reading<Addresses> =>
  readSet(text, { algebra: bothFamilies, one: addressesIn, named: addresses })

/** Source: Suricata User Guide, “Rules Format”, Ports; Network Firewall API Reference, Header. */
export const readPortsOf = (text: string, { ports }: Variables): Reading<PortSet> =>
  readSet(text, { algebra: portSets, one: portsIn, named: ports })

interface Grammar<S> {
  readonly algebra: BooleanAlgebra<S>
  readonly one: (text: string) => Reading<S>
  readonly named: (name: string) => Reading<S> | undefined
}

/** Deeper brackets are nobody’s. */
const DEEPEST = 8

/** `any`, one, a name, what is not one of these, or some in brackets: of these what any says, without what one says it is not. */
const readSet = <S>(written: string, grammar: Grammar<S>, depth = 0): Reading<S> => {
  const { algebra, one, named } = grammar
  const text = written.trim()
  if (depth > DEEPEST) return refuse(`${quoted(text)} is nested too deep`)
  if (text.toLowerCase() === 'any') return readAs(algebra.full)
  if (text.startsWith('!')) {
    const inner = readSet(text.slice(1), grammar, depth + 1)
    return inner.kind === 'refused' ? inner : readAs(algebra.complement(inner.value))
  }
  if (text.startsWith('$') || text.startsWith('@'))
    return named(text.slice(1)) ?? refuse(`what ${quoted(text)} stands for was not read`)
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const parts = partsOf(inner)
  if (parts.length === 1 && inner === text) return one(text)
  const read = parts.map(part => [part.trim().startsWith('!'), readSet(part, grammar, depth + 1)] as const)
  const refused = read.find(([, { kind }]) => kind === 'refused')?.[1]
  if (refused?.kind === 'refused') return refused
  const sets = read.flatMap(([isNot, set]) => (set.kind === 'read' ? [[isNot, set.value] as const] : []))
  const wanted = sets.filter(([isNot]) => !isNot).map(([, set]) => set)
  const unwanted = sets.filter(([isNot]) => isNot).map(([, set]) => set)
  return readAs(
    unwanted.reduce(
      algebra.intersect,
      wanted.length === 0 ? algebra.full : wanted.reduce(algebra.union, algebra.empty),
    ),
  )
}

/** Split at commas that stand in no brackets. */
const partsOf = (text: string): readonly string[] => {
  const parts: string[] = []
  let [depth, from] = [0, 0]
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++
    if (text[i] === ']') depth--
    if (text[i] !== ',' || depth > 0) continue
    parts.push(text.slice(from, i))
    from = i + 1
  }
  return [...parts, text.slice(from)]
}

const addressesIn = (text: string): Reading<Addresses> => {
  const read = readCidr(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)
  return read.kind === 'refused' ? read : readAs(addressesOfCidrs([read.value]))
}

/** `80`, `8000:8080`, `:1024`, `1024:`. No packet goes to port 0. */
const portsIn = (text: string): Reading<PortSet> => {
  const [, first, isRange, last] = /^(\d{0,5})(:?)(\d{0,5})$/.exec(text) ?? []
  if (first === undefined || (first === '' && last === '')) return refuse(`${quoted(text)} is no port`)
  const from = first === '' ? 1 : Number(first)
  const to = isRange === '' ? from : last === '' ? 65535 : Number(last)
  if (from === 0 && to === 0) return readAs(portSets.empty)
  return portRange(Math.max(from, 1), to)
}
