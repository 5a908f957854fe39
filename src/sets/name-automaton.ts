/**
 * A set of names as a deterministic automaton that reads a name from its last character to its first, since what names share
 * is their end. State 0 is the start; a symbol without an edge leads nowhere. The edges of state `s` are those from
 * `first[s]` to `first[s + 1]`, by ascending symbol.
 */
export interface NameAutomaton {
  readonly first: Uint32Array
  readonly symbols: Uint8Array
  readonly targets: Uint32Array
  readonly accepts: Uint8Array
}

/** Symbol 0 is the dot; the others may stand in a label. */
export const ALPHABET = '.-0123456789_abcdefghijklmnopqrstuvwxyz'
export const DOT = 0
export const SYMBOLS = ALPHABET.length

const SYMBOL_OF = new Map(Array.from(ALPHABET, (character, symbol) => [character, symbol]))

/** Errors: a character that patterns refuse is a bug. */
export const symbolOf = (character: string): number => {
  const symbol = SYMBOL_OF.get(character)
  if (symbol === undefined) throw new RangeError(`character ${character} is in no name`)
  return symbol
}

export const stateCount = (automaton: NameAutomaton): number => automaton.accepts.length

export const NO_STATE = -1

/** The state after one symbol, or NO_STATE. */
export const stepOf = ({ first, symbols, targets }: NameAutomaton, state: number, symbol: number): number => {
  for (let edge = first[state] as number; edge < (first[state + 1] as number); edge++)
    if (symbols[edge] === symbol) return targets[edge] as number
  return NO_STATE
}

/** Collects states in the order of their numbers: each state's edges, then `close`. */
export const automatonBuilder = () => {
  const first: number[] = [0]
  const symbols: number[] = []
  const targets: number[] = []
  const accepts: number[] = []
  return {
    edge: (symbol: number, target: number): void => {
      symbols.push(symbol)
      targets.push(target)
    },
    close: (accepting: boolean): void => {
      accepts.push(accepting ? 1 : 0)
      first.push(symbols.length)
    },
    built: (): NameAutomaton => ({
      first: Uint32Array.from(first),
      symbols: Uint8Array.from(symbols),
      targets: Uint32Array.from(targets),
      accepts: Uint8Array.from(accepts),
    }),
  }
}

export const EMPTY_AUTOMATON: NameAutomaton = (() => {
  const { close, built } = automatonBuilder()
  close(false)
  return built()
})()
