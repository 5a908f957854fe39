import { dump } from 'js-yaml'
import type { DraftResult } from '../model/draft.ts'
import { visible } from './text-safety.ts'

/** Drafts as the files that a person goes on with: one document each, what to look at first in comments. */
export function* renderDrafts({ intents, now }: DraftResult): Iterable<string> {
  yield `# Drafted on ${now.slice(0, 10)} from what policy lets leave. Keep what is needed, close the rest,\n# and say of each entry what it is for.\n`
  for (const { notes, document } of intents) {
    const comments = notes.map(note => `# ${visible(note)}\n`).join('')
    yield `---\n${comments}${dump(document, { noRefs: true, lineWidth: 120, flowLevel: 4 })}`
  }
}
