import { DEFAULT_SCALAR_STYLE_RULES, dump, SCALAR_STYLE, type ScalarStyleRule } from 'js-yaml'
import { inChunks } from './json.ts'

/**
 * `noRefs`: no anchors, so every finding can be cut out and read alone. Texts that any YAML version would read as
 * something else (`on`, `1:30`, `012`, a date) come out quoted, controls as escapes: the dumper's own rule. Ours: so do
 * characters that hide in an editor or turn its text around.
 */
const yaml = (value: unknown): string =>
  dump(value, { noRefs: true, lineWidth: -1, scalarStyleRules: STYLE_RULES }).replace(HIDDEN, escapeOf)

const HIDDEN = /\p{Cf}/gu

/** Only in double quotes does YAML have escapes. */
const quoteHidden: ScalarStyleRule = layout => {
  if (/\p{Cf}/u.test(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED
}

const STYLE_RULES: readonly ScalarStyleRule[] = [quoteHidden, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)]

const escapeOf = (character: string): string => {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`
}

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
