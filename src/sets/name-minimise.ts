import { automatonBuilder, EMPTY_AUTOMATON, type NameAutomaton, SYMBOLS, stateCount } from './name-automaton.ts'
import { refinablePartition } from './refinable-partition.ts'

/**
 * The one smallest automaton of the same names, its states numbered in the order in which reading reaches them: equal sets
 * have equal automata. Every state given must be reachable.
 */
export const minimised = (automaton: NameAutomaton): NameAutomaton => {
  const live = trimmed(automaton)
  if (live === null) return EMPTY_AUTOMATON
  const blockOf = equivalence(live)
  return renumbered(live, blockOf)
}

/** Edges by the state they lead to: those into `s` stand from `first[s]` on. */
const incoming = ({ targets }: NameAutomaton, states: number): { first: Uint32Array; edges: Uint32Array } => {
  const first = new Uint32Array(states + 1)
  for (const target of targets) first[target + 1] = (first[target + 1] as number) + 1
  for (let s = 0; s < states; s++) first[s + 1] = (first[s + 1] as number) + (first[s] as number)
  const next = first.slice()
  const edges = new Uint32Array(targets.length)
  for (let edge = 0; edge < targets.length; edge++) {
    const target = targets[edge] as number
    const place = next[target] as number
    edges[place] = edge
    next[target] = place + 1
  }
  return { first, edges }
}

const sourcesOf = ({ first, symbols }: NameAutomaton, states: number): Uint32Array => {
  const sources = new Uint32Array(symbols.length)
  for (let s = 0; s < states; s++) sources.fill(s, first[s], first[s + 1])
  return sources
}

/** Without the states from which no name is accepted; null if that leaves no name. */
const trimmed = (automaton: NameAutomaton): NameAutomaton | null => {
  const states = stateCount(automaton)
  const into = incoming(automaton, states)
  const sources = sourcesOf(automaton, states)
  const alive = automaton.accepts.slice()
  const stack: number[] = []
  for (let s = 0; s < states; s++) if (alive[s] === 1) stack.push(s)
  for (let s = stack.pop(); s !== undefined; s = stack.pop())
    for (let i = into.first[s] as number; i < (into.first[s + 1] as number); i++) {
      const source = sources[into.edges[i] as number] as number
      if (alive[source] === 1) continue
      alive[source] = 1
      stack.push(source)
    }
  if (alive[0] === 0) return null
  const numbers = new Uint32Array(states)
  let count = 0
  for (let s = 0; s < states; s++) if (alive[s] === 1) numbers[s] = count++
  if (count === states) return automaton
  const { edge, close, built } = automatonBuilder()
  for (let s = 0; s < states; s++) {
    if (alive[s] === 0) continue
    for (let e = automaton.first[s] as number; e < (automaton.first[s + 1] as number); e++) {
      const target = automaton.targets[e] as number
      if (alive[target] === 1) edge(automaton.symbols[e] as number, numbers[target] as number)
    }
    close(automaton.accepts[s] === 1)
  }
  return built()
}

/** Which states no name tells apart: both partitions refine each other until neither splits. */
const equivalence = (automaton: NameAutomaton): ((state: number) => number) => {
  const states = stateCount(automaton)
  const sources = sourcesOf(automaton, states)
  const into = incoming(automaton, states)
  const blocks = refinablePartition(states)
  for (let s = 0; s < states; s++) if (automaton.accepts[s] === 1) blocks.mark(s)
  blocks.split()
  const cords = refinablePartition(automaton.symbols.length)
  const bySymbol: number[][] = Array.from({ length: SYMBOLS }, () => [])
  for (const [edge, symbol] of automaton.symbols.entries()) bySymbol[symbol]?.push(edge)
  for (const edges of bySymbol) {
    for (const edge of edges) cords.mark(edge)
    cords.split()
  }
  let block = 1
  for (let cord = 0; cord < cords.sets(); cord++) {
    cords.each(cord, edge => blocks.mark(sources[edge] as number))
    blocks.split()
    for (; block < blocks.sets(); block++) {
      blocks.each(block, state => {
        for (let i = into.first[state] as number; i < (into.first[state + 1] as number); i++)
          cords.mark(into.edges[i] as number)
      })
      cords.split()
    }
  }
  return blocks.setOf
}

/** One state a block, in the order of a walk that takes edges by symbol. */
const renumbered = (automaton: NameAutomaton, blockOf: (state: number) => number): NameAutomaton => {
  const numbers = new Map<number, number>([[blockOf(0), 0]])
  const states = [0]
  const { edge, close, built } = automatonBuilder()
  for (let at = 0; at < states.length; at++) {
    const state = states[at] as number
    for (let e = automaton.first[state] as number; e < (automaton.first[state + 1] as number); e++) {
      const target = automaton.targets[e] as number
      const block = blockOf(target)
      let number = numbers.get(block)
      if (number === undefined) {
        number = states.push(target) - 1
        numbers.set(block, number)
      }
      edge(automaton.symbols[e] as number, number)
    }
    close(automaton.accepts[state] === 1)
  }
  return built()
}
