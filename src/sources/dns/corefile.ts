/**
 * The Corefile, CoreDNS's own configuration language: server blocks of plugins, each plugin a line of words with an
 * optional block of its own. Source: coredns.io/manual/configuration and the `forward` and `log` plugin pages.
 */

export interface CorefileBlock {
  /** `.:53`, `example.org:53`, `(snippet)` */
  readonly labels: readonly string[]
  readonly plugins: readonly CorefilePlugin[]
}

export interface CorefilePlugin {
  readonly name: string
  readonly args: readonly string[]
  readonly block: readonly (readonly string[])[]
}

/** Gives what an `import` names: the text of each file or snippet, empty when there is none. */
export type Importer = (pattern: string) => readonly string[]

const MAX_IMPORT_DEPTH = 8

/** Reads server blocks; text that does not parse ends the reading there, as CoreDNS itself would refuse the file. */
export const parseCorefile = (text: string, importer: Importer, depth = 0): readonly CorefileBlock[] => {
  const lines = tokenLines(text)
  const blocks: CorefileBlock[] = []
  const snippets = new Map<string, readonly CorefilePlugin[]>()
  let i = 0
  while (i < lines.length) {
    const line = lines[i] as readonly string[]
    if (line[0] === '}') break
    if (line[0] === 'import') {
      if (depth < MAX_IMPORT_DEPTH) {
        for (const imported of line.slice(1).flatMap(importer))
          blocks.push(...parseCorefile(imported, importer, depth + 1))
      }
      i++
      continue
    }
    const opens = line.at(-1) === '{'
    // A file may hold one block without braces: its first line names the zones.
    const { plugins, next } = readPlugins(lines, i + 1, importer, snippets, depth)
    const labels = (opens ? line.slice(0, -1) : line).flatMap(label => label.split(',')).filter(Boolean)
    const snippet = /^\((.+)\)$/.exec(labels[0] ?? '')
    if (snippet) snippets.set(snippet[1] ?? '', plugins)
    else blocks.push({ labels, plugins })
    i = next
  }
  return blocks
}

/** The plugins of a file that is spliced into a server block (`*.override`). */
export const parsePlugins = (text: string, importer: Importer, depth = 0): readonly CorefilePlugin[] =>
  readPlugins(tokenLines(text), 0, importer, new Map(), depth).plugins

const readPlugins = (
  lines: readonly (readonly string[])[],
  from: number,
  importer: Importer,
  snippets: ReadonlyMap<string, readonly CorefilePlugin[]>,
  depth: number,
): { plugins: readonly CorefilePlugin[]; next: number } => {
  const plugins: CorefilePlugin[] = []
  let i = from
  while (i < lines.length) {
    const line = lines[i] as readonly string[]
    i++
    if (line[0] === '}') break
    if (line[0] === 'import') {
      for (const name of line.slice(1)) {
        const snippet = snippets.get(name)
        if (snippet) plugins.push(...snippet)
        else if (depth < MAX_IMPORT_DEPTH) {
          for (const imported of importer(name)) plugins.push(...parsePlugins(imported, importer, depth + 1))
        }
      }
      continue
    }
    const [name = '', ...rest] = line
    const opens = rest.at(-1) === '{'
    const block: (readonly string[])[] = []
    if (opens) {
      let open = 1
      while (i < lines.length && open > 0) {
        const inner = lines[i] as readonly string[]
        i++
        if (inner[0] === '}') open--
        else {
          if (inner.at(-1) === '{') open++
          block.push(inner.filter(word => word !== '{'))
        }
      }
    }
    plugins.push({ name, args: opens ? rest.slice(0, -1) : rest, block })
  }
  return { plugins, next: i }
}

/** Words of each line; `#` starts a comment, double quotes hold spaces; `}` stands alone. */
const tokenLines = (text: string): readonly (readonly string[])[] =>
  text.split('\n').flatMap(line => {
    const words: string[] = []
    for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
      const word = match[1] ?? match[2] ?? ''
      if (match[2]?.startsWith('#')) break
      words.push(word)
    }
    if (words.length === 0) return []
    const closes = words.length > 1 && words.at(-1) === '}' && !words.includes('{')
    return closes ? [words.slice(0, -1), ['}']] : [words]
  })
