/** Instance of a module: `module.a["x"].module.b[0]`; the root’s address is empty. */
export interface ModuleInstance {
  readonly address: string
  /** null: the root. */
  readonly parent: ModuleInstance | null
  /** As its parent calls it. */
  readonly call: string
  readonly key: Key | null
  /** Names of calls down to it: where its configuration stands. */
  readonly path: string
  readonly depth: number
}

/** What `count` and `for_each` number or name instances by. */
export type Key = string | number

const ROOT: ModuleInstance = { address: '', parent: null, call: '', key: null, path: '', depth: 0 }

/** Nobody nests modules so deep. */
export const DEEPEST = 60

/**
 * Module instances by their addresses, each once. null: an address that is none, or too deep.
 * Source: Terraform, “Resource Addressing”.
 */
export const moduleReader = (): ((address: string) => ModuleInstance | null) => {
  const known = new Map<string, ModuleInstance | null>([['', ROOT]])
  const read = (address: string): ModuleInstance | null => {
    let here: ModuleInstance = ROOT
    let at = 0
    while (at < address.length) {
      STEP.lastIndex = at
      const match = STEP.exec(address)
      if (match === null || here.depth >= DEEPEST) return null
      at = STEP.lastIndex
      const [, call = '', number, word] = match
      const upTo = address.slice(0, address[at - 1] === '.' ? at - 1 : at)
      const next: ModuleInstance = known.get(upTo) ?? {
        address: upTo,
        parent: here,
        call,
        key: number === undefined ? (word === undefined ? null : unquoted(word)) : Number(number),
        path: here.path === '' ? call : `${here.path}.${call}`,
        depth: here.depth + 1,
      }
      known.set(upTo, next)
      here = next
    }
    return here
  }
  return address => {
    const before = known.get(address)
    if (before !== undefined) return before
    const found = read(address)
    known.set(address, found)
    return found
  }
}

const STEP = /module\.([A-Za-z_][\w-]*)(?:\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\])?(?:\.(?=module\.)|$)/y

/** Keys are written as quoted words; one that nobody can read is taken as it stands. */
export const unquoted = (quoted: string): string => {
  try {
    const read: unknown = JSON.parse(quoted)
    return typeof read === 'string' ? read : quoted
  } catch {
    return quoted
  }
}
