import { field, type Json, texts } from '../../model/json.ts'
import { type Key, unquoted } from './modules.ts'

/** What an expression of the configuration refers to. */
export type Reference =
  /** `key` undefined: which instance is not said; `path` null: which attribute neither. */
  | { readonly kind: 'resource'; readonly type: string; readonly name: string; readonly key?: Key; readonly path: Path }
  | {
      readonly kind: 'module'
      readonly call: string
      readonly key?: Key
      readonly output: string | null
      readonly path: Path
    }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'data'; readonly text: string }
  | { readonly kind: 'index' | 'value' | 'nothing' }
  | { readonly kind: 'unread'; readonly text: string }

/** An attribute’s name; `other`: something inside one. */
export type Path = string | null | { readonly other: string }

/**
 * References come from the most to the least specific, `aws_vpc.a[0].id`, `aws_vpc.a[0]`, `aws_vpc.a`: of each such run the first
 * counts. They tell what an expression uses and nothing of how.
 * Source: Terraform, “JSON Output Format”, Expression Representation.
 */
export const referencesIn = (expression: Json | undefined): readonly Reference[] => {
  const found: Reference[] = []
  let before = ''
  for (const text of texts(field(expression, 'references'))) {
    const isShorter = before.startsWith(text) && /^[.[]/.test(before.slice(text.length))
    if (!isShorter) found.push(referenceOf(text))
    before = text
  }
  return found
}

type Step = { readonly name: string } | { readonly key: Key }

const referenceOf = (text: string): Reference => {
  const steps = stepsOf(text)
  const [first, second, ...rest] = steps ?? []
  if (first === undefined || !('name' in first)) return { kind: 'unread', text }
  switch (first.name) {
    case 'var':
    case 'local':
      if (second === undefined || !('name' in second)) return { kind: 'unread', text }
      return { kind: first.name === 'var' ? 'variable' : 'local', name: second.name }
    case 'count':
      return { kind: 'index' }
    case 'each':
      return second !== undefined && 'name' in second && second.name === 'key' ? { kind: 'index' } : { kind: 'value' }
    case 'path':
    case 'terraform':
      return { kind: 'nothing' }
    case 'data':
      return { kind: 'data', text }
  }
  if (second === undefined || !('name' in second)) return { kind: 'unread', text }
  const [third, ...last] = rest
  const key = third !== undefined && 'key' in third ? { key: third.key } : {}
  const after = third !== undefined && 'key' in third ? last : rest
  if (first.name !== 'module')
    return { kind: 'resource', type: first.name, name: second.name, ...key, path: pathOf(after) }
  const [output, ...inner] = after
  return {
    kind: 'module',
    call: second.name,
    ...key,
    output: output !== undefined && 'name' in output ? output.name : null,
    path: pathOf(inner),
  }
}

const pathOf = ([only, ...more]: readonly Step[]): Path => {
  if (only === undefined) return null
  return 'name' in only && more.length === 0 ? only.name : { other: 'name' in only ? only.name : String(only.key) }
}

const stepsOf = (text: string): readonly Step[] | null => {
  const steps: Step[] = []
  let at = 0
  while (at < text.length) {
    STEP.lastIndex = at
    const match = STEP.exec(text)
    if (match === null) return null
    at = STEP.lastIndex
    const [, name, number, word] = match
    if (name !== undefined) steps.push({ name })
    else steps.push({ key: number === undefined ? unquoted(word ?? '') : Number(number) })
  }
  return steps
}

const STEP = /(?:^|\.)([A-Za-z_][\w-]*)|\[(?:(\d+)|("(?:[^"\\]|\\.)*"))\]/y
