import { dump } from 'js-yaml'
import { inChunks } from './json.ts'

/**
 * `noRefs`: no anchors, so every finding can be cut out and read alone. Texts that any YAML version would read as
 * something else (`on`, `1:30`, `012`, a date) come out quoted, controls as escapes: the dumper's own rule.
 */
const yaml = (value: unknown): string => dump(value, { noRefs: true, lineWidth: -1 })

const indented = (block: string): string =>
  block
    .split('\n')
    .map(line => (line === '' ? line : `  ${line}`))
    .join('\n')

function* pieces(result: object): Iterable<string> {
  for (const [key, value] of Object.entries(result)) {
    if (Array.isArray(value) && value.length > 0) {
      yield `${key}:\n`
      for (const item of value) yield indented(yaml([item]))
    } else {
      yield yaml({ [key]: value })
    }
  }
}

/** Any result whose top-level keys are plain words; one element of a top-level list at a time. */
export const renderYaml = (result: object): Iterable<string> => inChunks(pieces(result))
