import type { Severity } from '../model/finding.ts'

/** Colour for a terminal, or its absence: each function returns text of the same width. */
export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly severity: (severity: Severity, text: string) => string
}

const sgr =
  (...codes: readonly number[]) =>
  (text: string): string =>
    `\u001b[${codes.join(';')}m${text}\u001b[0m`

/** The sixteen colours only: they follow the reader's own theme, light or dark. */
const SEVERITY: Readonly<Record<Severity, (text: string) => string>> = {
  critical: sgr(1, 31),
  high: sgr(31),
  medium: sgr(33),
  low: sgr(36),
  info: sgr(2),
}

const plain = (text: string): string => text

export const paintFor = (color: boolean): Paint =>
  color
    ? { bold: sgr(1), dim: sgr(2), severity: (severity, text) => SEVERITY[severity](text) }
    : { bold: plain, dim: plain, severity: (_, text) => text }
