import { describe, PAGES } from '../findings/catalogue.ts'
import type { Explanation } from '../model/explanation.ts'
import { GLOSSARY } from '../model/glossary.ts'

/** A finding by its id, or a term by its name; else what comes nearest. */
export const explain = (id: string): Explanation => {
  const check = PAGES.find(
    candidate =>
      candidate.id.toLowerCase() === id.toLowerCase() || candidate.id.slice(4).toLowerCase() === id.toLowerCase(),
  )
  if (check !== undefined) return { kind: 'finding', rule: describe(check) }
  const term = GLOSSARY.find(entry => entry.term.toLowerCase() === id.toLowerCase())
  if (term !== undefined) return { kind: 'term', ...term }
  const words = id.toLowerCase()
  const near = [...PAGES.map(candidate => candidate.id), ...GLOSSARY.map(entry => entry.term)].filter(
    name => words.length >= 3 && name.toLowerCase().includes(words),
  )
  return { kind: 'unknown', near: near.slice(0, 5) }
}
